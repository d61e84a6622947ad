"""The three processes of the house, and what each is told by its environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from ops import supervisor
from ops.commands import clean_surroundings
from ops.places import CACHE, ROOT
from ops.ports import free_ports
from ops.supervisor import Program, Supervisor


@dataclass(frozen=True)
class House:
    """What one running copy is made of."""

    bot: Path
    app: Path
    model: Path
    release: str
    data: Path
    host: str
    port: int

    @property
    def address(self) -> str:
        """Where a browser on this machine finds it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - only compared
        return f"http://{host}:{self.port}"


def start(house: House) -> Supervisor:
    """Starts Rasa, the action server and the API under the supervisor."""
    programs = [
        Program("rasa", (str(house.bot), "-m", "bot.server"), steady_after=10),
        Program("actions", (str(house.app), "-m", "actions.server"), steady_after=4),
        Program("api", (str(house.app), "-m", "api.server"), steady_after=4),
    ]
    return supervisor.start(programs, house.app, house.data, surroundings(house))


def surroundings(house: House) -> dict[str, str]:
    """The environment of all processes: free inner ports on loopback, and a secret made for this start."""
    rasa, actions = free_ports(2)
    return clean_surroundings(
        PYTHONPATH=os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        HOST=house.host,
        PORT=str(house.port),
        DATA_DIR=str(house.data),
        MODEL_PATH=str(house.model),
        RELEASE_ID=house.release,
        RASA_PORT=str(rasa),
        RASA_URL=f"http://127.0.0.1:{rasa}",
        ACTIONS_PORT=str(actions),
        ACTIONS_URL=f"http://127.0.0.1:{actions}",
        TRACKER_DB=os.environ.get("TRACKER_DB") or f"sqlite:///{house.data / 'dialogue.db'}",
        INTERNAL_SECRET=secrets.token_urlsafe(32),
        EMBEDDING_CACHE=str(CACHE / "embeddings"),
        RASA_TELEMETRY_ENABLED="false",
        SANIC_HOST="127.0.0.1",
        TF_CPP_MIN_LOG_LEVEL="3",
        MALLOC_ARENA_MAX="2",
        PYTHONUTF8="1",
        PYTHONUNBUFFERED="1",
        PYTHONWARNINGS="ignore",
    )

"""Starts Rasa, the action server and the API under supervisord, which restarts what dies and stops all together."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.places import CACHE, ROOT
from ops.say import SetupError

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
STOP_SECONDS = 4

CONFIGURATION = """[supervisord]
nodaemon=true
silent=true
logfile={run}/supervisord.log
pidfile={run}/supervisord.pid
childlogdir={logs}

[group:house]
programs=rasa,actions,api

{programs}
[eventlistener:watch]
command={app} -m ops.stop_when_fatal {run}/reason
events=PROCESS_STATE_FATAL
directory={root}
"""
PROGRAM = """[program:{name}]
command=setpriv --pdeathsig KILL {python} -m {module}
directory={root}
autorestart=true
startsecs={starts}
startretries=3
stopsignal=TERM
stopwaitsecs={stop}
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=3

"""


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


def start(house: House) -> subprocess.Popen[bytes]:
    """Starts supervisord with the three processes; it dies with us."""
    run, logs = house.data / "run", house.data / "logs"
    for folder in (run, logs):
        folder.mkdir(parents=True, exist_ok=True)
    (run / "reason").unlink(missing_ok=True)
    configuration = run / "supervisord.conf"
    configuration.write_text(configured(house, run, logs), encoding="utf-8")
    command = [str(house.app.parent / "supervisord"), "-c", str(configuration)]
    return subprocess.Popen(
        command, cwd=ROOT, env=surroundings(house), preexec_fn=_die_with_parent, start_new_session=True
    )


def stop(supervisor: subprocess.Popen[bytes], seconds: float = STOP_SECONDS + 3) -> None:
    """Stops everything; what does not obey within the time is killed with all its children."""
    if supervisor.poll() is None:
        supervisor.send_signal(signal.SIGTERM)
        try:
            supervisor.wait(seconds)
        except subprocess.TimeoutExpired:
            supervisor.kill()
            supervisor.wait()


def configured(house: House, run: Path, logs: Path) -> str:
    """supervisord's configuration for this copy."""
    programs = [("rasa", house.bot, "bot.server", 5), ("actions", house.app, "actions.server", 2)]
    programs.append(("api", house.app, "api.server", 2))
    written = "".join(
        PROGRAM.format(name=n, python=p, module=m, starts=s, root=ROOT, logs=logs, stop=STOP_SECONDS)
        for n, p, m, s in programs
    )
    return CONFIGURATION.format(programs=written, app=house.app, root=ROOT, run=run, logs=logs).replace("%", "%%")


def surroundings(house: House) -> dict[str, str]:
    """The environment of all processes: free inner ports on loopback, and a secret made for this start."""
    rasa, actions = free_ports(2)
    settings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "HOST": house.host,
        "PORT": str(house.port),
        "DATA_DIR": str(house.data),
        "MODEL_PATH": str(house.model),
        "RELEASE_ID": house.release,
        "RASA_PORT": str(rasa),
        "RASA_URL": f"http://127.0.0.1:{rasa}",
        "ACTIONS_PORT": str(actions),
        "ACTIONS_URL": f"http://127.0.0.1:{actions}",
        "TRACKER_DB": os.environ.get("TRACKER_DB", f"sqlite:///{house.data / 'dialogue.db'}"),
        "INTERNAL_SECRET": secrets.token_urlsafe(32),
        "EMBEDDING_CACHE": str(CACHE / "embeddings"),
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": "127.0.0.1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONWARNINGS": "ignore",
    }
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    return settings


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody uses now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def check_port(host: str, port: int) -> None:
    """Says so when somebody else listens on our port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(
                f"ポート {port} はもう使われています。\n  別のポートで「PORT={port + 1} make run」と打ってください。"
            ) from error


def _die_with_parent() -> None:
    ctypes.CDLL("libc.so.6", use_errno=True).prctl(DIE_WITH_PARENT, signal.SIGTERM)

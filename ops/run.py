"""`make run`: sets everything up, starts the house, and prints its address once it is ready."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from ops import processes
from ops.environments import environment, run
from ops.places import ROOT, data_dir
from ops.processes import House
from ops.release import release_id
from ops.say import SetupError, note, step, stop_with
from ops.training import model

READY_SECONDS = 120
NAMES = {"rasa": "Rasa", "actions": "アクションサーバー", "api": "API"}


def main() -> int:
    """Runs until Ctrl-C or SIGTERM, or until something keeps dying."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    supervisor = None
    try:
        house = prepared()
        with step("Rasa・アクションサーバー・API を起動します"):
            supervisor = processes.start(house)
            wait_until_ready(house, supervisor)
        shown = "127.0.0.1" if house.host in ("0.0.0.0", "::") else house.host  # noqa: S104 - only compared
        print(f"\n✔ 準備ができました。ブラウザで開いてください: http://{shown}:{house.port}", flush=True)
        note("止めるには Ctrl-C を押します。")
        supervisor.wait()
        raise SetupError(reason(house))
    except SetupError as error:
        return stop_with(error)
    except KeyboardInterrupt:
        print("\n止めています …", flush=True)
        return 0
    finally:
        if supervisor:
            processes.stop(supervisor)


def prepared() -> House:
    """Environments, model, migrated database; everything that has to be there before the start."""
    host, port, data = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")), data_dir()
    processes.check_port(host, port)
    bot, app = environment("bot"), environment("app")
    trained = model()
    data.mkdir(parents=True, exist_ok=True)
    with step("データベースを最新の形にします"):
        migrate(app, data)
    return House(bot, app, trained, release_id(), data, host, port)


def migrate(app: Path, data: Path) -> None:
    """Brings the product's database to the newest shape."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(data)}
    run([str(app), "-m", "alembic", "-c", str(ROOT / "api/db/alembic.ini"), "upgrade", "head"], settings)


def wait_until_ready(house: House, supervisor: subprocess.Popen[bytes]) -> None:
    """Waits for /readyz; says what is missing when it takes too long."""
    deadline, missing = time.monotonic() + READY_SECONDS, ""
    while time.monotonic() < deadline:
        if supervisor.poll() is not None:
            raise SetupError(reason(house))
        try:
            address = "127.0.0.1" if house.host in ("0.0.0.0", "::") else house.host  # noqa: S104 - only compared
            with urllib.request.urlopen(f"http://{address}:{house.port}/readyz", timeout=3):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            missing = error.read().decode(errors="replace")
        except OSError:
            pass
        time.sleep(0.3)
    raise SetupError(
        f"{READY_SECONDS}秒たっても準備ができません。{missing}\n  記録を見てください: {house.data / 'logs'}"
    )


def reason(house: House) -> str:
    """Why everything stopped."""
    note_of_listener = house.data / "run" / "reason"
    name = note_of_listener.read_text(encoding="utf-8") if note_of_listener.exists() else ""
    if not name:
        return "止まりました。"
    log = house.data / "logs" / f"{name}.log"
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:] if log.exists() else []
    lines = "\n  ".join(last)
    return f"{NAMES.get(name, name)}が続けて止まったため、全体を止めました。記録: {log}\n  {lines}"


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

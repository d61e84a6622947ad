"""`make run`: sets everything up, starts the house, and prints its address once it is ready."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import NoReturn

from ops import processes
from ops.commands import clean_surroundings, dies_with_parent, run
from ops.environments import environment
from ops.places import ROOT, alone_in, data_dir
from ops.ports import check_port, our_port
from ops.processes import House
from ops.release import release_id
from ops.say import SetupError, note, say, step, stop_with
from ops.supervisor import Supervisor
from ops.training import model

READY_SECONDS = 120
BACK_SECONDS = 120  # a process that was killed is back long before
LOOK_SECONDS = 5
NAMES = {"rasa": "Rasa", "actions": "アクションサーバー", "api": "API", "database": "データベース"}
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Runs until Ctrl-C or SIGTERM, or until something stays away."""
    for number in STOPPING:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup wants to go on
            signal.signal(number, _stop)
    if os.environ.get("MAKELEVEL"):
        dies_with_parent(signal.SIGTERM)()  # when make is killed we would run on, and nobody would know
    try:
        with alone_in(data_dir()):
            serve(prepared())
    except SetupError as error:
        return stop_with(error)
    except KeyboardInterrupt:
        say("止めました。")
    return 0


def prepared() -> House:
    """Environments, model, migrated database; everything that has to be there before the start."""
    host, port, data = os.environ.get("HOST") or "127.0.0.1", our_port(), data_dir()
    check_port(host, port)
    bot, app = environment("bot"), environment("app")
    trained = model()
    with step("データベースを最新の形にします"):
        migrate(app, data)
    return House(bot, app, trained, release_id(), data, host, port)


def migrate(app: Path, data: Path) -> None:
    """Brings the product's database to the newest shape."""
    settings = clean_surroundings(PYTHONPATH=str(ROOT), PYTHONUTF8="1", DATA_DIR=str(data))
    run([str(app), "-m", "alembic", "-c", str(ROOT / "api/db/alembic.ini"), "upgrade", "head"], settings, place=ROOT)


def serve(house: House) -> None:
    """Starts the processes, says when they are ready, and watches them to the end."""
    supervisor = processes.start(house)
    try:
        with step("Rasa・アクションサーバー・API を起動します"):
            wait_until_ready(house, supervisor)
        say(f"\n✔ 準備ができました。ブラウザで開いてください: {house.address}")
        note("止めるには Ctrl-C を押します。")
        watch(house, supervisor)
    finally:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)  # make and the terminal may both ask; once is enough
        say("\n止めています …")
        supervisor.stop()


def wait_until_ready(house: House, supervisor: Supervisor) -> None:
    """Waits for /readyz; says what is missing when it takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while missing := what_is_missing(house):
        if supervisor.ended(0.3):
            raise SetupError(why_it_ended(supervisor))
        if time.monotonic() > deadline:
            raise SetupError(away(READY_SECONDS, missing, supervisor))


def watch(house: House, supervisor: Supervisor) -> NoReturn:
    """A process that dies comes back; if all is not well again in time, everything stops with the reason."""
    well = time.monotonic()
    while not supervisor.ended(LOOK_SECONDS):
        missing = what_is_missing(house)
        if not missing:
            well = time.monotonic()
        elif time.monotonic() - well > BACK_SECONDS:
            raise SetupError(away(BACK_SECONDS, missing, supervisor))
    raise SetupError(why_it_ended(supervisor))


def what_is_missing(house: House) -> list[str]:
    """What /readyz misses; nothing when the house is ready."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{house.address}/readyz", timeout=10):
            return []
    except urllib.error.HTTPError as error:
        try:
            return list(json.loads(error.read())["missing"])
        except (ValueError, KeyError, TypeError, OSError, HTTPException):
            return ["api"]
    except (OSError, HTTPException):
        return ["api"]


def why_it_ended(supervisor: Supervisor) -> str:
    """Why everything stopped, with the last lines of whoever kept dying."""
    name = supervisor.given_up()
    if not name:
        return f"見張り役が外から止められたため、全体を止めました。記録: {supervisor.data / 'run' / 'supervisord.log'}"
    return f"{NAMES.get(name, name)}が続けて止まったため、全体を止めました。{told(name, supervisor)}"


def away(seconds: int, missing: list[str], supervisor: Supervisor) -> str:
    """Who has not been ready for so long, with the last lines of its log."""
    named = "・".join(NAMES.get(name, name) for name in missing)
    shown = missing[0] if missing[0] in ("rasa", "actions", "api") else "api"
    return f"{seconds}秒たっても{named}の準備ができないため、全体を止めました。{told(shown, supervisor)}"


def told(name: str, supervisor: Supervisor) -> str:
    """Where a process's log is, and its end."""
    return "\n  ".join([f"記録: {supervisor.log(name)}", *supervisor.last_lines(name)])


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

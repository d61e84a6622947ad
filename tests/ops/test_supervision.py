"""The supervisor with small stand-in programs: restarts what dies, gives up with the reason, leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops import processes
from ops.environments import environment
from ops.places import ROOT
from ops.processes import House
from ops.run import reason

STEADY = "import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)"
DYING = "import sys; print('keine Lust', flush=True); sys.exit(1)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def house(tmp_path: Path) -> House:
    app = environment("app")
    return House(app, app, tmp_path / "model", "test", tmp_path, "127.0.0.1", 1)


@pytest.fixture
def start(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def with_program(actions: str) -> subprocess.Popen[bytes]:
        for name, code in (("steady", STEADY), ("actions_program", actions)):
            (house.data / f"{name}.py").write_text(code, encoding="utf-8")
        original = processes.configured

        def configured(*arguments: Path) -> str:
            written = original(*arguments)  # type: ignore[arg-type]
            written = written.replace("-m actions.server", str(house.data / "actions_program.py"))
            for module in ("bot.server", "api.server"):
                written = written.replace(f"-m {module}", str(house.data / "steady.py"))
            return written.replace("startsecs=5", "startsecs=1").replace("startsecs=2", "startsecs=1")

        monkeypatch.setattr(processes, "configured", configured)
        started.append(processes.start(house))
        return started[-1]

    yield with_program
    for supervisor in started:
        processes.stop(supervisor)


def living(house: House) -> list[int]:
    """Processes that belong to this house, found by their environment."""
    mark = f"DATA_DIR={house.data}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes() and (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def until(fulfilled: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if fulfilled():
            return True
        time.sleep(0.1)
    return False


def running(house: House, name: str) -> list[int]:
    return [pid for pid in living(house) if name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_process_that_is_killed_comes_back(house: House, start: Start) -> None:
    start(STEADY)
    assert until(lambda: bool(running(house, "actions_program.py")))
    time.sleep(1.5)
    first = running(house, "actions_program.py")
    os.kill(first[0], signal.SIGKILL)
    assert until(lambda: bool(set(running(house, "actions_program.py")) - set(first)))


def test_a_process_that_keeps_dying_stops_all_with_the_reason(house: House, start: Start) -> None:
    supervisor = start(DYING)
    assert supervisor.wait(40) is not None
    assert "アクションサーバー" in reason(house)
    assert "keine Lust" in reason(house)
    assert until(lambda: living(house) == [])


def test_all_stop_within_ten_seconds_grandchildren_and_the_stubborn_too(house: House, start: Start) -> None:
    supervisor = start(STUBBORN)
    assert until(lambda: bool(running(house, "actions_program.py")) and bool(running(house, "sleep")))
    time.sleep(0.5)
    asked = time.monotonic()
    processes.stop(supervisor)
    assert time.monotonic() - asked < 10
    assert until(lambda: living(house) == [], 2)


def test_nothing_stays_when_whoever_started_it_is_killed(house: House, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys, time\nfrom pathlib import Path\nfrom ops import processes\nfrom ops.processes import House\n"
        "original = processes.configured\n"
        f"(Path({str(tmp_path)!r}) / 'steady.py').write_text({STEADY!r})\n"
        "def configured(*a):\n    text = original(*a)\n"
        "    for m in ('bot.server', 'actions.server', 'api.server'):\n"
        f"        text = text.replace('-m ' + m, {str(tmp_path / 'steady.py')!r})\n    return text\n"
        "processes.configured = configured\n"
        f"app = Path({str(house.app)!r})\n"
        f"processes.start(House(app, app, app, 't', Path({str(tmp_path)!r}), '127.0.0.1', 1))\ntime.sleep(600)\n",
        encoding="utf-8",
    )
    parent = subprocess.Popen([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert until(lambda: len(running(house, "steady.py")) >= 3)
    parent.kill()
    parent.wait()
    assert until(lambda: living(house) == [], 10)

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

from ops import run, supervisor
from ops.commands import clean_surroundings
from ops.environments import environment
from ops.places import ROOT
from ops.processes import House
from ops.say import SetupError
from ops.supervisor import Program, Supervisor, marked

SLEEPS = "import time; time.sleep(600)"
HAS_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]); {SLEEPS}"
HAS_RUNAWAY = HAS_CHILD.replace("]);", "], start_new_session=True);")
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {HAS_CHILD}"
DYING = "import sys; print('nothing to live for', flush=True); sys.exit(1)"
Start = Callable[..., Supervisor]


def program(name: str, code: str) -> Program:
    return Program(name, (sys.executable, "-c", code), steady_after=3)


@pytest.fixture(scope="module")
def app() -> Path:
    return environment("app")


@pytest.fixture
def start(app: Path, tmp_path: Path) -> Iterator[Start]:
    started: list[Supervisor] = []

    def with_programs(**programs: str) -> Supervisor:
        kept = [program(name, code) for name, code in programs.items()]
        started.append(supervisor.start(kept, app, tmp_path / "a folder", clean_surroundings(PYTHONPATH=str(ROOT))))
        return started[-1]

    yield with_programs
    for one in started:
        one.stop()


def running(one: Supervisor, code: str) -> set[int]:
    """The living processes of this supervisor that run some code."""
    found = set()
    for pid in marked(one.mark):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if code in words and "setpriv" not in words[0]:
            found.add(pid)
    return found


def until(fulfilled: Callable[[], object], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if fulfilled():
            return True
        time.sleep(0.05)
    return False


def seconds_to_stop(one: Supervisor) -> float:
    asked = time.monotonic()
    one.stop()
    return time.monotonic() - asked


def test_a_process_that_is_killed_comes_back(start: Start) -> None:
    one = start(rasa=SLEEPS, api=HAS_CHILD)
    assert until(lambda: running(one, HAS_CHILD))
    first = running(one, HAS_CHILD)
    os.kill(first.copy().pop(), signal.SIGKILL)
    assert until(lambda: running(one, HAS_CHILD) - first)
    assert one.given_up() is None


def test_a_process_that_keeps_dying_stops_all_with_the_reason(start: Start) -> None:
    one = start(rasa=SLEEPS, actions=DYING)
    assert one.ended(60)
    said = run.why_it_ended(one)
    assert "アクションサーバーが続けて止まったため、全体を止めました" in said
    assert "nothing to live for" in said
    assert until(lambda: not marked(one.mark), 10)


def test_everything_stops_within_ten_seconds_children_too(start: Start) -> None:
    one = start(rasa=HAS_CHILD, actions=HAS_CHILD, api=HAS_CHILD)
    assert until(lambda: len(running(one, SLEEPS)) == 3)
    assert seconds_to_stop(one) < 10
    assert not marked(one.mark)


def test_who_does_not_obey_is_killed_within_ten_seconds(start: Start) -> None:
    one = start(rasa=STUBBORN, api=STUBBORN)
    assert until(lambda: len(running(one, SLEEPS)) == 2)
    assert seconds_to_stop(one) < 10
    assert not marked(one.mark)


def test_a_grandchild_in_a_session_of_its_own_stops_as_well(start: Start) -> None:
    one = start(api=HAS_RUNAWAY)
    assert "start_new_session" in HAS_RUNAWAY
    assert until(lambda: running(one, SLEEPS))
    one.stop()
    assert not marked(one.mark)


def test_nothing_stays_when_the_supervisor_itself_is_killed(start: Start) -> None:
    one = start(rasa=HAS_CHILD)
    assert until(lambda: running(one, SLEEPS))
    one.process.kill()
    one.process.wait()
    one.stop()
    assert not marked(one.mark)
    assert "見張り役" in run.why_it_ended(one)


PARENT = """
import sys, time
from pathlib import Path
from ops import supervisor
from ops.commands import clean_surroundings
from ops.supervisor import Program

kept = [Program("rasa", (sys.executable, "-c", sys.argv[3]))]
one = supervisor.start(kept, Path(sys.argv[1]), Path(sys.argv[2]), clean_surroundings(PYTHONPATH=sys.path[0]))
print(one.mark, flush=True)
time.sleep(600)
"""


def test_nothing_stays_when_whoever_started_it_is_killed(app: Path, tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(app), str(tmp_path), HAS_CHILD],
        cwd=ROOT,
        env=clean_surroundings(PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    mark = parent.stdout.readline().strip()
    one = Supervisor(parent, tmp_path, mark)  # type: ignore[arg-type]
    assert until(lambda: running(one, SLEEPS))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert until(lambda: not marked(mark), 10)


def test_a_process_that_stays_away_stops_all_with_its_name(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = start(rasa=SLEEPS)
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(run, "BACK_SECONDS", 0.5)
    monkeypatch.setattr(run, "what_is_missing", lambda house: ["rasa"])
    with pytest.raises(SetupError, match="Rasaの準備ができないため、全体を止めました"):
        run.watch(house(tmp_path), one)


def test_a_process_that_comes_back_in_time_stops_nothing(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = start(rasa=SLEEPS)
    looks = iter([["rasa"], [], ["rasa"], []] * 5)
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(run, "BACK_SECONDS", 1.0)
    monkeypatch.setattr(run, "what_is_missing", lambda house: next(looks))
    with pytest.raises(StopIteration):
        run.watch(house(tmp_path), one)


def test_an_api_that_does_not_answer_is_missing(tmp_path: Path) -> None:
    assert run.what_is_missing(house(tmp_path)) == ["api"]


def house(data: Path) -> House:
    return House(data, data, data, "test", data, "127.0.0.1", 1)


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("127.0.0.1", "127.0.0.1")])
def test_the_printed_address_opens_in_a_browser_of_this_machine(host: str, shown: str, tmp_path: Path) -> None:
    copy = House(tmp_path, tmp_path, tmp_path, "test", tmp_path, host, 8000)
    assert copy.address == f"http://{shown}:8000"


def test_the_listener_reads_supervisords_words() -> None:
    from ops.giving_up import pairs

    assert pairs("ver:3.0 len:4 eventname:PROCESS_STATE_FATAL\n") == {
        "ver": "3.0",
        "len": "4",
        "eventname": "PROCESS_STATE_FATAL",
    }
    assert pairs("processname:rasa groupname:house from_state:BACKOFF")["processname"] == "rasa"

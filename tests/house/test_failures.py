"""Whatever dies, the person gets a sorry message within 8 seconds, the turn is stored as failed, the next one works."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from ops.running import RunningHouse
from tests.house.conftest import Visitor

pytestmark = pytest.mark.house
MARKER = "ヒミツノシルシ八七三"
LONGEST = 8.0


def outcomes(house: RunningHouse, conversation: str) -> list[str]:
    with closing(sqlite3.connect(house.data / "assistant.db")) as database:
        rows = database.execute("select outcome from turns where conversation_id = ? order by id", (conversation,))
        return [row[0] for row in rows]


def kill(house: RunningHouse, module: str) -> None:
    for pid in house.pids(module):
        os.kill(pid, signal.SIGKILL)


def wait_until_ready(visitor: Visitor, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while visitor.call("GET", "/readyz")[0] != 200:
        assert time.monotonic() < deadline, "the house did not come back"
        time.sleep(0.3)


def sorry_in_time(visitor: Visitor, text: str) -> None:
    asked = time.monotonic()
    replies = visitor.say(text)
    assert time.monotonic() - asked < LONGEST
    assert [reply["kind"] for reply in replies] == ["notice"]
    assert "申し訳ありません" in replies[0]["text"]


def next_one_works(visitor: Visitor) -> None:
    wait_until_ready(visitor)
    assert visitor.say("追加性とは何ですか")[0]["kind"] == "answer"


def test_an_action_that_raises(house: RunningHouse, visitor: Visitor) -> None:
    sorry_in_time(visitor, f"こわれてください {MARKER}")
    next_one_works(visitor)
    assert outcomes(house, visitor.id) == ["failed", "answered"]


def test_an_action_that_hangs_for_a_minute(house: RunningHouse, visitor: Visitor) -> None:
    sorry_in_time(visitor, f"かたまってください {MARKER}")
    kill(house, "actions.server")  # the stand-in blocks its whole process; the supervisor brings a new one
    next_one_works(visitor)
    assert outcomes(house, visitor.id) == ["failed", "answered"]


@pytest.mark.parametrize("module", ["actions.server", "bot.server"])
def test_a_process_that_is_killed_between_turns(house: RunningHouse, visitor: Visitor, module: str) -> None:
    kill(house, module)
    sorry_in_time(visitor, f"追加性とは何ですか {MARKER}")
    next_one_works(visitor)
    assert outcomes(house, visitor.id) == ["failed", "answered"]


def test_rasa_killed_during_a_turn(house: RunningHouse, visitor: Visitor) -> None:
    timer = threading.Timer(0.5, kill, args=(house, "bot.server"))
    timer.start()
    sorry_in_time(visitor, f"かたまってください {MARKER}")
    timer.join()
    kill(house, "actions.server")
    next_one_works(visitor)
    assert outcomes(house, visitor.id) == ["failed", "answered"]


def test_a_conversation_goes_on_where_it_was_after_rasa_died(house: RunningHouse, visitor: Visitor) -> None:
    visitor.say("桃太郎空港の照明の例を教えて")
    kill(house, "bot.server")
    time.sleep(1)
    wait_until_ready(visitor)
    assert visitor.say("くわしく")[0]["kind"] == "answer"


def test_the_logs_hold_no_message_text_after_all_that(house: RunningHouse, visit: Callable[[str], Visitor]) -> None:
    one = visit(house.url)
    one.say(f"追加性とは何ですか {MARKER}")
    one.send(f"{MARKER}\x00")
    one.call(
        "POST", f"/api/conversations/{one.id}/messages", {"client_message_id": "x", "text": MARKER, "extra": MARKER}
    )
    logs = [path for path in (house.data / "logs").iterdir() if path.is_file()] + list((house.data / "run").iterdir())
    assert any(path.stat().st_size for path in logs)
    told = [path.name for path in logs if path.is_file() and MARKER.encode() in path.read_bytes()]
    assert told == []
    assert not [line for line in house.output if MARKER in line]

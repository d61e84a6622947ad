"""Booking in conversation, with the free times of a stand-in; the command carries what the API needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from actions.tasks.engine import step
from actions.tasks.state import State
from actions.tasks.world import World
from actions.turn import Turn
from core.clock import TOKYO
from tests.conversations.playing import knowledge

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=TOKYO)
DAYS = [datetime(2026, 11, 30, tzinfo=TOKYO) + timedelta(days=n) for n in range(3)]  # Monday to Wednesday


def free_slots(kind: str) -> list[dict[str, Any]]:
    starts = [day.replace(hour=hour) for day in DAYS for hour in (10, 13, 14)]
    return [{"id": f"{kind}-{s:%m%d%H}", "start": s.isoformat(), "label": f"{s:%m/%d %H:%M}"} for s in starts]


class Talk:
    def __init__(self) -> None:
        self.state, self.messages = State.read(None), []  # type: ignore[var-annotated]
        self.world = World(knowledge(), NOW, {"free_slots": free_slots})

    def say(self, *texts: str, intent: str = "inform") -> dict[str, Any]:
        for text in texts:
            outcome = step(Turn(text=text, intent=intent, confidence=0.9), self.state, self.world)
            self.state, self.messages = outcome.state, list(outcome.messages)
            intent = "inform"
        last: dict[str, Any] = self.messages[-1]
        return last

    def times(self) -> list[str]:
        return [c["label"] for c in self.messages[-1]["choices"] if c["ref"].get("field") == "slot"]


def test_the_times_follow_the_persons_wish() -> None:
    talk = Talk()
    talk.say("予約したい", "Web会議で、来週の火曜の午後がいい", intent="book")
    assert talk.times() == ["12/01 13:00", "12/01 14:00"]


def test_without_a_wish_one_time_of_each_half_day_is_offered() -> None:
    talk = Talk()
    talk.say("予約したい", "Web会議", intent="book")
    assert talk.times() == ["11/30 10:00", "11/30 13:00", "12/01 10:00", "12/01 13:00", "12/02 10:00"]


def test_a_spoken_day_and_time_is_taken_at_once() -> None:
    talk = Talk()
    asked = talk.say("予約したい", "Web会議", "12月1日14時", intent="book")
    assert asked["ask"]["field"] == "name"


def test_a_day_without_a_free_time_shows_the_next_ones() -> None:
    talk = Talk()
    talk.say("予約したい", "Web会議", "11月29日の午後", intent="book")
    assert talk.times()[0] == "11/30 10:00"


def test_the_command_has_all_that_the_appointment_needs() -> None:
    talk = Talk()
    said = ["予約したい", "訪問", "12月1日14時", "山田太郎です", "株式会社やまだ", "taro@example.jp", "なし", "広島県"]
    talk.say(*said, "広島市中区基町1-1", "照明の更新の相談", "同意する", intent="book")
    command = talk.say("はい", intent="affirm")["command"]
    assert command["type"] == "book"
    assert (command["kind"], command["slot_id"], command["prefecture"]) == ("visit", "visit-120114", "広島県")
    assert (command["name"], command["email"], command["consent"]) == ("山田太郎", "taro@example.jp", True)
    assert "phone" not in command


def test_without_consent_nothing_is_booked_and_the_telephone_is_offered() -> None:
    talk = Talk()
    said = ["予約したい", "Web会議", "12月1日14時", "山田太郎です", "株式会社やまだ", "taro@example.jp", "なし"]
    talk.say(*said, "照明の更新の相談", "同意しない", intent="book")
    end = talk.say("はい", intent="affirm")
    assert end["command"] is None
    assert "082-256-3362" in end["text"]

"""Booking in conversation, with the free times of a stand-in; the command carries what the API needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

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


HALF_DAYS = ["11/30 10:00", "11/30 13:00", "12/01 10:00", "12/01 13:00", "12/02 10:00"]


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
    assert talk.times() == ["12/01 13:00", "12/01 14:00", "ほかの日時"]


def test_without_a_wish_one_time_of_each_half_day_is_offered() -> None:
    talk = Talk()
    talk.say("予約したい", "Web会議", intent="book")
    assert talk.times() == HALF_DAYS


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
    said = ["予約したい", "訪問", "広島県", "12月1日14時", "山田太郎です", "株式会社やまだ", "taro@example.jp", "なし"]
    talk.say(*said, "広島市中区基町1-1", "照明の更新の相談", "同意する", intent="book")
    command = talk.say("はい", intent="affirm")["command"]
    assert command["type"] == "book"
    assert (command["kind"], command["slot_id"], command["prefecture"]) == ("visit", "visit-120114", "広島県")
    assert (command["name"], command["email"], command["consent"]) == ("山田太郎", "taro@example.jp", True)
    assert "phone" not in command


def test_without_consent_nothing_is_booked_and_the_telephone_is_offered() -> None:
    talk = Talk()
    said = ["予約したい", "Web会議", "12月1日14時", "山田太郎です", "株式会社やまだ", "taro@example.jp", "なし"]
    end = talk.say(*said, "照明の更新の相談", "同意しない", intent="book")
    assert end["command"] is None
    assert "082-256-3362" in end["text"]


WEB = (
    "予約したい",
    "Web会議",
    "12月1日14時",
    "山田太郎です",
    "株式会社やまだ",
    "taro@example.jp",
    "なし",
    "照明の相談",
    "同意する",
)


def test_a_place_outside_the_area_is_offered_a_video_meeting_and_the_national_desk() -> None:
    talk = Talk()
    asked = talk.say("大阪の会社です。訪問に来てほしい", intent="inform")
    assert "03-5281-7588" in asked["text"]
    assert asked["ask"]["field"] == "kind"
    assert talk.say("じゃあWeb会議で")["ask"]["field"] == "slot"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("11月29日の午後", "お休み"),
        ("12月31日の10時", "年末年始"),
        ("年末年始はどうですか", "お休み"),
        ("昨日", "過ぎて"),
        ("来年の5月11日の10時", "までです"),
        ("12月1日の18時", "受付は"),
        ("12月1日の14時半", "1時間"),
        ("11月26日の8時半", "受付は"),
    ],
)
def test_a_time_that_cannot_be_had_is_told_why_with_three_that_are_free(said: str, reason: str) -> None:
    talk = Talk()
    asked = talk.say("予約したい", "Web会議", said, intent="book")
    assert reason in asked["text"], asked["text"]
    assert asked["kind"] == "slots"
    assert len([label for label in talk.times() if label != "ほかの日時"]) == 3


def test_a_chosen_time_is_held_once() -> None:
    talk = Talk()
    held = talk.say("予約したい", "Web会議", "12月1日14時", intent="book")["command"]
    assert held == {"type": "hold", "slot_id": "web-120114", "kind": "web"}
    assert talk.say("山田太郎です")["command"] is None


def test_an_address_that_is_none_is_refused_with_an_example() -> None:
    talk = Talk()
    asked = talk.say(*WEB[:5], "taro(at)", intent="book")
    assert (asked["ask"]["field"], "name@example.jp" in asked["text"]) == ("email", True)


def test_one_answer_is_corrected_by_its_name_before_confirming() -> None:
    talk = Talk()
    talk.say(*WEB, intent="book")
    assert talk.say("メールを間違えた")["ask"]["field"] == "email"
    assert "jiro@example.jp" in talk.say("jiro@example.jp")["text"]
    assert talk.say("はい")["command"]["email"] == "jiro@example.jp"


def test_giving_up_the_booking_in_the_middle_stops_it() -> None:
    talk = Talk()
    talk.say(*WEB[:4], intent="book")
    assert "止めました" in talk.say("やっぱり予約をキャンセルしたい")["text"]
    assert not talk.state.stack


def test_a_time_lost_at_the_end_is_replaced_by_a_spoken_date() -> None:
    talk = Talk()
    talk.say(*WEB, "はい", intent="book")
    refused = {"refused": {"task": "book", "field": "slot"}}
    turn = Turn(text="では12月2日の10時で", intent="inform", confidence=0.9, context=refused)
    outcome = step(turn, talk.state, talk.world)
    talk.state, talk.messages = outcome.state, list(outcome.messages)
    assert talk.messages[-1]["ask"]["field"] == "confirm"
    assert talk.say("はい")["command"]["slot_id"] == "web-120210"


def test_the_topic_is_proposed_from_the_conversations_result() -> None:
    talk = Talk()
    case = {"type": "estimate", "methodology_id": "EN-S-006", "creditable_tco2": 63}
    talk.world = World(knowledge(), NOW, {"free_slots": free_slots, "cases": lambda: [case]})
    asked = talk.say(*WEB[:7], intent="book")
    assert any("63トン" in choice["label"] for choice in asked["choices"])
    assert "63トン" in talk.say("はい", "同意する")["text"]


@pytest.mark.parametrize(
    "words", ["担当者と話したい", "担当者に直接ご相談したい", "職員さんとお話できますか", "直接相談させてください"]
)
def test_who_wants_a_person_gets_all_ways_with_their_date_and_waits_for_staff(words: str) -> None:
    talk = Talk()
    talk.say(words, intent="ask")
    first = talk.messages[0]
    assert first["command"] == {"type": "handoff"}
    assert "082-256-3362" in first["text"]
    assert "令和4年度" in first["text"]
    assert [choice["ref"]["task"] for choice in first["choices"]] == ["book"]
    assert talk.messages[-1]["ask"]["field"] == "message"

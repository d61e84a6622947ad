"""Seeing, moving and cancelling a booking in conversation, with the bookings of a stand-in."""

from __future__ import annotations

from typing import Any

import pytest

from actions.tasks.engine import step
from actions.tasks.world import World
from actions.turn import Turn
from tests.actions.tasks.test_book import NOW, Talk, free_slots
from tests.conversations.playing import knowledge

BOOKED = {
    "type": "booking",
    "booking_id": "b1",
    "status": "confirmed",
    "start": "2026-12-01T14:00:00+09:00",
    "end": "2026-12-01T15:00:00+09:00",
    "kind": "web",
    "label": "12月1日(火) 14:00〜15:00",
    "changeable": True,
}


def talk_with(*booked: dict[str, Any]) -> Talk:
    talk = Talk()
    services = {"free_slots": lambda kind, besides="": free_slots(kind), "bookings": lambda: list(booked)}
    talk.world = World(knowledge(), NOW, services)
    return talk


@pytest.mark.parametrize("words", ["予約をキャンセルしたい", "予約を取り消したいんですが", "相談の予約を取りやめたい"])
def test_a_booking_is_cancelled_after_a_yes(words: str) -> None:
    talk = talk_with(BOOKED)
    asked = talk.say(words, intent="book")
    assert (asked["ask"]["field"], asked["command"]) == ("sure", None)
    assert "12月1日(火) 14:00" in asked["text"]
    assert talk.say("はい")["command"] == {"type": "cancel_booking", "booking_id": "b1"}


def test_a_no_leaves_the_booking_as_it_is() -> None:
    talk = talk_with(BOOKED)
    said = talk.say("予約をキャンセルしたい", "いいえ", intent="book")
    assert (said["command"], "そのまま" in said["text"]) == (None, True)


@pytest.mark.parametrize("words", ["予約を来週に変えて", "予約を来週にずらしたい", "予約の変更をお願いしたい、来週で"])
def test_a_booking_is_moved_to_a_spoken_time(words: str) -> None:
    talk = talk_with(BOOKED)
    asked = talk.say(words, intent="book")
    assert (asked["kind"], asked["ask"]["field"]) == ("slots", "slot")
    assert "12/01 14:00" not in talk.times()
    assert talk.say("12月2日の10時")["ask"]["field"] == "sure"
    assert talk.say("はい")["command"] == {"type": "move_booking", "booking_id": "b1", "slot_id": "web-120210"}


def test_who_only_asks_sees_the_card() -> None:
    talk = talk_with(BOOKED)
    shown = talk.say("予約の確認をしたい", intent="book")
    assert (shown["kind"], shown["card"]["booking_id"]) == ("booking", "b1")
    assert "label" not in shown["card"]


def test_with_several_bookings_the_right_one_is_chosen_first() -> None:
    other = {**BOOKED, "booking_id": "b2", "label": "12月2日(水) 10:00〜11:00"}
    talk = talk_with(BOOKED, other)
    asked = talk.say("予約をキャンセルしたい", intent="book")
    assert asked["ask"]["field"] == "booking"
    assert talk.say("2番目")["ask"]["field"] == "sure"
    assert talk.say("はい")["command"]["booking_id"] == "b2"


def test_without_a_booking_the_mails_link_and_the_telephone_are_named_and_nothing_is_invented() -> None:
    said = talk_with().say("予約をキャンセルしたい", intent="book")
    assert "確認メール" in said["text"]
    assert "082-256-3362、令和4年度の資料" in said["text"]
    assert (said["command"], said["card"]) == (None, None)


def test_a_new_time_that_was_lost_is_replaced() -> None:
    talk = talk_with(BOOKED)
    talk.say("予約を来週に変えて", "12月2日の10時", "はい", intent="book")
    refused = {"refused": {"task": "change_booking", "field": "slot"}}
    outcome = step(Turn(text="12月2日の13時", context=refused), talk.state, talk.world)
    assert outcome.messages[-1]["command"]["slot_id"] == "web-120213"

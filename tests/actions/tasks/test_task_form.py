"""The Rasa action: messages go out as they are, and the slots end or keep the loop."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.task_form import ValidateTaskForm


async def _events(dispatcher: Any, tracker: Any) -> list[dict[str, Any]]:
    return await ValidateTaskForm().run(dispatcher, tracker, {})


def _run(
    text: str, slots: dict[str, Any] | None = None, intent: str = "estimate", choice: Any = None
) -> tuple[list[Any], dict[str, Any]]:
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [],
        "metadata": {"choice": choice, "context": {"now": "2026-11-23T10:00:00+09:00"}},
    }
    tracker = Tracker(
        "c", {"task": None, "talk": None, **(slots or {})}, message, [], False, None, {"name": "task_form"}, None
    )
    dispatcher = CollectingDispatcher()
    events: list[dict[str, Any]] = asyncio.run(_events(dispatcher, tracker))
    return [m["custom"] for m in dispatcher.messages], {e["name"]: e["value"] for e in events}


def test_a_question_keeps_the_loop_open() -> None:
    messages, slots = _run("削減量を計算したい")
    assert messages[0]["ask"]["field"] == "activity"
    assert slots["requested_slot"] == "reply"
    assert slots["reply"] is None


def test_the_next_turn_goes_on_from_the_slot() -> None:
    _, slots = _run("削減量を計算したい")
    messages, slots = _run("電気が年間19万kWhから4万kWh", slots, "inform")
    assert messages[-1]["card"]["creditable_tco2"] == 63


def test_stopping_ends_the_loop_and_keeps_the_answers() -> None:
    _, slots = _run("削減量を計算したい")
    messages, slots = _run("やめる", slots, "stop")
    assert messages[0]["kind"] == "notice"
    assert slots["requested_slot"] is None
    assert slots["task"]["parked"]


def test_asking_for_a_person_shows_the_contact_and_takes_a_message() -> None:
    messages, slots = _run("担当者と話したい", intent="handoff")
    assert messages[0]["kind"] == "handoff"
    assert slots["requested_slot"] == "reply"


def test_there_is_always_a_slot_event() -> None:
    _, slots = _run("続きから", intent="resume")
    assert "task" in slots


def test_an_answer_in_the_middle_is_remembered_as_the_topic() -> None:
    _, slots = _run("削減量を計算したい")
    tracked = {"task": slots["task"], "talk": None}
    messages, after = _run("ありがとう", tracked, "thanks")
    assert [m["kind"] for m in messages] == ["greeting", "question"]
    assert "talk" in after

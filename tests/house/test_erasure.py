"""After a person is erased from the running house, no byte under DATA_DIR holds the person's words."""

from __future__ import annotations

import json
import time
import urllib.request
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from core.clock import today
from ops.running import RunningHouse
from tests.api.privacy.searching import files_with
from tests.house.conftest import Visitor

pytestmark = pytest.mark.house
NAME, MAIL, PHONE = "川端三四郎", "sanshiro@soseki.example", "090-8765-4321"
FARM, TOPIC = "ねこ農園合同会社", "竹林の窪地の照明"
WORDS = [NAME, MAIL, PHONE, FARM, TOPIC]
SECONDS = 30


def test_erasing_a_conversation_takes_its_words_out_of_every_file(
    house: RunningHouse, visit: Callable[[str], Visitor], visitor: Visitor
) -> None:
    other = visit(house.url)
    other.say("追加性とは何ですか")
    talk_about_everything(visitor)
    booked = book(visitor)
    wait_for(lambda: len(files_with(house.data / "outbox", [NAME])) > 0)
    assert {name.rpartition(": ")[2] for name in files_with(house.data, WORDS)} == set(WORDS)
    cancelled = visit(house.url)
    status, _ = cancelled.call("POST", booked["manage_path"] + "/cancel", {})
    assert status == 200
    wait_for(lambda: len(list((house.data / "outbox").glob("*.eml"))) >= 4)
    status, erased = visitor.call("DELETE", f"/api/conversations/{visitor.id}")
    assert status == 200
    assert len(erased["receipt"]) == 32
    wait_for(lambda: not files_with(house.data, WORDS))
    other.say("中干しとは何ですか")
    assert len(other.call("GET", f"/api/conversations/{other.id}/messages")[1]["messages"]) >= 4


def talk_about_everything(visitor: Visitor) -> None:
    """Words in an answered question, in a task's open state, in an opinion."""
    answer = visitor.say(f"{FARM}の{NAME}と申します。{TOPIC}について、追加性とは何ですか。{MAIL} {PHONE}")[0]
    opinion = {"message_id": answer["id"], "rating": "bad", "comment": f"{NAME}です。{TOPIC}"}
    visitor.call("POST", f"/api/conversations/{visitor.id}/feedback", opinion)
    visitor.say("相談を予約したい")
    visitor.say("Web会議")
    visitor.say(NAME)
    visitor.say(f"名前は{NAME}です")


def book(visitor: Visitor) -> dict[str, str]:
    """An appointment out of the conversation, with its mails."""
    query = f"kind=web&from={today()}&to={today() + timedelta(days=30)}"
    slots = visitor.call("GET", f"/api/booking-slots?{query}")[1]["slots"]
    body = {
        "slot_id": slots[-1]["id"], "kind": "web", "name": NAME, "organization": FARM, "email": MAIL, "phone": PHONE,
        "topic": TOPIC, "consent": True, "conversation_id": visitor.id,
    }  # fmt: skip
    status, card = keyed(visitor, body)
    assert status == 201, card
    return {"manage_path": card["manage_url"].partition(visitor.url)[2]}


def keyed(visitor: Visitor, body: dict[str, object]) -> tuple[int, dict[str, str]]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    request = urllib.request.Request(f"{visitor.url}/api/bookings", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.status, json.loads(response.read())


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.2)

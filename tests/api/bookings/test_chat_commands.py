"""What the dialogue asks to be stored: holds, bookings, moves, cases, hand-offs; and what erasing leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.bookings.models import Booking
from api.bookings.service import Bookings
from api.cases.models import Case
from api.db.models import Conversation, MessageRecord
from api.outbox.models import Notice
from tests.api.bookings.visitor import BOTH, Visitor, guest
from tests.api.conftest import ScriptedRasa, Talk, said

ESTIMATE = {
    "type": "estimate",
    "methodology_id": "EN-S-006",
    "formula_id": "lighting",
    "fiscal_year": 2024,
    "baseline_tco2": 100.5,
    "project_tco2": 20.25,
    "reduction_tco2": 80.25,
    "creditable_tco2": 80,
    "steps": [{"label": "削減量", "expression": "100.5 - 20.25 < 100", "value": 80.25, "unit": "t-CO2"}],
    "factors": [
        {
            "id": "e",
            "value": 0.000434,
            "unit": "t-CO2/kWh",
            "source": "省令",
            "as_of": "2024年度",
            "status": "reference",
        }
    ],
    "assumptions": ["稼働は年3,000時間とした"],
    "warnings": [],
}
VERDICT = {
    "type": "verdict",
    "verdict": "needs_check",
    "project_form": "either",
    "methodology_ids": ["EN-S-006"],
    "reasons": [
        {
            "rule_id": "C01",
            "outcome": "likely",
            "text": "国内で行う<取組>です",
            "source": {"title": "要綱"},
            "status": "verified",
        }
    ],
    "todo": ["更新前の設備の記録をそろえる"],
    "estimate": ESTIMATE,
}


def does(talk: Talk, rasa: ScriptedRasa, *commands: dict[str, Any]) -> list[dict[str, Any]]:
    """One turn in which the actions ask for these."""
    rasa.messages = [said(kind="booking", text="承りました。", command=command) for command in commands]
    answer = talk.send(text="はい")
    assert answer.status_code == 200, answer.text
    messages: list[dict[str, Any]] = answer.json()["messages"]
    return messages


def book(slot: dict[str, str], **changes: Any) -> dict[str, Any]:
    return {"type": "book", "slot_id": slot["id"]} | guest() | changes


def all_of(client: TestClient, what: Any) -> list[Any]:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return list(session.scalars(sa.select(what)))


@BOTH
def test_a_held_slot_is_booked_in_the_chat_and_shown_as_a_card(
    visitor: Visitor, talk: Talk, rasa: ScriptedRasa
) -> None:
    slot = visitor.slots()[0]
    assert does(talk, rasa, {"type": "hold", "slot_id": slot["id"], "kind": "web"})[0]["card"] is None
    assert visitor.book(slot).status_code == 409
    card = does(talk, rasa, book(slot))[0]["card"]
    assert (card["type"], card["status"], card["start"]) == ("booking", "confirmed", slot["start"])
    booking = all_of(visitor.client, Booking)[0]
    assert (booking.id, booking.conversation_id) == (card["booking_id"], talk.id)
    assert visitor.client.get(card["manage_url"]).status_code == 200
    assert talk.history().json()["messages"][-1]["card"] == card


def test_the_secret_links_of_a_card_are_in_no_row(visitor: Visitor, talk: Talk, rasa: ScriptedRasa) -> None:
    card = does(talk, rasa, book(visitor.slots()[0]))[0]["card"]
    kept = [message.parts for message in all_of(visitor.client, MessageRecord)]
    assert card["manage_url"].rpartition("/")[2] not in str(kept)


@BOTH
def test_a_slot_lost_in_the_chat_offers_three_others_as_buttons(
    visitor: Visitor, talk: Talk, rasa: ScriptedRasa
) -> None:
    slot = visitor.slots()[0]
    visitor.booked(slot)
    message = does(talk, rasa, book(slot))[0]
    assert (message["kind"], message["card"], message["ask"]["field"]) == ("slots", None, "slot")
    assert len(message["choices"]) == 3
    assert message["choices"][0]["label"] == "11月26日(木) 13:00〜14:00"
    rasa.messages = [said()]
    talk.send(choice_id=message["choices"][0]["id"])
    ref = rasa.sent[-1]["choice"]
    assert (ref["type"], ref["task"], ref["op"]) == ("task", "book", "correct")
    assert ref["values"]["slot"] in {free["id"] for free in visitor.slots()}
    assert rasa.sent[-1]["context"]["refused"] == {"task": "book", "field": "slot"}


def test_one_command_that_fails_leaves_the_others_done(visitor: Visitor, talk: Talk, rasa: ScriptedRasa) -> None:
    first, second = visitor.slots()[:2]
    visitor.booked(first)
    lost, done = does(talk, rasa, book(first), book(second))
    assert (lost["kind"], done["card"]["status"]) == ("slots", "confirmed")


@pytest.mark.parametrize(
    "command",
    [
        {"type": "book", "slot_id": "x"},
        {"type": "book"} | guest(),
        {"type": "hold"},
        {"type": "cancel_booking", "booking_id": "x"},
        {"type": "move_booking"},
        {"type": "case", "data": {"type": "poem"}},
        {"type": "dance"},
        {},
    ],
)
def test_a_command_that_cannot_be_done_becomes_a_notice(
    talk: Talk, rasa: ScriptedRasa, command: dict[str, Any]
) -> None:
    message = does(talk, rasa, command)[0]
    assert message["card"] is None
    assert (message["kind"] == "notice") == bool(command)


def test_a_booking_is_moved_and_cancelled_in_its_own_conversation_only(
    visitor: Visitor, new_talk: Callable[[], Talk], rasa: ScriptedRasa
) -> None:
    mine, theirs = new_talk(), new_talk()
    booking_id = does(mine, rasa, book(visitor.slots()[0]))[0]["card"]["booking_id"]
    wanted = visitor.slots()[3]
    move = {"type": "move_booking", "booking_id": booking_id, "slot_id": wanted["id"]}
    assert does(theirs, rasa, move)[0]["kind"] == "notice"
    assert does(mine, rasa, move)[0]["card"]["start"] == wanted["start"]
    cancel = {"type": "cancel_booking", "booking_id": booking_id}
    assert does(theirs, rasa, cancel)[0]["kind"] == "notice"
    assert does(mine, rasa, cancel)[0]["card"]["status"] == "cancelled"


def test_the_same_message_again_books_once(visitor: Visitor, talk: Talk, rasa: ScriptedRasa) -> None:
    rasa.messages = [said(kind="booking", command=book(visitor.slots()[0]))]
    first, second = (talk.send(client_message_id="a1", text="はい").json() for _ in range(2))
    assert first == second
    assert len(all_of(visitor.client, Booking)) == 1


def test_who_wants_a_person_is_waiting_and_staff_hear_of_it_once(
    visitor: Visitor, talk: Talk, rasa: ScriptedRasa
) -> None:
    does(talk, rasa, {"type": "handoff"})
    does(talk, rasa, {"type": "handoff"})
    assert talk.history().json()["handoff"] == "waiting"
    assert [notice.what for notice in all_of(visitor.client, Notice)] == ["staff_handoff"]


@pytest.mark.parametrize("data", [ESTIMATE, VERDICT])
def test_a_result_is_kept_and_can_be_printed_by_its_owner(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, data: dict[str, Any]
) -> None:
    card = does(talk, rasa, {"type": "case", "data": data})[0]["card"]
    assert card["print_url"].startswith("/print/")
    assert all_of(client, Case)[0].id == card["id"]
    page = client.get(card["print_url"])
    assert page.status_code == 200
    assert "80.25 t-CO2" in page.text
    assert "0.000434 t-CO2/kWh" in page.text
    assert "20.25 &lt; 100" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<取組>" not in page.text
    assert client.get(card["print_url"][:-1]).status_code == 404
    assert client.get(f"/print/{card['id']}").status_code == 404


def test_half_a_result_can_be_printed_too(client: TestClient, talk: Talk, rasa: ScriptedRasa) -> None:
    bare: list[dict[str, Any]] = [{"type": "verdict", "verdict": "unlikely"}, {"type": "estimate", "reduction_tco2": 3}]
    for data in bare:
        card = does(talk, rasa, {"type": "case", "data": data})[0]["card"]
        assert client.get(card["print_url"]).status_code == 200


@BOTH
def test_erasing_keeps_the_appointment_and_removes_everything_else(
    visitor: Visitor, talk: Talk, rasa: ScriptedRasa
) -> None:
    slot, held = visitor.slots()[:2]
    booked, case = does(talk, rasa, book(slot), {"type": "case", "data": VERDICT})
    does(talk, rasa, {"type": "hold", "slot_id": held["id"], "kind": "web"})
    erased = visitor.client.delete(talk.path, headers=talk.headers).json()
    assert "11月26日(木) 11:00〜12:00" in erased["message"]
    assert booked["card"]["manage_url"] in erased["message"]
    booking = all_of(visitor.client, Booking)
    assert [(b.status, b.conversation_id, b.name) for b in booking] == [("confirmed", None, "山田 花子")]
    assert all_of(visitor.client, Case) == all_of(visitor.client, Conversation) == []
    assert visitor.client.get(case["card"]["print_url"]).status_code == 404
    assert held in visitor.slots()
    assert visitor.client.post(f"{booked['card']['manage_url']}/cancel").json()["status"] == "cancelled"


def test_erasing_without_a_booking_says_only_that(client: TestClient, talk: Talk) -> None:
    message = client.delete(talk.path, headers=talk.headers).json()["message"]
    assert "消しました" in message
    assert "予約" not in message


@pytest.fixture
def inside(settings: Any) -> dict[str, str]:
    return {"X-Internal-Secret": settings.internal_secret.get_secret_value()}


def test_actions_read_slots_bookings_and_cases_inside(
    visitor: Visitor, bookings: Bookings, talk: Talk, rasa: ScriptedRasa, inside: dict[str, str]
) -> None:
    does(talk, rasa, book(visitor.slots()[0]), {"type": "case", "data": ESTIMATE})
    client = TestClient(visitor.client.app, client=("127.0.0.1", 50000))
    query = {"kind": "web", "from": "2026-12-01", "to": "2026-12-01", "limit": "2"}
    found = client.get("/internal/free-slots", params=query, headers=inside).json()
    assert [slot["label"] for slot in found["slots"]] == ["12月1日(火) 10:00〜11:00", "12月1日(火) 11:00〜12:00"]
    assert found["bookable"] == {"from": "2026-11-25", "until": "2027-01-20"}
    assert len(found["visit_area"]) == 5
    own = client.get(f"/internal/conversations/{talk.id}/bookings", headers=inside).json()["bookings"]
    assert (own[0]["label"], own[0]["changeable"]) == ("11月26日(木) 11:00〜12:00", True)
    cases = client.get(f"/internal/conversations/{talk.id}/cases", headers=inside).json()["cases"]
    assert cases[0]["reduction_tco2"] == 80.25


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("127.0.0.1", {}),
        ("127.0.0.1", {"X-Internal-Secret": "wrong"}),
        ("192.0.2.1", "secret"),
        ("testclient", "secret"),
        ("127.0.0.1", "forwarded"),
    ],
)
def test_nobody_else_gets_in(client: TestClient, inside: dict[str, str], host: str, headers: Any) -> None:
    known = {"secret": inside, "forwarded": inside | {"X-Forwarded-For": "192.0.2.1"}}
    other = TestClient(client.app, client=(host, 50000))
    sent = known.get(headers, {}) if isinstance(headers, str) else headers
    assert other.get("/internal/free-slots", params={"kind": "web"}, headers=sent).status_code == 404

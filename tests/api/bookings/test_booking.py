"""Holding and booking over the contract: consent, places, keys, refusals."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from api.bookings.models import Booking, BookingEvent, BusyCell, UsedKey
from api.bookings.service import Bookings
from api.outbox.models import Notice
from tests.api.bookings.conftest import Clock
from tests.api.bookings.visitor import BOTH, Visitor, guest
from tests.api.conftest import Talk

FIELDS = {"type", "booking_id", "status", "start", "end", "kind", "manage_url", "ics_url"}
VISIT: dict[str, Any] = {"kind": "visit", "prefecture": "広島県", "address": "広島市中区基町1-1"}


def rows(visitor: Visitor, what: Any) -> list[Any]:
    with visitor.client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return list(session.scalars(sa.select(what)))


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    error: dict[str, Any] = answer.json()["error"]
    return error


@BOTH
def test_a_booking_has_the_fields_of_the_contract_and_takes_its_slot(visitor: Visitor) -> None:
    slot = visitor.slots()[0]
    card = visitor.book(slot).json()
    assert set(card) == FIELDS
    assert (card["type"], card["status"], card["start"], card["end"]) == (
        "booking",
        "confirmed",
        slot["start"],
        slot["end"],
    )
    assert slot not in visitor.slots()


@BOTH
def test_a_taken_slot_is_a_conflict_with_three_free_alternatives(visitor: Visitor) -> None:
    slot = visitor.slots()[0]
    visitor.booked(slot)
    lost = visitor.book(slot)
    refused(lost, 409, "conflict")
    alternatives = lost.json()["alternatives"]
    assert len(alternatives) == 3
    assert all(other in visitor.slots() for other in alternatives)
    refused(visitor.hold(slot), 409, "conflict")


@BOTH
def test_the_database_itself_refuses_two_bookings_of_one_cell(visitor: Visitor) -> None:
    visitor.booked()
    cell = rows(visitor, BusyCell)[0]
    database = visitor.client.app.state.database  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(
            sa.insert(BusyCell).values(calendar_id=cell.calendar_id, start_at=cell.start_at, booking_id=cell.booking_id)
        )


@BOTH
def test_a_hold_keeps_the_slot_for_ten_minutes_and_then_it_is_free(visitor: Visitor, clock: Clock) -> None:
    slot = visitor.slots()[0]
    held = visitor.hold(slot)
    assert held.status_code == 201
    assert set(held.json()) == {"hold_id", "expires_at"}
    assert held.json()["expires_at"].startswith("2026-11-25T10:10:0")
    assert slot not in visitor.slots()
    refused(visitor.book(slot), 409, "conflict")
    clock.advance(minutes=10, seconds=1)
    assert slot in visitor.slots()
    visitor.booked(slot)
    refused(visitor.book(hold_id=held.json()["hold_id"]), 404, "not_found")


def test_what_is_held_is_booked_by_its_hold(visitor: Visitor) -> None:
    slot = visitor.slots()[0]
    hold = visitor.hold(slot).json()["hold_id"]
    booked = visitor.book(hold_id=hold)
    assert (booked.status_code, booked.json()["start"]) == (201, slot["start"])
    again = visitor.book(hold_id=hold)
    refused(again, 409, "conflict")
    assert len(again.json()["alternatives"]) == 3


def test_a_hold_that_ended_is_a_conflict_even_when_nobody_took_the_slot(visitor: Visitor, clock: Clock) -> None:
    slot = visitor.slots()[0]
    hold = visitor.hold(slot).json()["hold_id"]
    clock.advance(minutes=11)
    lost = visitor.book(hold_id=hold)
    refused(lost, 409, "conflict")
    assert lost.json()["alternatives"][0]["start"] == slot["start"]


def test_a_second_hold_of_a_conversation_gives_the_first_one_back(visitor: Visitor, talk: Talk) -> None:
    first, second = visitor.slots()[:2]
    visitor.hold(first, conversation_id=talk.id)
    visitor.hold(second, conversation_id=talk.id)
    assert first in visitor.slots()
    assert second not in visitor.slots()


@pytest.mark.parametrize("consent", [..., False, None, "true", 1])
def test_without_consent_nothing_is_booked(visitor: Visitor, consent: Any) -> None:
    error = refused(visitor.book(visitor.slots()[0], consent=consent), 422, "consent_required")
    assert "consent" in error["fields"]
    assert rows(visitor, Booking) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "  "),
        ("name", "あ" * 101),
        ("name", "山田\r\nBcc: x@example.jp"),
        ("organization", "会社\x00"),
        ("email", "hanako"),
        ("email", "a@b\r\nBcc: c@example.jp"),
        ("phone", "12"),
        ("phone", "電話なし"),
        ("topic", "\u200b"),
        ("topic", "あ" * 2001),
        ("kind", "phone"),
        ("slot_id", ...),
        ("colour", "red"),
    ],
)
def test_a_wrong_field_is_named(visitor: Visitor, field: str, value: Any) -> None:
    answer = visitor.book(visitor.slots()[0], **{field: value})
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["fields"]
    assert rows(visitor, Booking) == []


def test_slot_and_hold_together_are_refused(visitor: Visitor) -> None:
    slot = visitor.slots()[0]
    assert visitor.book(slot, hold_id="x").status_code == 422


def test_an_unknown_or_forged_slot_is_not_found(visitor: Visitor) -> None:
    known = visitor.slots()[0]["id"]
    for forged in ("x", known[:-2] + "AA", "A" * 40, known + "A"):
        refused(visitor.book({"id": forged}), 404, "not_found")
        refused(visitor.hold({"id": forged}), 404, "not_found")
    refused(visitor.book(hold_id="unknown"), 404, "not_found")


def test_a_slot_of_the_other_kind_is_refused(visitor: Visitor) -> None:
    answer = visitor.book(visitor.slots(kind="visit")[0])
    assert "slot_id" in refused(answer, 422, "invalid_value")["fields"]


def test_a_slot_that_the_clock_has_passed_is_a_conflict(visitor: Visitor, clock: Clock) -> None:
    slot = visitor.slots()[0]
    clock.advance(days=2)
    lost = visitor.book(slot)
    refused(lost, 409, "conflict")
    assert lost.json()["alternatives"][0]["start"] > slot["start"]


def test_a_visit_in_the_area_is_booked_with_its_buffers(visitor: Visitor) -> None:
    slots = visitor.slots(kind="visit", first="2026-12-01", last="2026-12-01")
    card = visitor.booked(slots[2], **VISIT)
    assert card["kind"] == "visit"
    left = [s["start"][11:16] for s in visitor.slots(kind="web", first="2026-12-01", last="2026-12-01")]
    assert left == ["10:00", "11:00", "15:00", "16:00"]
    assert [s["start"][11:16] for s in visitor.slots(kind="visit", first="2026-12-01", last="2026-12-01")] == [
        "10:00",
        "16:00",
    ]


@pytest.mark.parametrize("prefecture", ["鳥取県", "島根県", "岡山県", "広島県", "山口県", "広島", "やまぐち"])
def test_all_five_prefectures_are_visited(visitor: Visitor, prefecture: str) -> None:
    visitor.booked(**VISIT | {"prefecture": prefecture})
    assert rows(visitor, Booking)[0].prefecture.endswith("県")


@pytest.mark.parametrize("prefecture", ["東京都", "香川県", "兵庫県", "北海道"])
def test_outside_the_area_a_visit_is_kindly_refused_with_other_ways(visitor: Visitor, prefecture: str) -> None:
    slot = visitor.slots(kind="visit")[0]
    error = refused(visitor.book(slot, **VISIT | {"prefecture": prefecture}), 422, "invalid_value")
    assert "Web会議" in error["fields"]["prefecture"]
    assert "03-5281-7588" in error["message"]
    assert "令和4年度" in error["message"]
    assert slot in visitor.slots(kind="visit")


@pytest.mark.parametrize(
    ("field", "value"), [("prefecture", ...), ("prefecture", "カナダ"), ("address", ...), ("address", " ")]
)
def test_a_visit_needs_to_know_where(visitor: Visitor, field: str, value: Any) -> None:
    error = refused(visitor.book(visitor.slots(kind="visit")[0], **VISIT | {field: value}), 422, "invalid_value")
    assert field in error["fields"]


def test_a_video_meeting_keeps_no_address(visitor: Visitor) -> None:
    visitor.booked(prefecture="東京都", address="千代田区1-1")
    booking = rows(visitor, Booking)[0]
    assert (booking.prefecture, booking.address) == (None, None)


def test_the_same_key_gives_the_same_booking_and_books_once(visitor: Visitor) -> None:
    slot = visitor.slots()[0]
    answers = [visitor.book(slot, key="0f8fad5b-d9cb-469f-a165-70867728950e") for _ in range(3)]
    assert [a.status_code for a in answers] == [201, 201, 201]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert len(rows(visitor, Booking)) == 1
    assert len([n for n in rows(visitor, Notice) if n.what == "guest_confirmed"]) == 1


def test_the_same_key_with_another_body_is_a_conflict(visitor: Visitor) -> None:
    first, second = visitor.slots()[:2]
    visitor.book(first, key="key-of-mine")
    refused(visitor.book(second, key="key-of-mine"), 409, "conflict")
    assert len(rows(visitor, Booking)) == 1


def test_a_key_of_a_booking_that_failed_works_again(visitor: Visitor) -> None:
    slot, other = visitor.slots()[:2]
    visitor.booked(slot)
    refused(visitor.book(slot, key="key-of-mine"), 409, "conflict")
    assert visitor.book(other, key="key-of-mine").status_code == 201


@pytest.mark.parametrize("key", [None, "", "short"])
def test_a_booking_needs_a_key(visitor: Visitor, key: str | None) -> None:
    body = guest() | {"slot_id": visitor.slots()[0]["id"]}
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = visitor.client.post("/api/bookings", json=body, headers=headers)
    assert "Idempotency-Key" in refused(answer, 422, "invalid_value")["fields"]


def test_a_full_day_takes_no_more(visitor: Visitor, bookings: Bookings, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = bookings.desk.book.calendars["consultation"]
    capped = calendar.model_copy(update={"periods": [calendar.periods[0].model_copy(update={"daily_cap": 2})]})
    monkeypatch.setattr(
        bookings.desk, "book", bookings.desk.book.model_copy(update={"calendars": {"consultation": capped}})
    )
    day = visitor.slots("2026-12-01", "2026-12-01")
    for slot in day[:2]:
        visitor.booked(slot)
    assert visitor.slots("2026-12-01", "2026-12-01") == []
    lost = visitor.book(day[4])
    refused(lost, 409, "conflict")
    assert all(not slot["start"].startswith("2026-12-01") for slot in lost.json()["alternatives"])


def test_no_token_and_no_key_is_stored(visitor: Visitor) -> None:
    card = visitor.booked()
    token = card["path"].rpartition("/")[2]
    assert len(token) >= 43
    stored = [vars(row) for what in (Booking, BookingEvent, UsedKey, Notice) for row in rows(visitor, what)]
    assert token not in str(stored)


def test_a_conversation_is_named_only_when_it_exists_and_is_ones_own(visitor: Visitor, talk: Talk) -> None:
    slot = visitor.slots()[0]
    refused(visitor.book(slot, conversation_id="unknown"), 404, "not_found")
    body = guest() | {"slot_id": slot["id"], "conversation_id": talk.id}
    headers = {"Idempotency-Key": "key-of-mine", "Authorization": "Bearer wrong"}
    refused(visitor.client.post("/api/bookings", json=body, headers=headers), 404, "not_found")
    assert visitor.client.post("/api/bookings", json=body, headers=headers | talk.headers).status_code == 201


def test_phone_numbers_are_written_alike(visitor: Visitor) -> None:
    visitor.booked(phone="０８２１２３４５６７")
    assert rows(visitor, Booking)[0].phone == "082-123-4567"


def test_what_happened_is_kept_as_events(visitor: Visitor) -> None:
    visitor.booked()
    assert [event.event for event in rows(visitor, BookingEvent)] == ["held", "confirmed"]

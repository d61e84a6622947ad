"""Many at once: one winner a slot, a cap that holds, one booking a key."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from api.bookings.models import Booking, BusyCell
from api.bookings.service import Bookings
from tests.api.bookings.visitor import BOTH, SOAK, Visitor

THREADS = 20
ROUNDS = 200 if SOAK else 5


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """The answers of so many threads that start together."""
    barrier, answers = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        barrier.wait()
        answers[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@BOTH
@pytest.mark.timeout(1500)
def test_of_twenty_for_one_slot_one_wins_and_the_others_get_free_alternatives(visitor: Visitor) -> None:
    slots = visitor.slots("2026-11-25", "2027-01-20")
    assert len(slots) >= ROUNDS
    for number in range(ROUNDS):
        slot = slots[number]
        answers = at_once(THREADS, lambda _, slot=slot: visitor.book(slot))  # type: ignore[misc]
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * (THREADS - 1)
        free = visitor.slots("2026-11-25", "2027-01-20")
        for answer in answers:
            if answer.status_code == 409:
                alternatives = answer.json()["alternatives"]
                assert len(alternatives) == min(3, len(free))
                assert all(other in free for other in alternatives)
    with visitor.client.app.state.database.read() as session:  # type: ignore[attr-defined]
        starts = list(session.scalars(sa.select(Booking.start_at)))
        assert len(starts) == len(set(starts)) == ROUNDS
        assert session.scalar(sa.select(sa.func.count()).select_from(BusyCell)) == ROUNDS * 4


@BOTH
def test_holds_and_bookings_race_for_one_slot_and_one_wins(visitor: Visitor) -> None:
    slot = visitor.slots()[0]
    answers = at_once(THREADS, lambda i: visitor.hold(slot) if i % 2 else visitor.book(slot))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (THREADS - 1)


@BOTH
def test_the_same_key_at_once_gives_everybody_the_same_booking(visitor: Visitor) -> None:
    slot, key = visitor.slots()[0], str(uuid.uuid4())
    answers = at_once(8, lambda _: visitor.book(slot, key=key))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["booking_id"] for answer in answers}) == 1


@BOTH
def test_the_daily_cap_holds_when_all_come_at_once(
    visitor: Visitor, bookings: Bookings, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = bookings.desk.book.calendars["consultation"]
    capped = calendar.model_copy(update={"periods": [calendar.periods[0].model_copy(update={"daily_cap": 2})]})
    book = bookings.desk.book.model_copy(update={"calendars": {"consultation": capped}})
    monkeypatch.setattr(bookings.desk, "book", book)
    day = visitor.slots("2026-12-01", "2026-12-01")
    answers = at_once(12, lambda i: visitor.book(day[i % 6]))
    assert sorted(answer.status_code for answer in answers) == [201, 201] + [409] * 10


@BOTH
def test_two_bookings_that_move_to_one_slot_leave_one_moved(visitor: Visitor) -> None:
    first, second, wanted = visitor.slots()[:3]
    paths = [visitor.booked(slot)["path"] for slot in (first, second)]
    answers = at_once(2, lambda i: visitor.post(f"{paths[i]}/reschedule", {"slot_id": wanted["id"]}))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    free = {slot["start"] for slot in visitor.slots()}
    assert wanted["start"] not in free
    assert len({first["start"], second["start"]} & free) == 1


@BOTH
def test_moving_and_cancelling_at_once_end_in_one_state(visitor: Visitor) -> None:
    card, wanted = visitor.booked(), visitor.slots()[3]
    calls = [("reschedule", {"slot_id": wanted["id"]}), ("cancel", {})] * 4
    answers = at_once(8, lambda i: visitor.post(f"{card['path']}/{calls[i][0]}", calls[i][1]))
    assert {answer.status_code for answer in answers} <= {200, 409}
    with visitor.client.app.state.database.read() as session:  # type: ignore[attr-defined]
        booking = session.scalars(sa.select(Booking)).one()
        cells = session.scalar(sa.select(sa.func.count()).select_from(BusyCell))
    assert (booking.status, cells) in {("cancelled", 0), ("confirmed", 4)}

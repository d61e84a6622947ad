"""Whatever is sent, the answer is one of the contract's: never a fault inside, never a booking without consent."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.bookings.models import Booking, BusyCell
from core.clock import TOKYO
from tests.api.bookings.conftest import Clock
from tests.api.bookings.visitor import SOAK, Visitor, guest

ROUNDS = settings(
    max_examples=1000 if SOAK else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([*guest(), "slot_id", "hold_id", "prefecture", "address", "conversation_id", "colour"])
ALLOWED = {200, 201, 404, 409, 413, 415, 422}


def is_an_answer(answer: Any) -> bool:
    return answer.status_code in ALLOWED and (
        answer.status_code < 300 or set(answer.json()["error"]) >= {"code", "message"}
    )


@ROUNDS
@given(changes=st.dictionaries(NAMES, ANYTHING, max_size=4))
def test_any_body_of_a_booking_gets_an_answer(visitor: Visitor, changes: dict[str, Any]) -> None:
    slot = visitor.slots()[0]
    body = guest() | {"slot_id": slot["id"]} | changes
    answer = visitor.client.post(
        "/api/bookings", json=body, headers={"Idempotency-Key": "k" * 8 + str(hash(str(body)))}
    )
    assert is_an_answer(answer), answer.text
    if answer.status_code == 201:
        assert body["consent"] is True
        visitor.client.post(f"{answer.json()['manage_url']}/cancel")


ODD = [
    b"Infinity",
    b"NaN",
    b"1e999",
    b'"\\ud800"',
    b'"\\u0000"',
    b"[" * 2000 + b"]" * 2000,
    b'{"a":' * 500 + b"1" + b"}" * 500,
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("field", [*guest(), "slot_id", "hold_id", "prefecture", "address", "conversation_id"])
def test_values_that_only_json_can_hold_get_an_answer_too(visitor: Visitor, field: str, odd: bytes) -> None:
    body = guest() | {"slot_id": visitor.slots()[0]["id"], field: "ODD"}
    raw = json.dumps(body).encode().replace(b'"ODD"', odd)
    headers = {"Content-Type": "application/json", "Idempotency-Key": "key-of-mine"}
    answer = visitor.client.post("/api/bookings", content=raw, headers=headers)
    assert is_an_answer(answer), answer.text
    path = visitor.booked()["path"]
    for sent in (odd, raw, b'{"slot_id":' + odd + b"}"):
        answer = visitor.client.post(f"{path}/reschedule", content=sent, headers={"Content-Type": "application/json"})
        assert is_an_answer(answer), answer.text


@ROUNDS
@given(body=ANYTHING, path=st.sampled_from(["/api/booking-holds", "/bookings/x/cancel", "reschedule", "cancel"]))
def test_any_body_elsewhere_gets_an_answer(visitor: Visitor, body: Any, path: str) -> None:
    if path in ("reschedule", "cancel"):
        path = f"{visitor.booked()['path']}/{path}"
    assert is_an_answer(visitor.client.post(path, json=body))
    with visitor.client.app.state.database.write() as session:  # type: ignore[attr-defined]
        session.execute(sa.delete(Booking))


@ROUNDS
@given(
    query=st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["web", "visit", "x"]),
            "from": st.dates().map(str) | st.text(max_size=8),
            "to": st.dates().map(str),
        },
    )
)
def test_any_query_for_slots_gets_an_answer(visitor: Visitor, query: dict[str, str]) -> None:
    assert is_an_answer(visitor.client.get("/api/booking-slots", params=query))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hold", "book", "move", "cancel", "wait"]),
        st.sampled_from(["web", "visit"]),
        st.integers(0, 30),
        st.integers(0, 5),
    ),
    max_size=12,
)


@settings(ROUNDS, max_examples=200 if SOAK else 15)
@given(steps=STEPS)
def test_no_order_of_steps_lets_two_appointments_overlap(visitor: Visitor, clock: Clock, steps: Any) -> None:
    paths: list[tuple[str, str]] = []
    for step, kind, which, whose in steps:
        slots = visitor.slots(kind=kind)
        slot = slots[which % len(slots)]
        place = {"prefecture": "広島県", "address": "広島市"} if kind == "visit" else {}
        if step == "hold":
            visitor.hold(slot, kind)
        elif step == "wait":
            clock.advance(minutes=which)
        elif step == "book":
            answer = visitor.book(slot, kind=kind, **place)
            paths += [(answer.json()["manage_url"], kind)] if answer.status_code == 201 else []
        elif paths:
            path, its_kind = paths[whose % len(paths)]
            body = {"slot_id": slot["id"]} if step == "move" else {}
            visitor.post(f"{path}/{'reschedule' if step == 'move' else 'cancel'}", body)
    _nothing_overlaps(visitor)
    clock.set(datetime(2026, 11, 25, 10, tzinfo=TOKYO).isoformat())


def _nothing_overlaps(visitor: Visitor) -> None:
    with visitor.client.app.state.database.write() as session:  # type: ignore[attr-defined]
        alive = list(session.scalars(sa.select(Booking).where(Booking.status == "confirmed")))
        cells = {b.id: session.scalars(sa.select(BusyCell).where(BusyCell.booking_id == b.id)).all() for b in alive}
        session.execute(sa.delete(Booking))
    spans = sorted((min(c.start_at for c in own), max(c.start_at for c in own)) for own in cells.values())
    assert len(spans) == len(alive)
    assert all(earlier[1] < later[0] for earlier, later in zip(spans, spans[1:], strict=False))

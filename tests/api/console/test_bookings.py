"""Appointments in the console: the week, one appointment, how it ended, days on which nothing can be booked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.bookings.models import BookingEvent
from api.console.models import Audit
from core import clock as house_clock
from tests.api.bookings.conftest import Clock
from tests.api.bookings.visitor import BOTH, Visitor
from tests.api.console.staffer import Staffer, words_of


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    made.set("2026-11-25T10:00:00+09:00")
    monkeypatch.setattr(house_clock, "_offset", lambda: made.offset)
    monkeypatch.setattr("api.console.accounts.IDLE", made.offset.__class__(days=30))
    monkeypatch.setattr("api.console.accounts.LONGEST", made.offset.__class__(days=30))
    return made


@pytest.fixture
def visitor(client: TestClient) -> Any:
    yield Visitor(client)
    client.app.state.database.engine.dispose()  # type: ignore[attr-defined]


Enter = Callable[[str], Staffer]


@BOTH
def test_a_booking_stands_in_its_week_and_is_marked_as_done(
    client: TestClient, visitor: Visitor, staffer: Enter, clock: Clock
) -> None:
    card = visitor.booked(name="山田 花子", organization="ひろしま木工株式会社")
    reviewer, path = staffer("reviewer"), f"/console/bookings/{card['booking_id']}"
    page = words_of(reviewer.get("/console/bookings?week=2026-11-26"))
    assert "ひろしま木工株式会社" in page
    assert "山田 花子 様" in page
    assert "ひろしま木工" not in words_of(reviewer.get("/console/bookings?week=2026-12-07"))
    early = reviewer.post(f"{path}/close", status="done")
    assert early.status_code == 409
    clock.advance(days=2)
    assert reviewer.post(f"{path}/close", status="ended").status_code == 422
    assert reviewer.post(f"{path}/close", status="done").status_code == 303
    assert "終了（担当者）" in words_of(reviewer.get(path))
    assert reviewer.post(f"{path}/close", status="no_show").status_code == 409


def test_a_viewer_sees_when_but_not_who(client: TestClient, visitor: Visitor, staffer: Enter) -> None:
    card = visitor.booked(name="山田 花子", topic="竹林の窪地について")
    viewer = staffer("viewer")
    for path in ("/console/bookings?week=2026-11-26", f"/console/bookings/{card['booking_id']}"):
        page = viewer.get(path).text
        assert card["start"][11:16] in page
        for word in ("山田", "ひろしま木工", "hanako@", "123-4567", "竹林の窪地"):
            assert word not in page


def test_a_note_for_the_meeting_is_kept_with_the_booking(client: TestClient, visitor: Visitor, staffer: Enter) -> None:
    card, reviewer = visitor.booked(), staffer("reviewer")
    path = f"/console/bookings/{card['booking_id']}"
    assert reviewer.post(f"{path}/notes", text=" ").status_code == 422
    assert reviewer.post(f"{path}/notes", text="<b>図面</b>を持参").status_code == 303
    assert "&lt;b&gt;図面&lt;/b&gt;を持参" in reviewer.get(path).text
    assert "図面" not in staffer("viewer").get(path).text
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        assert (
            session.scalar(sa.select(sa.func.count()).select_from(BookingEvent).where(BookingEvent.event == "note"))
            == 1
        )
        noted = list(session.scalars(sa.select(Audit.what).where(Audit.subject == card["booking_id"])))
    assert set(noted) == {"booking.note", "booking.read"}


@BOTH
def test_a_closed_day_has_no_free_time_until_it_is_opened(client: TestClient, visitor: Visitor, staffer: Enter) -> None:
    editor = staffer("editor")
    before = visitor.slots(first="2026-12-01", last="2026-12-02")
    slot = before[0]
    assert editor.post("/console/days/2026-12-01/close", reason=" ").status_code == 422
    assert editor.post("/console/days/2026-11-24/close", reason="研修").status_code == 422
    assert editor.post("/console/days/tomorrow/close", reason="研修").status_code == 422
    assert editor.post("/console/days/2026-12-01/close", reason="研修").status_code == 303
    left = visitor.slots(first="2026-12-01", last="2026-12-02")
    assert 0 < len(left) < len(before)
    assert {s["start"][:10] for s in left} == {"2026-12-02"}
    assert visitor.book(slot).status_code == 409
    assert visitor.hold(slot).status_code == 409
    assert "研修" in editor.get("/console/bookings?week=2026-12-01").text
    assert editor.post("/console/days/2026-12-01/open").status_code == 303
    assert editor.post("/console/days/2026-12-01/open").status_code == 404
    assert visitor.slots(first="2026-12-01", last="2026-12-02") == before
    assert visitor.book(slot).status_code == 201

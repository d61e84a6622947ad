"""Appointments by week, what has to be known for each, and days on which nothing can be booked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.bookings.service import Bookings
from api.console import agenda
from api.console.door import console_router, require
from api.console.render import page
from api.console.shown import HIDDEN
from api.console.staff import Staff
from api.console.titles import Titles
from core.clock import today, utc_now
from core.errors import InvalidInput

router = console_router()
Anyone = Annotated[Staff, Depends(require("viewer"))]
Reviewer = Annotated[Staff, Depends(require("reviewer"))]
Editor = Annotated[Staff, Depends(require("editor"))]
Word = Annotated[str, Form(max_length=100)]
A_WEEK = timedelta(days=7)


@router.get("/bookings")
async def week(request: Request, staff: Anyone, week: Annotated[str, Query(max_length=10)] = "") -> Response:
    """One week, from Monday."""
    monday = agenda.monday_of(_day(week) if week else today())
    book = _desk(request).desk.book
    days = await request.app.state.database.reading(agenda.week, book, monday)
    shown: dict[str, Any] = {"days": days, "monday": monday, "before": monday - A_WEEK, "after": monday + A_WEEK}
    return page(
        request, "bookings.html", staff, book=book, today=today(), named=staff.may("reviewer"), hidden=HIDDEN, **shown
    )


@router.get("/bookings/{booking_id}")
async def booking(request: Request, staff: Anyone, booking_id: str) -> Response:
    """One appointment: the guest, what was talked about, results, notes, and what happened to it."""
    found = await request.app.state.database.writing(agenda.one, staff, booking_id)
    shown: dict[str, Any] = {"found": found, "book": _desk(request).desk.book, "titles": Titles.of(request)}
    over = found.booking.start_at <= utc_now()
    return page(request, "booking.html", staff, named=staff.may("reviewer"), hidden=HIDDEN, over=over, **shown)


@router.post("/bookings/{booking_id}/close")
async def close(request: Request, staff: Reviewer, booking_id: str, status: Word = "") -> Response:
    """It took place, or nobody came."""
    await _desk(request).act(agenda.close, staff, _desk(request).desk, booking_id, status)
    return RedirectResponse(f"/console/bookings/{booking_id}?done=booking_closed", status_code=303)


@router.post("/bookings/{booking_id}/notes")
async def note(
    request: Request, staff: Reviewer, booking_id: str, text: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """A note for whoever meets the guest."""
    await _desk(request).act(agenda.note, staff, booking_id, text)
    return RedirectResponse(f"/console/bookings/{booking_id}?done=noted#notes", status_code=303)


@router.post("/days/{day}/close")
async def close_day(request: Request, staff: Editor, day: str, reason: Word = "") -> Response:
    """From now on nothing can be booked on that day; what is booked stays."""
    await request.app.state.database.writing(agenda.close_day, staff, _day(day), reason)
    return RedirectResponse(f"/console/bookings?week={_day(day)}&done=day_closed", status_code=303)


@router.post("/days/{day}/open")
async def open_day(request: Request, staff: Editor, day: str) -> Response:
    """It can be booked again."""
    await request.app.state.database.writing(agenda.open_day, staff, _day(day))
    return RedirectResponse(f"/console/bookings?week={_day(day)}&done=day_opened", status_code=303)


def _desk(request: Request) -> Bookings:
    found: Bookings = request.app.state.bookings
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("日付を「2026-11-25」のように書いてください。") from error

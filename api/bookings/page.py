"""The page behind the secret link: GET only shows, POST acts. The link is the key, so no cookie can be abused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import ValidationError

from api import errors
from api.bookings.errors import SlotTaken
from api.bookings.ics import calendar_file, method
from api.bookings.models import Booking
from api.bookings.requests import NewSlot
from api.bookings.routes import Desk
from api.bookings.service import Bookings
from api.bookings.wording import spoken, spoken_day
from api.render import BOOKING_TEMPLATES, page
from core.clock import TOKYO, today, utc_now
from core.errors import InvalidInput, JCreditError, NotFound, NotJson

router = APIRouter(tags=["bookings"])
A_WEEK = timedelta(days=7)
FORM = "application/x-www-form-urlencoded"


@router.get("/house.css", include_in_schema=False)
async def style() -> Response:
    """The style of the server's own pages."""
    css = (BOOKING_TEMPLATES / "house.css").read_text(encoding="utf-8")
    return Response(css, media_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=300"})


@router.get("/bookings/{token}.ics")
async def calendar(desk: Desk, token: str) -> Response:
    """The booking as a calendar file."""
    booking = await desk.read(desk.desk.by_token, token)
    cancelled = booking.status == "cancelled"
    entry = desk.letters.appointment(booking, booking.sequence, booking.start_at, booking.end_at, cancelled)
    headers = {"Content-Disposition": 'attachment; filename="booking.ics"', "Cache-Control": "no-store"}
    return Response(
        calendar_file(entry), media_type=f"text/calendar; charset=utf-8; method={method(entry)}", headers=headers
    )


@router.get("/bookings/{token}")
async def show(
    desk: Desk,
    token: str,
    request: Request,
    week: date | None = None,
    done: Annotated[str | None, Query(max_length=16)] = None,
) -> Response:
    """The booking as a page, or as JSON for who asks for it."""
    try:
        booking = await desk.read(desk.desk.by_token, token)
    except NotFound as error:
        if _wants_json(request):
            raise
        return page("error.html", 404, message=error.message, contact=desk.knowledge.contacts["regional"])
    if _wants_json(request):
        return _as_json(desk, desk.desk.card(booking))
    return await _page(desk, booking, token, week=week, done=done)


@router.post("/bookings/{token}/reschedule")
async def reschedule(desk: Desk, token: str, request: Request) -> Response:
    """Moves the booking to another slot; 409 with `alternatives` when that is taken."""
    sent = await _sent(request)
    booking = await desk.read(desk.desk.by_token, token)
    try:
        wanted = _new_slot(desk, sent)
        card = await desk.act(desk.desk.move_booking, booking.id, wanted.slot_id)
    except JCreditError as error:
        return await _refused(desk, request, booking, token, error)
    return _acted(desk, request, token, card, "moved")


@router.post("/bookings/{token}/cancel")
async def cancel(desk: Desk, token: str, request: Request) -> Response:
    """Cancels the booking; doing so again changes nothing."""
    sent = await _sent(request)
    booking = await desk.read(desk.desk.by_token, token)
    try:
        if _is_form(request) and sent.get("sure") != "yes":
            raise InvalidInput(desk.desk.book.texts.page["tick"], fields={"sure": desk.desk.book.texts.page["tick"]})
        card = await desk.act(desk.desk.cancel_booking, booking.id)
    except JCreditError as error:
        return await _refused(desk, request, booking, token, error)
    return _acted(desk, request, token, card, "cancelled")


async def _page(
    desk: Bookings,
    booking: Booking,
    token: str,
    *,
    week: date | None = None,
    done: str | None = None,
    fault: str | None = None,
    status: int = 200,
) -> Response:
    book, texts = desk.desk.book, desk.desk.book.texts
    first = max(week or booking.start_at.astimezone(TOKYO).date(), today())
    first -= timedelta(days=first.weekday())
    last_day = today() + timedelta(days=book.longest_horizon)
    slots = await desk.read(desk.desk.free_slots, booking.kind, first, first + A_WEEK - timedelta(days=1), booking.id)
    return page(
        "manage.html",
        status,
        booking=booking,
        texts=texts,
        contact=desk.knowledge.contacts["regional"],
        path=f"/bookings/{quote(token, safe='')}",
        when=spoken(booking.start_at, booking.end_at),
        place=desk.letters.place(booking),
        changeable=booking.status == "confirmed" and booking.start_at > utc_now(),
        days=_by_day([slot for slot in slots if datetime.fromisoformat(slot["start"]) != booking.start_at]),
        before=first - A_WEEK if first > today() else None,
        after=first + A_WEEK if first + A_WEEK <= last_day else None,
        done=texts.page.get(done) if done in ("moved", "cancelled") else None,
        fault=fault,
    )


def _by_day(slots: list[dict[str, str]]) -> list[tuple[str, list[dict[str, str]]]]:
    shown = [(datetime.fromisoformat(slot["start"]), slot) for slot in slots]
    return [
        (spoken_day(day), [{"id": slot["id"], "time": _hours(slot)} for _, slot in same])
        for day, same in groupby(shown, key=lambda pair: pair[0].date())
    ]


def _hours(slot: dict[str, str]) -> str:
    return "〜".join(f"{datetime.fromisoformat(slot[key]):%H:%M}" for key in ("start", "end"))


async def _sent(request: Request) -> dict[str, Any]:
    if _is_form(request):
        return {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    if not await request.body():
        return {}
    try:
        sent = await request.json()
    except (ValueError, RecursionError) as error:
        raise NotJson("JSON として読めません。送る内容の形を確かめてください。") from error
    if not isinstance(sent, dict):
        raise NotJson("JSON のオブジェクトを application/json で送ってください。")
    return sent


def _new_slot(desk: Bookings, sent: dict[str, Any]) -> NewSlot:
    try:
        return NewSlot.model_validate(sent)
    except ValidationError as error:
        reason = desk.desk.book.texts.page["choose"]
        raise InvalidInput(reason, fields={"slot_id": reason}) from error


async def _refused(desk: Bookings, request: Request, booking: Booking, token: str, error: JCreditError) -> Response:
    if not _is_form(request):
        return errors.as_response(error)
    booking = await desk.read(desk.desk.by_token, token)
    week = error.wanted.astimezone(TOKYO).date() if isinstance(error, SlotTaken) else None
    return await _page(desk, booking, token, week=week, fault=error.message, status=error.status)


def _acted(desk: Bookings, request: Request, token: str, card: dict[str, Any], done: str) -> Response:
    if _is_form(request):
        return RedirectResponse(f"/bookings/{quote(token, safe='')}?done={done}", status_code=303)
    return _as_json(desk, card)


def _as_json(desk: Bookings, card: dict[str, Any]) -> Response:
    return JSONResponse(desk.links.with_links(card), headers={"Cache-Control": "no-store"})


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted

"""The contract's booking endpoints."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.bookings.models import UsedKey
from api.bookings.requests import BookingRequest, Wish
from api.bookings.service import Bookings
from api.bookings.wording import iso
from api.chat import repository
from api.ids import digest
from core.clock import today, utc_now
from core.errors import Conflict, InvalidInput
from knowledge.schema_booking import Kind

router = APIRouter(prefix="/api", tags=["bookings"])
USUAL_DAYS = 14


class SlotShown(BaseModel):
    """A free slot; times in Japanese time."""

    id: str
    start: str
    end: str


class SlotsShown(BaseModel):
    """Free slots, in order."""

    slots: list[SlotShown]


class HoldShown(BaseModel):
    """A slot that is kept for a while."""

    hold_id: str
    expires_at: str


class BookingShown(BaseModel):
    """A booking as the contract shows it."""

    type: str
    booking_id: str
    status: str
    start: str
    end: str
    kind: str
    manage_url: str
    ics_url: str


def bookings(request: Request) -> Bookings:
    """The running desk."""
    found: Bookings = request.app.state.bookings
    return found


Desk = Annotated[Bookings, Depends(bookings)]


@router.get("/booking-slots")
async def slots(
    desk: Desk,
    kind: Kind,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> SlotsShown:
    """The free slots from one day to another, both included; two weeks from today when left out."""
    first = max(first or today(), today())
    last = last if last is not None else first + timedelta(days=USUAL_DAYS)
    found = [] if last < today() else await desk.read(desk.desk.free_slots, kind, first, _in_order(desk, first, last))
    return SlotsShown(slots=[SlotShown(**slot) for slot in found])


@router.post("/booking-holds", status_code=201)
async def hold(desk: Desk, wish: Wish, request: Request) -> HoldShown:
    """Keeps a slot for ten minutes; 409 with `alternatives` when it is taken."""
    await _check_owner(desk, request, wish.conversation_id)
    held = await desk.act(desk.desk.hold_slot, wish.slot_id, wish.kind, wish.conversation_id)
    assert held.expires_at is not None
    return HoldShown(hold_id=held.id, expires_at=iso(held.expires_at))


@router.post("/bookings", status_code=201)
async def book(
    desk: Desk,
    wanted: BookingRequest,
    request: Request,
    idempotency_key: Annotated[str | None, Header(max_length=128)] = None,
) -> BookingShown:
    """Books a slot or what was held; the same Idempotency-Key again gives the same booking."""
    if not idempotency_key or len(idempotency_key) < 8:
        reason = desk.desk.book.texts.refusals["key"]
        raise InvalidInput(f"{reason}。", fields={"Idempotency-Key": reason})
    await _check_owner(desk, request, wanted.conversation_id)
    body = json.dumps(wanted.model_dump(), sort_keys=True, ensure_ascii=False)
    keys = digest(idempotency_key), hashlib.sha256(body.encode()).hexdigest()
    try:
        card = await desk.act(_book_once, desk, wanted, *keys)
    except IntegrityError:  # the same key at the same moment: the other one was first
        card = await desk.act(_book_once, desk, wanted, *keys)
    return BookingShown(**desk.links.with_links(card))


def _book_once(
    session: Session, desk: Bookings, wanted: BookingRequest, key_hash: str, body_hash: str
) -> dict[str, Any]:
    used = session.get(UsedKey, key_hash)
    if used is None:
        # Stored before the slot is touched, so that the same key at the same moment waits here and not at the slot.
        used = UsedKey(key_hash=key_hash, body_hash=body_hash, created_at=utc_now())
        session.add(used)
        session.flush()
    elif used.body_hash != body_hash or used.response is None:
        raise Conflict(desk.desk.book.texts.refusals["same_key"])
    else:
        return used.response
    card = desk.desk.confirm_booking(session, wanted, wanted.slot_id, wanted.hold_id, wanted.conversation_id)
    used.booking_id, used.response = card["booking_id"], card
    return card


async def _check_owner(desk: Bookings, request: Request, conversation_id: str | None) -> None:
    """Who shows a conversation's token must show the right one; the contract lets it be left out."""
    _, _, token = request.headers.get("authorization", "").partition(" ")
    if conversation_id and token.strip():
        await desk.read(repository.authorised, conversation_id, token.strip())


def _in_order(desk: Bookings, first: date, last: date) -> date:
    if last < first:
        reason = desk.desk.book.texts.refusals["period"]
        raise InvalidInput(f"{reason}。", fields={"to": reason})
    return last

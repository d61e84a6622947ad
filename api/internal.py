"""What actions may read over loopback: free slots, and the bookings and cases of a conversation. Nothing is written."""

from __future__ import annotations

import hmac
import ipaddress
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from api.bookings.routes import Desk
from api.bookings.wording import spoken
from api.cases.routes import cases
from api.cases.service import Cases
from core.clock import now, today
from core.errors import NotFound
from knowledge.schema_booking import Kind

SECRET_HEADER = "x-internal-secret"  # noqa: S105 - the header's name


def only_inside(request: Request) -> None:
    """Lets only our own processes in: loopback, not passed on by a proxy, with the secret of this start."""
    expected = request.app.state.settings.internal_secret.get_secret_value()
    given = request.headers.get(SECRET_HEADER, "")
    from_here = _is_loopback(request.client.host if request.client else "")
    passed_on = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if passed_on or not from_here or not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotFound("見つかりません。アドレスを確かめてください。")


router = APIRouter(prefix="/internal", include_in_schema=False, dependencies=[Depends(only_inside)])
Kept = Annotated[Cases, Depends(cases)]


@router.get("/free-slots")
async def free_slots(
    desk: Desk,
    kind: Kind,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
    conversation_id: str | None = None,
    besides: str | None = None,
) -> dict[str, Any]:
    """Free slots with their spoken form; {slots:[{id,start,end,label}], bookable:{from,until}, visit_area:[…], now}.

    What the conversation holds counts as free, or else the time of its booking `besides`.
    """
    book = desk.desk.book
    until = today() + timedelta(days=book.longest_horizon)
    own = besides or await desk.read(desk.desk.hold_of, conversation_id)
    found = await desk.read(desk.desk.free_between, kind, first or today(), last or until, own)
    slots = [desk.desk.as_slot(slot) | {"label": spoken(slot.start, slot.end, today())} for slot in found[:limit]]
    period = next((p for c in book.calendars.values() if (p := c.on(today()))), None)
    return {
        "slots": slots,
        "bookable": {"from": today().isoformat(), "until": until.isoformat()},
        "visit_area": period.visit_area if period else [],
        "purpose": book.texts.purpose,
        "now": now().isoformat(),
    }


@router.get("/conversations/{conversation_id}/bookings")
async def bookings(desk: Desk, conversation_id: str) -> dict[str, Any]:
    """The bookings of a conversation, newest first: cards with their spoken time and place."""
    return {"bookings": await desk.read(desk.desk.described, conversation_id)}


@router.get("/conversations/{conversation_id}/cases")
async def kept_cases(desk: Desk, kept: Kept, conversation_id: str) -> dict[str, Any]:
    """The verdicts and estimates of a conversation, newest first."""
    return {"cases": await desk.read(kept.of, conversation_id)}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

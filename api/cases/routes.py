"""The printable page of a verdict or an estimate, opened by its secret link."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api.bookings.wording import spoken_day
from api.cases.service import Cases
from api.render import page
from core.clock import TOKYO
from core.errors import NotFound
from knowledge.loader import Knowledge

router = APIRouter(include_in_schema=False)


def cases(request: Request) -> Cases:
    """The running store of cases."""
    found: Cases = request.app.state.cases
    return found


@router.get("/print/{token}")
async def show(token: str, request: Request, kept: Annotated[Cases, Depends(cases)]) -> Response:
    """The result with everything it stands on, ready for paper."""
    known: Knowledge = request.app.state.chat.knowledge
    contact = known.contacts["regional"]
    try:
        case = await request.app.state.database.reading(kept.by_token, token)
    except NotFound as error:
        return page("error.html", 404, message=error.message, contact=contact)
    made = spoken_day(case.created_at.astimezone(TOKYO).date())
    verdict = case.data if case.kind == "verdict" else None
    estimate = case.data if case.kind == "estimate" else case.data.get("estimate")
    context = {"verdict": verdict, "estimate": estimate, "made": made, "case": case, "contact": contact}
    return page("print.html", number=number, release=case.release[:12], **context)


def number(value: Any) -> str:
    """A number with thousands separated and no needless digits; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{Decimal(str(value)).normalize():,f}"

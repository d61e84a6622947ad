"""Exports for spreadsheets and programs: masked unless an admin gives a reason; each one is kept in the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from api.console import exported, sheets
from api.console.audit import audit
from api.console.door import Forbidden, console_router, require
from api.console.render import HEADERS, page
from api.console.staff import Staff
from api.inquiries.statistics import Period
from core.clock import now, today
from core.errors import InvalidInput

router = console_router()
Reviewer = Annotated[Staff, Depends(require("reviewer"))]
Word = Annotated[str, Form(max_length=300)]
SHORTEST_REASON = 5
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@router.get("/export")
async def choose(request: Request, staff: Reviewer) -> Response:
    """The form."""
    return page(request, "export.html", staff, sets=exported.SETS, today=today(), fault=None)


@router.post("/export")
async def export(
    request: Request,
    staff: Reviewer,
    what: Word = "",
    form: Word = "csv",
    first: Word = "",
    last: Word = "",
    full: Word = "",
    reason: Word = "",
) -> Response:
    """A file that is written while it is read."""
    unmasked = full == "yes"
    period = _period(first, last)
    if what not in exported.SETS or form not in MEDIA:
        raise InvalidInput("書き出すものと形を選んでください。")
    if unmasked and not staff.may("admin"):
        raise Forbidden("全文を書き出せるのは管理者だけです。")
    if unmasked and len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput(f"全文を書き出す理由を{SHORTEST_REASON}文字以上で書いてください。")
    detail = f"{form} {period.first}〜{period.last}" + (f" 全文：{reason.strip()}" if unmasked else "")
    await request.app.state.database.writing(_note, staff, what, detail)
    name = f"jcredit-{what}-{now():%Y%m%d-%H%M}.{form}"
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox"}
    return StreamingResponse(_content(request, what, form, period, unmasked), media_type=MEDIA[form], headers=headers)


def _content(request: Request, what: str, form: str, period: Period, unmasked: bool) -> Iterator[bytes]:
    chosen = exported.SETS[what]
    rows = sheets.pieces(request.app.state.database, chosen.read, period, unmasked)
    return sheets.as_csv(chosen.columns, rows) if form == "csv" else sheets.as_json(rows)


def _note(session: Session, staff: Staff, what: str, detail: str) -> None:
    audit(session, staff, "export", what, detail)


def _period(first: str, last: str) -> Period:
    try:
        begin = date.fromisoformat(first) if first else date(2020, 1, 1)
        end = date.fromisoformat(last) if last else today()
    except ValueError as error:
        raise InvalidInput("日付を「2026-11-25」のように書いてください。") from error
    if begin > end:
        raise InvalidInput("終わりの日を、始まりの日と同じか、それより後にしてください。")
    return Period(begin, end)

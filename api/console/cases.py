"""Results of checks and estimates, with everything they stand on."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, Query, Request, Response
from sqlalchemy.orm import Session

from api.cases.models import Case
from api.console.audit import audit
from api.console.door import console_router, require
from api.console.render import page
from api.console.shown import shown_value
from api.console.staff import Staff
from api.console.titles import Titles
from core.errors import NotFound

router = console_router()
Anyone = Annotated[Staff, Depends(require("viewer"))]
ON_A_PAGE, LAST_PAGE = 30, 1000
KINDS = {"": "すべて", "verdict": "対象の確認", "estimate": "計算"}


@router.get("/cases")
async def cases(
    request: Request,
    staff: Anyone,
    kind: Annotated[str, Query(max_length=8)] = "",
    page_number: Annotated[int, Query(alias="page", ge=1, le=LAST_PAGE)] = 1,
) -> Response:
    """The newest first."""
    found, total = await request.app.state.database.reading(_cases, kind, page_number)
    last_page = max(1, -(-total // ON_A_PAGE))
    shown: dict[str, Any] = {"cases": found, "total": total, "kind": kind, "kinds": KINDS, "titles": Titles.of(request)}
    return page(request, "cases.html", staff, number_of_page=page_number, last_page=last_page, **shown)


@router.get("/cases/{case_id}")
async def case(request: Request, staff: Anyone, case_id: str) -> Response:
    """One result: verdict, rules with their outcomes, estimate, release."""
    found, data = await request.app.state.database.writing(_case, staff, case_id)
    shown: dict[str, Any] = {"case": found, "titles": Titles.of(request)}
    shown["verdict"] = data if found.kind == "verdict" else None
    shown["estimate"] = data if found.kind == "estimate" else data.get("estimate")
    return page(request, "case.html", staff, **shown)


def _cases(session: Session, kind: str, number: int) -> tuple[list[Case], int]:
    mine = [Case.kind == kind] if kind in ("verdict", "estimate") else []
    total = session.scalar(sa.select(sa.func.count()).select_from(Case).where(*mine)) or 0
    wanted = sa.select(Case).where(*mine).order_by(Case.created_at.desc(), Case.id).limit(ON_A_PAGE)
    return list(session.scalars(wanted.offset((number - 1) * ON_A_PAGE))), total


def _case(session: Session, staff: Staff, case_id: str) -> tuple[Case, dict[str, Any]]:
    found = session.get(Case, case_id)
    if found is None:
        raise NotFound("この結果は見つかりません。消された可能性があります。")
    audit(session, staff, "case.read", case_id)
    data: dict[str, Any] = shown_value(found.data)
    return found, data

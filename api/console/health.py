"""How well the knowledge is kept: due for review, without a source, never used, disliked, sources to look at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.console.audit import audit
from api.console.door import console_router, require, unknown
from api.console.models import SourceCheck
from api.console.render import page
from api.console.staff import Staff
from api.inquiries.models import Inquiry
from core.clock import today, utc_now
from knowledge.loader import Knowledge
from knowledge.schema import Answer

router = console_router()
Anyone = Annotated[Staff, Depends(require("viewer"))]
Editor = Annotated[Staff, Depends(require("editor"))]
SOON, USED_WITHIN, RECHECK_AFTER = timedelta(days=60), timedelta(days=180), timedelta(days=180)
MOST_DISLIKED = 15


@dataclass(frozen=True)
class Disliked:
    """An answer that people or staff found wanting."""

    answer: Answer
    used: int
    disliked: int
    wrong: int


@dataclass(frozen=True)
class Stale:
    """A source that nobody has looked at for long; `uses` answers stand on it."""

    id: str
    title: str
    url: str | None
    checked_at: datetime | None
    uses: int


@dataclass(frozen=True)
class Health:
    """All lists of the page."""

    due: list[Answer]
    unsourced: list[Answer]
    unused: list[Answer]
    disliked: list[Disliked]
    stale: list[Stale]


@router.get("/health")
async def health(request: Request, staff: Anyone) -> Response:
    """All lists."""
    knowledge: Knowledge = request.app.state.chat.knowledge
    found = await request.app.state.database.reading(of, knowledge, today())
    total = len(knowledge.answers)
    return page(request, "health.html", staff, health=found, today=today(), total=total, sources=len(knowledge.sources))


@router.post("/health/sources/{source_id}")
async def checked(request: Request, staff: Editor, source_id: str) -> Response:
    """That somebody looked at a source today."""
    if source_id not in request.app.state.chat.knowledge.sources:
        raise unknown()
    await request.app.state.database.writing(_checked, staff, source_id)
    return RedirectResponse("/console/health?done=saved#sources", status_code=303)


def of(session: Session, knowledge: Knowledge, day: date) -> Health:
    """The lists on a day."""
    answers = knowledge.answers.values()
    recently = sa.and_(Inquiry.created_at >= utc_now() - USED_WITHIN, Inquiry.topic.is_not(None))
    used = set(session.scalars(sa.select(Inquiry.topic).where(recently).distinct()))
    return Health(
        due=sorted((a for a in answers if a.review_by <= day + SOON), key=lambda a: (a.review_by, a.id)),
        unsourced=[a for a in answers if not a.sources or a.status == "unverified"],
        unused=[a for a in answers if a.id not in used],
        disliked=_disliked(session, knowledge),
        stale=_stale(session, knowledge),
    )


def _disliked(session: Session, knowledge: Knowledge) -> list[Disliked]:
    bad = sa.func.sum(sa.case((Inquiry.disliked.is_(True), 1), else_=0))
    wrong = sa.func.sum(sa.case((Inquiry.verdict.in_(("wrong", "outdated")), 1), else_=0))
    wanted = (
        sa.select(Inquiry.topic, sa.func.count(), bad, wrong)
        .where(Inquiry.topic.in_(list(knowledge.answers)))
        .group_by(Inquiry.topic)
        .having(bad + wrong > 0)
        .order_by((bad + wrong).desc(), Inquiry.topic)
        .limit(MOST_DISLIKED)
    )
    return [Disliked(knowledge.answers[i], n, b, w) for i, n, b, w in session.execute(wanted)]


def _stale(session: Session, knowledge: Knowledge) -> list[Stale]:
    checks = {check.source_id: check.checked_at for check in session.scalars(sa.select(SourceCheck))}
    uses: dict[str, int] = {}
    for answer in knowledge.answers.values():
        for source_id in answer.sources:
            uses[source_id] = uses.get(source_id, 0) + 1
    oldest = utc_now() - RECHECK_AFTER
    found = [
        Stale(i, source.title, str(source.url) if source.url else None, checks.get(i), uses.get(i, 0))
        for i, source in knowledge.sources.items()
        if i not in checks or checks[i] < oldest
    ]
    return sorted(found, key=lambda stale: (-stale.uses, stale.id))


def _checked(session: Session, staff: Staff, source_id: str) -> None:
    session.merge(SourceCheck(source_id=source_id, staff_id=staff.id, checked_at=utc_now()))
    audit(session, staff, "source.check", source_id[:64])

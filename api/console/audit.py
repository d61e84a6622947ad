"""Writes into the append-only record, in the transaction of what it tells about."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.console.models import Audit
from api.console.staff import Staff
from core.clock import utc_now

SYSTEM = "システム"


def audit(session: Session, staff: Staff | None, what: str, subject: str, detail: str | None = None) -> None:
    """`what` is a word with a dot (`conversation.read`), `subject` an id, `detail` a reason: never a person's text."""
    session.add(
        Audit(
            staff_id=staff.id if staff else None,
            who=staff.name if staff else SYSTEM,
            what=what,
            subject=subject,
            detail=detail,
            created_at=utc_now(),
        )
    )

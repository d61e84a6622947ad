"""Writes into the append-only record, in the transaction of what it tells about."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.console.models import APPEND_ONLY, Audit
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


TAKE_GUARD = {"sqlite": "DROP TRIGGER audit_keeps_DELETE", "postgresql": "DROP TRIGGER audit_keeps_DELETE ON audit"}


def prune_audit(session: Session, before: datetime) -> int:
    """Only for the night's work: removes entries whose time is over, its guard off in this transaction alone."""
    old = Audit.created_at < before
    if session.scalar(sa.select(Audit.id).where(old).limit(1)) is None:
        return 0
    connection = session.connection()
    dialect = connection.dialect.name
    connection.exec_driver_sql(TAKE_GUARD[dialect])
    gone = connection.execute(sa.delete(Audit).where(old)).rowcount
    connection.exec_driver_sql(APPEND_ONLY[dialect][-1].format(verb="DELETE"))
    return gone

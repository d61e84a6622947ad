"""One line a thread: the oldest waiting row of each is claimed; what fails waits, and what comes after it too."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.channels.models import Arrival, Departure
from core.clock import utc_now

Row = type[Arrival] | type[Departure]
AT_ONCE = 32
LEASE = timedelta(seconds=60)
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
BUSY = "busy"
"""The failure of a try that certainly did not arrive."""
MOST_ATTEMPTS = 200  # more than half a day


def claim(session: Session, table: Row, busy: set[int]) -> list[int]:
    """Ids of the first waiting row of each thread that is not busy and need not wait; leased for a minute."""
    first = sa.select(sa.func.min(table.id)).where(table.done_at.is_(None)).group_by(table.thread_id)
    wanted = (
        sa.select(table)
        .where(table.id.in_(first), table.thread_id.not_in(busy))
        .where(sa.or_(table.try_after.is_(None), table.try_after <= real_now()))
        .order_by(table.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = list(session.scalars(wanted))
    for row in found:
        row.attempts += 1
        row.try_after = real_now() + LEASE
    return [row.id for row in found]


def finish(session: Session, table: Row, row_id: int, failure: str | None = None) -> None:
    """Marks a row as done and forgets what it held."""
    row = session.get(table, row_id)
    if row is None:
        return
    row.done_at, row.failure, row.try_after = utc_now(), failure, None
    if isinstance(row, Arrival):
        row.event = {}
    elif isinstance(row, Departure):
        row.route = {}


def postpone(session: Session, table: Row, row_id: int, failure: str, seconds: float | None = None) -> None:
    """Lets a row wait; after very many tries it is given up, so that what follows can go."""
    row = session.get(table, row_id)
    if row is None:
        return
    if row.attempts >= MOST_ATTEMPTS:
        finish(session, table, row_id, failure)
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.attempts - 1, 12)) * random.uniform(0.8, 1.2)
    row.failure, row.try_after = failure, real_now() + timedelta(seconds=seconds if seconds is not None else wait)


def free_leases(session: Session) -> None:
    """At the start of the only process: what a killed one had claimed may go on at once."""
    for table in (Arrival, Departure):
        session.execute(sa.update(table).where(table.done_at.is_(None)).values(try_after=None))


def real_now() -> datetime:
    """Real time, never moved by CLOCK."""
    return datetime.now(UTC)

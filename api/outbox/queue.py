"""Putting notices into the outbox, and taking back those that are no longer true."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.ids import new_id
from api.outbox.models import Notice
from core.clock import utc_now

REMIND_BEFORE = timedelta(hours=24)


class Outbox:
    """Writes notices in the transaction of what they tell about; the worker sends them later."""

    def __init__(self, domain: str) -> None:
        self._domain = domain

    def put(
        self,
        session: Session,
        what: str,
        key: str,
        *,
        booking_id: str | None = None,
        channel: str = "email",
        due_at: datetime | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        """One notice; `key` says which, so that it cannot be written twice."""
        session.add(
            Notice(
                key=f"{key}:{what}" if channel == "email" else f"{key}:{what}:{channel}",
                message_id=f"<{new_id()}@{self._domain}>",
                what=what,
                channel=channel,
                booking_id=booking_id,
                data=data or {},
                due_at=due_at,
                attempts=0,
                created_at=utc_now(),
            )
        )

    @staticmethod
    def take_back_reminders(session: Session, booking_id: str) -> None:
        """Drops the reminders that wait for a booking that moved or ended."""
        session.execute(
            sa.update(Notice)
            .where(Notice.booking_id == booking_id, Notice.what == "guest_reminder", Notice.sent_at.is_(None))
            .values(dropped_at=utc_now())
            .execution_options(synchronize_session=False)
        )

"""The outbox: one row a notice, written in the transaction of what it tells about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models import Base


class Notice(Base):
    """A notice to a guest or to staff. It holds no name, address or link: those are read when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (sa.Index("ix_notices_waiting", "sent_at", "dropped_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(96), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    what: Mapped[str] = mapped_column(sa.String(24))
    channel: Mapped[str] = mapped_column(sa.String(8), default="email")
    booking_id: Mapped[str | None] = mapped_column(sa.ForeignKey("bookings.id", ondelete="CASCADE"), index=True)
    data: Mapped[dict[str, Any]]
    due_at: Mapped[datetime | None]
    """None means at once."""
    attempts: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[datetime | None]
    """In real time, never moved by CLOCK: a claim's end, or the end of a back-off."""
    sent_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]

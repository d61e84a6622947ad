"""What is stored of bookings: the appointment, the cells of time it takes, what happened to it, and used keys."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models import Base
from knowledge.schema_booking import Kind


class Booking(Base):
    """A hold or an appointment. The manage link's token is stored only as a hash."""

    __tablename__ = "bookings"
    __table_args__ = (
        sa.CheckConstraint("status IN ('held', 'confirmed', 'cancelled', 'done', 'no_show')", name="status"),
        sa.CheckConstraint("kind IN ('web', 'visit')", name="kind"),
        sa.CheckConstraint("start_at < end_at", name="order"),
        sa.CheckConstraint("status <> 'held' OR expires_at IS NOT NULL", name="hold_ends"),
        sa.Index("ix_bookings_calendar_id_start_at", "calendar_id", "start_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    calendar_id: Mapped[str] = mapped_column(sa.String(32))
    kind: Mapped[Kind] = mapped_column(sa.String(8))
    status: Mapped[str] = mapped_column(sa.String(12))
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    conversation_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    ical_uid: Mapped[str] = mapped_column(sa.String(255), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    name: Mapped[str | None] = mapped_column(sa.String(100))
    organization: Mapped[str | None] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(32))
    prefecture: Mapped[str | None] = mapped_column(sa.String(8))
    address: Mapped[str | None] = mapped_column(sa.String(300))
    topic: Mapped[str | None] = mapped_column(sa.Text)
    consent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class BusyCell(Base):
    """One cell of a calendar that a booking takes, buffers included. The primary key forbids double booking."""

    __tablename__ = "booking_cells"

    calendar_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    start_at: Mapped[datetime] = mapped_column(primary_key=True)
    booking_id: Mapped[str] = mapped_column(sa.ForeignKey("bookings.id", ondelete="CASCADE"), index=True)


class BookingEvent(Base):
    """What happened to a booking, when, and through whom; a move is an event, not a state."""

    __tablename__ = "booking_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[str] = mapped_column(sa.ForeignKey("bookings.id", ondelete="CASCADE"), index=True)
    event: Mapped[str] = mapped_column(sa.String(16))
    by: Mapped[str] = mapped_column(sa.String(8))
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class UsedKey(Base):
    """An Idempotency-Key that was used (its hash), for which body, and what it was answered with."""

    __tablename__ = "idempotency_keys"

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    booking_id: Mapped[str | None] = mapped_column(sa.ForeignKey("bookings.id", ondelete="CASCADE"), index=True)
    response: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class ClosedDay(Base):
    """A day that staff closed besides those of knowledge/booking/; nothing can be booked on it."""

    __tablename__ = "closed_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(100))
    created_at: Mapped[datetime]

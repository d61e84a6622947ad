"""What the channels keep: who talks where, what came in, and what must go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models import Base


class Thread(Base):
    """One place on a platform (a person, a group, a Slack thread) and the conversation held there."""

    __tablename__ = "channel_threads"
    __table_args__ = (sa.UniqueConstraint("channel", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(sa.String(8))
    key: Mapped[str] = mapped_column(sa.String(128))
    conversation_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    stopped: Mapped[bool] = mapped_column(default=False)
    """The person left or blocked us: nothing is sent any more."""
    erase_on_leaving: Mapped[bool] = mapped_column(default=False)
    """What the person chose: leaving erases the conversation, or only stops it."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Waiting(Base):
    """What both lines have in common: one waits behind the other in its thread until it is done."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("channel_threads.id", ondelete="CASCADE"))
    attempts: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[datetime | None]
    """In real time, never moved by CLOCK: a claim's end, or the end of a back-off."""
    done_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(sa.String(64))


class Arrival(Waiting):
    """One event of a platform, kept before it is acknowledged; its content goes when it is done."""

    __tablename__ = "channel_arrivals"
    __table_args__ = (
        sa.UniqueConstraint("channel", "event_id"),
        sa.Index("ix_channel_arrivals_waiting", "done_at", "thread_id", "id"),
    )

    channel: Mapped[str] = mapped_column(sa.String(8))
    event_id: Mapped[str] = mapped_column(sa.String(96))
    event: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]


class Departure(Waiting):
    """Stored messages that must be sent to a thread, in order. It holds no text: that is read when it is sent."""

    __tablename__ = "channel_departures"
    __table_args__ = (sa.Index("ix_channel_departures_waiting", "done_at", "thread_id", "id"),)

    key: Mapped[str] = mapped_column(sa.String(128), unique=True)
    """Says which sending this is, so that it cannot be queued twice."""
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_ids: Mapped[list[Any]]
    route: Mapped[dict[str, Any]]
    """How to answer the event: a reply token, a response address … Empty: an ordinary message."""
    retry_key: Mapped[str] = mapped_column(sa.String(36))
    sent_parts: Mapped[int] = mapped_column(default=0)
    """So many of its send calls arrived already."""
    created_at: Mapped[datetime]

"""What is stored: conversations, the turns in them, their messages and buttons, feedback, receipts of erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from api.db.types import UtcDateTime

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables; constraints have names, so that migrations can speak of them."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: sa.JSON, list[Any]: sa.JSON}


class Conversation(Base):
    """One person's talk with the assistant; only a hash of its token is kept."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    channel: Mapped[str] = mapped_column(sa.String(16))
    handoff: Mapped[str] = mapped_column(sa.String(8), default="bot")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class TurnRecord(Base):
    """What the person sent and how it was understood and answered; staff review these."""

    __tablename__ = "turns"
    __table_args__ = (
        sa.UniqueConstraint("conversation_id", "client_message_id"),
        sa.Index("ix_turns_full_gone_at", "full_gone_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    client_message_id: Mapped[str] = mapped_column(sa.String(64))
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    text: Mapped[str] = mapped_column(sa.Text)
    masked_text: Mapped[str | None] = mapped_column(sa.Text)
    """What staff reads; after the retention period `text` holds it, too, and `full_gone_at` says since when."""
    full_gone_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(sa.String(16))
    intent: Mapped[str | None] = mapped_column(sa.String(64))
    confidence: Mapped[float | None]
    parse: Mapped[dict[str, Any] | None]
    slots: Mapped[dict[str, Any] | None]
    knowledge_ids: Mapped[list[Any] | None]
    release_id: Mapped[str] = mapped_column(sa.String(64))
    outcome: Mapped[str] = mapped_column(sa.String(16), index=True)
    failure: Mapped[str | None] = mapped_column(sa.String(64))
    latency_ms: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class MessageRecord(Base):
    """One message on the screen, of the person, the bot, the staff or the system."""

    __tablename__ = "messages"
    __table_args__ = (sa.Index("ix_messages_full_gone_at", "full_gone_at", "created_at"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[int | None] = mapped_column(sa.ForeignKey("turns.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(sa.String(8))
    kind: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[str] = mapped_column(sa.Text)
    masked_text: Mapped[str | None] = mapped_column(sa.Text)
    full_gone_at: Mapped[datetime | None]
    parts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    choices: Mapped[list[ChoiceRecord]] = relationship(
        order_by="ChoiceRecord.position", cascade="all, delete-orphan", lazy="selectin"
    )


class ChoiceRecord(Base):
    """A button: an opaque id outside, its meaning inside."""

    __tablename__ = "choices"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    message_seq: Mapped[int] = mapped_column(sa.ForeignKey("messages.seq", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(sa.Text)
    ref: Mapped[dict[str, Any]]


class Feedback(Base):
    """What a person thought of one message; the last word counts."""

    __tablename__ = "feedback"

    message_seq: Mapped[int] = mapped_column(sa.ForeignKey("messages.seq", ondelete="CASCADE"), primary_key=True)
    rating: Mapped[str] = mapped_column(sa.String(4))
    comment: Mapped[str | None] = mapped_column(sa.Text)
    masked_comment: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]


class Erasure(Base):
    """That something was erased, and when; never what or whose."""

    __tablename__ = "erasures"

    receipt: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    turns: Mapped[int]
    created_at: Mapped[datetime]

"""Inquiries beside the turns: what the inbox filters and groups by, the words to search, and the staff's work."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models import Base

FILTERED = ("outcome", "unsure", "disliked", "channel", "field", "intent", "created_at")
"""In the grouping index, so that no row has to be fetched to count it."""


class Inquiry(Base):
    """One turn in a narrow row, so that 100,000 of them are grouped quickly. `question_key` is a hash."""

    __tablename__ = "inquiries"
    __table_args__ = (
        sa.Index("ix_inquiries_outcome_key", "outcome", "question_key", "turn_id"),
        sa.Index("ix_inquiries_key", "question_key", "turn_id", *FILTERED),
        sa.Index("ix_inquiries_charts", "created_at", "outcome", "channel", "topic", "verdict"),
    )

    turn_id: Mapped[int] = mapped_column(
        sa.ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    question_key: Mapped[str] = mapped_column(sa.String(24))
    channel: Mapped[str] = mapped_column(sa.String(16))
    intent: Mapped[str | None] = mapped_column(sa.String(64))
    topic: Mapped[str | None] = mapped_column(sa.String(96))
    """The answer that was given or came first; its part before the dot is the field."""
    field: Mapped[str | None] = mapped_column(sa.String(32))
    outcome: Mapped[str] = mapped_column(sa.String(16))
    unsure: Mapped[bool]
    disliked: Mapped[bool]
    verdict: Mapped[str | None] = mapped_column(sa.String(8))
    created_at: Mapped[datetime]


class Asked(Base):
    """That a turn ended with a question of a task: for which field. Shows where people stop."""

    __tablename__ = "asked"
    __table_args__ = (sa.Index("ix_asked_task", "task", "created_at"),)

    turn_id: Mapped[int] = mapped_column(
        sa.ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    task: Mapped[str] = mapped_column(sa.String(24))
    field: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]


class TurnWord(Base):
    """A word of a turn's masked text in its normal form."""

    __tablename__ = "turn_words"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    turn_id: Mapped[int] = mapped_column(
        sa.ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )


class Judgement(Base):
    """What staff thinks of the answer to one turn; the last word counts, the audit keeps the others."""

    __tablename__ = "judgements"
    __table_args__ = (
        sa.CheckConstraint("verdict IN ('right', 'wrong', 'outdated')", name="verdict"),
        sa.CheckConstraint("better IN ('answer', 'out_of_scope', 'new_topic')", name="better"),
    )

    turn_id: Mapped[int] = mapped_column(
        sa.ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    verdict: Mapped[str] = mapped_column(sa.String(8))
    better: Mapped[str | None] = mapped_column(sa.String(16))
    """What would have been right: an answer (`better_id`), out of scope, or a topic that is missing."""
    better_id: Mapped[str | None] = mapped_column(sa.String(96))
    remark: Mapped[str | None] = mapped_column(sa.Text)
    release_id: Mapped[str] = mapped_column(sa.String(64))
    staff_id: Mapped[str | None] = mapped_column(sa.ForeignKey("staff_accounts.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class Work(Base):
    """Who takes care of a question (all turns with its key) or of one conversation, and how far that is."""

    __tablename__ = "work"
    __table_args__ = (
        sa.CheckConstraint("(question_key IS NULL) <> (conversation_id IS NULL)", name="subject"),
        sa.CheckConstraint("status IN ('open', 'doing', 'done')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_key: Mapped[str | None] = mapped_column(sa.String(24), unique=True)
    conversation_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE"), unique=True
    )
    status: Mapped[str] = mapped_column(sa.String(8))
    assignee_id: Mapped[str | None] = mapped_column(sa.ForeignKey("staff_accounts.id", ondelete="SET NULL"), index=True)
    updated_at: Mapped[datetime]


class WorkTag(Base):
    """A tag on a piece of work."""

    __tablename__ = "work_tags"

    work_id: Mapped[int] = mapped_column(sa.ForeignKey("work.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True, index=True)


class WorkNote(Base):
    """A note of the staff on a piece of work."""

    __tablename__ = "work_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(sa.ForeignKey("work.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[str | None] = mapped_column(sa.ForeignKey("staff_accounts.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]


class Handoff(Base):
    """One time that a person asked for, or got, a human: waiting since, taken by whom and when, released."""

    __tablename__ = "handoffs"
    __table_args__ = (sa.Index("ix_handoffs_open", "released_at", "waiting_since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    waiting_since: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    staff_id: Mapped[str | None] = mapped_column(sa.ForeignKey("staff_accounts.id", ondelete="SET NULL"))
    released_at: Mapped[datetime | None]


class Unmasking(Base):
    """For how long one signed-in person may read the full text of one conversation; the reason is in the audit."""

    __tablename__ = "unmaskings"

    staff_session_id: Mapped[str] = mapped_column(
        sa.ForeignKey("staff_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[str] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    until: Mapped[datetime]

"""Erases one person everywhere: conversations, what hangs on them, bookings with their mails; leaves a receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.bookings.models import Booking
from api.channels.models import Thread
from api.db.models import Conversation, Erasure, Feedback, MessageRecord, TurnRecord
from api.ids import new_id
from api.inquiries import indexing
from core.clock import utc_now

ESCAPE = "\\"


@dataclass(frozen=True)
class Found:
    """What belongs to an e-mail address: conversations that hold it, and appointments."""

    conversations: list[str] = field(default_factory=list)
    bookings: list[str] = field(default_factory=list)
    upcoming: int = 0

    def __bool__(self) -> bool:
        return bool(self.conversations or self.bookings)


def prepare(session: Session, conversation_id: str) -> None:
    """Before a conversation goes: its appointments that are over go."""
    over = sa.or_(Booking.status != "confirmed", Booking.end_at <= utc_now())
    session.execute(_quietly(sa.delete(Booking).where(Booking.conversation_id == conversation_id, over)))


def find(session: Session, email: str) -> Found:
    """Everything under an address: its appointments, their conversations, conversations in which it was written."""
    email = email.strip().lower()
    bookings = list(session.scalars(sa.select(Booking).where(sa.func.lower(Booking.email) == email)))
    linked = {booking.conversation_id for booking in bookings if booking.conversation_id}
    pattern = "%" + email.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_") + "%"
    for table in (TurnRecord, MessageRecord):
        wanted = sa.select(table.conversation_id).where(sa.func.lower(table.text).like(pattern, escape=ESCAPE))
        linked |= set(session.scalars(wanted.distinct()))
    upcoming = sum(booking.status == "confirmed" and booking.start_at > utc_now() for booking in bookings)
    return Found(sorted(linked), [booking.id for booking in bookings], upcoming)


def erase_bookings(session: Session, booking_ids: list[str]) -> str:
    """Removes appointments with their times, events, notices and used keys; returns the receipt."""
    session.execute(_quietly(sa.delete(Booking).where(Booking.id.in_(booking_ids))))
    receipt = new_id()
    session.add(Erasure(receipt=receipt, turns=0, created_at=utc_now()))
    return receipt


def conversation(session: Session, conversation_id: str) -> Conversation | None:
    """The conversation, if it is there."""
    return session.get(Conversation, conversation_id)


def threads_of(session: Session, conversation_id: str) -> list[int]:
    """The places on LINE or Slack where the conversation is held."""
    return list(session.scalars(sa.select(Thread.id).where(Thread.conversation_id == conversation_id)))


def forget_threads(session: Session, thread_ids: list[int]) -> None:
    """Removes those places, whose keys are the person's there, with what came in and waits."""
    session.execute(_quietly(sa.delete(Thread).where(Thread.id.in_(thread_ids))))


def expire_conversation(session: Session, conversation_id: str) -> None:
    """Removes a conversation whose time is over, without a receipt."""
    prepare(session, conversation_id)
    forget_threads(session, threads_of(session, conversation_id))
    indexing.forget(session, conversation_id)
    messages = sa.select(MessageRecord.seq).where(MessageRecord.conversation_id == conversation_id)
    session.execute(_quietly(sa.delete(Feedback).where(Feedback.message_seq.in_(messages))))
    session.execute(_quietly(sa.delete(Conversation).where(Conversation.id == conversation_id)))


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)

"""What goes out to a person on a platform: replies of a turn, words of the staff, notices of the system."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.channels.models import Departure, Thread
from api.chat import repository
from api.chat.contract import Message
from api.db.models import Conversation, MessageRecord
from core.clock import utc_now

PULLED = frozenset({"web"})
"""Channels that fetch their messages themselves."""


def post(session: Session, conversation: Conversation, message_ids: list[str]) -> None:
    """Queues stored messages of staff or system for the person's own channel, in the caller's transaction."""
    if conversation.channel in PULLED or not message_ids:
        return
    here = Thread.conversation_id == conversation.id, Thread.channel == conversation.channel
    for thread in session.scalars(sa.select(Thread).where(*here)):
        queue(session, thread, f"message:{message_ids[0]}", message_ids)


def queue(
    session: Session, thread: Thread, key: str, message_ids: list[str], route: dict[str, Any] | None = None
) -> None:
    """Queues stored messages for one thread; the same key again changes nothing."""
    whole = f"{key}:{thread.id}"
    known = session.scalar(sa.select(Departure.id).where(Departure.key == whole))
    if known or thread.stopped or not message_ids or thread.conversation_id is None:
        return
    session.add(
        Departure(
            key=whole,
            thread_id=thread.id,
            conversation_id=thread.conversation_id,
            message_ids=message_ids,
            route=route or {},
            retry_key=str(uuid.uuid4()),
            sent_parts=0,
            attempts=0,
            created_at=utc_now(),
        )
    )


def waiting_messages(session: Session, departure: Departure) -> list[Message]:
    """The messages of a departure that still exist, in order."""
    wanted = sa.select(MessageRecord).where(MessageRecord.id.in_(departure.message_ids)).order_by(MessageRecord.seq)
    return [repository.as_message(record) for record in session.scalars(wanted)]

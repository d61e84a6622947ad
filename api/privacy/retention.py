"""What the night takes: full texts first, then whole conversations, bookings, mails and records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.bookings.models import Booking
from api.console.audit import prune_audit
from api.db.models import Conversation, Erasure, Feedback, MessageRecord, TurnRecord
from api.outbox.models import Notice
from api.privacy.erasure import expire_conversation
from api.privacy.masking import mask, mask_data
from api.privacy.periods import periods
from core.clock import utc_now

AT_ONCE = 200


@dataclass
class Taken:
    """How much one night took."""

    masked: int = 0
    full_texts: int = 0
    states: int = 0
    conversations: int = 0
    bookings: int = 0
    mails: int = 0
    notices: int = 0
    audit: int = 0
    receipts: int = 0


def mask_old(session: Session) -> int:
    """Makes the masked copies of texts that were stored before there were any; returns how many."""
    found = _texts(session, lambda table: [table.masked_text.is_(None)])
    for record in found:
        record.masked_text = mask(record.text)
    comments = sa.select(Feedback).where(Feedback.comment.is_not(None), Feedback.masked_comment.is_(None))
    opinions = list(session.scalars(comments.limit(AT_ONCE)))
    for opinion in opinions:
        opinion.masked_comment = mask(opinion.comment or "")
    return len(found) + len(opinions)


def quiet_conversations(session: Session) -> list[str]:
    """Conversations that still hold full texts and were last used before the period: their dialogue state goes, too."""
    wanted = (
        sa.select(Conversation.id)
        .join(MessageRecord, MessageRecord.conversation_id == Conversation.id)
        .where(Conversation.updated_at < periods().full_text.cutoff(), MessageRecord.full_gone_at.is_(None))
    )
    return list(session.scalars(wanted.distinct()))


def take_full_texts(session: Session) -> int:
    """Puts the masked copy in place of full texts that are too old; returns how many."""
    cutoff = periods().full_text.cutoff()
    old = _texts(session, lambda table: [table.full_gone_at.is_(None), table.created_at < cutoff])
    for record in old:
        record.text = record.masked_text = record.masked_text or mask(record.text)
        record.full_gone_at = utc_now()
        _take_details(session, record)
    return len(old)


def old_conversations(session: Session) -> list[str]:
    """Conversations that are over and older than even the masked copy may be."""
    wanted = sa.select(Conversation.id).where(Conversation.updated_at < periods().masked_text.cutoff())
    return list(session.scalars(wanted.limit(AT_ONCE)))


def take_conversations(session: Session, ids: list[str]) -> int:
    """Removes whole conversations; returns how many."""
    for conversation_id in ids:
        expire_conversation(session, conversation_id)
    return len(ids)


def take_old_parts(session: Session) -> int:
    """Removes turns and messages of that age from conversations that go on, as on LINE; returns how many turns."""
    cutoff = periods().masked_text.cutoff()
    gone = _delete(session, TurnRecord, TurnRecord.created_at < cutoff)
    _delete(session, MessageRecord, MessageRecord.created_at < cutoff)
    return gone


def take_bookings(session: Session) -> int:
    """Removes appointments that are long over; returns how many."""
    return _delete(session, Booking, Booking.end_at < periods().bookings.cutoff())


def take_records(session: Session) -> Taken:
    """Removes old records of notices, audit and erasures."""
    notices = _delete(session, Notice, Notice.created_at < periods().notices.cutoff(), Notice.booking_id.is_(None))
    receipts = _delete(session, Erasure, Erasure.created_at < periods().receipts.cutoff())
    audit = prune_audit(session, periods().audit.cutoff())
    return Taken(notices=notices, audit=audit, receipts=receipts)


def _texts(session: Session, which: Callable[[Any], list[Any]]) -> list[TurnRecord | MessageRecord]:
    turns = session.scalars(sa.select(TurnRecord).where(*which(TurnRecord)).limit(AT_ONCE))
    messages = session.scalars(sa.select(MessageRecord).where(*which(MessageRecord)).limit(AT_ONCE))
    return [*turns, *messages]


def _take_details(session: Session, record: TurnRecord | MessageRecord) -> None:
    """What else of a turn or message may hold the person's words."""
    if isinstance(record, TurnRecord):
        record.slots = None
        parse: dict[str, Any] = record.parse or {}
        record.parse = parse | {"entities": []} if parse else None
        return
    record.parts = mask_data(record.parts)
    for choice in record.choices:
        choice.label = mask(choice.label)
        choice.ref = mask_data(choice.ref)
    session.execute(
        sa.update(Feedback)
        .where(Feedback.message_seq == record.seq, Feedback.comment.is_not(None))
        .values(comment=Feedback.masked_comment)
    )


def _delete(session: Session, table: Any, *where: Any) -> int:
    statement = sa.delete(table).where(*where).execution_options(synchronize_session=False)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]

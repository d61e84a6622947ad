"""Writes the narrow row and the words of a turn, when it is stored; and catches up with turns that have none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.console.shown import shown_text
from api.db.models import Feedback, MessageRecord, TurnRecord
from api.inquiries.models import Asked, Inquiry, TurnWord, Work
from api.inquiries.words import question_key, words
from knowledge.schema_dialogue import Thresholds

UNANSWERED = ("declined", "failed")
AT_ONCE = 1000


def index_turn(session: Session, turn: TurnRecord, limits: Thresholds) -> None:
    """Puts one turn in, or again after it changed; a question that is unanswered again is open again."""
    session.execute(sa.delete(TurnWord).where(TurnWord.turn_id == turn.id))
    session.execute(sa.delete(Inquiry).where(Inquiry.turn_id == turn.id))
    row = as_inquiry(turn, limits)
    _insert(session, [row], [turn])
    if row["outcome"] in UNANSWERED:
        done = sa.update(Work).where(Work.question_key == row["question_key"], Work.status == "done")
        session.execute(done.values(status="open").execution_options(synchronize_session=False))


def note_question(session: Session, turn: TurnRecord, said: Iterable[dict[str, Any]]) -> None:
    """Keeps which question of which task the turn ended with, if it did."""
    session.execute(sa.delete(Asked).where(Asked.turn_id == turn.id))
    stack = ((turn.slots or {}).get("task") or {}).get("stack") or []
    fields = [message["ask"]["field"] for message in said if message.get("ask")]
    if stack and fields:
        row = {"turn_id": turn.id, "conversation_id": turn.conversation_id, "created_at": turn.created_at}
        session.execute(sa.insert(Asked), [row | {"task": stack[-1]["task"][:24], "field": fields[-1][:64]}])


def is_missing(session: Session) -> bool:
    """Whether any turn has no row yet."""
    return session.scalar(_missing().limit(1)) is not None


def index_missing(session: Session, limits: Thresholds, most: int = AT_ONCE) -> int:
    """Puts in turns that were stored in another way, oldest first; returns how many. 0 when nothing is missing."""
    turns = list(session.scalars(_missing().order_by(TurnRecord.id).limit(most)))
    if not turns:
        return 0
    bad = sa.select(MessageRecord.turn_id).join(Feedback, Feedback.message_seq == MessageRecord.seq)
    disliked = set(session.scalars(bad.where(Feedback.rating == "bad", MessageRecord.turn_id.in_(t.id for t in turns))))
    rows = [as_inquiry(turn, limits) | {"disliked": turn.id in disliked} for turn in turns]
    _insert(session, rows, turns)
    return len(turns)


def _missing() -> sa.Select[TurnRecord]:
    known = sa.exists().where(Inquiry.turn_id == TurnRecord.id)
    return sa.select(TurnRecord).where(~known, TurnRecord.outcome != "open")


def _insert(session: Session, rows: list[dict[str, Any]], turns: Iterable[TurnRecord]) -> None:
    session.flush()
    session.execute(sa.insert(Inquiry), rows)
    found = [{"word": word, "turn_id": turn.id} for turn in turns for word in words(shown_text(turn))]
    if found:
        session.execute(sa.insert(TurnWord), found)


def as_inquiry(turn: TurnRecord, limits: Thresholds) -> dict[str, Any]:
    """The narrow row of a turn."""
    topics = (turn.parse or {}).get("topics") or []
    topic = next(iter(turn.knowledge_ids or []), None)
    if topic is None and topics and turn.outcome in ("clarified", *UNANSWERED):
        topic = topics[0]["id"]
    return {
        "turn_id": turn.id,
        "conversation_id": turn.conversation_id,
        "question_key": question_key(shown_text(turn)),
        "channel": turn.channel,
        "intent": turn.intent,
        "topic": topic,
        "field": field_of(topic),
        "outcome": turn.outcome,
        "unsure": is_unsure(turn, topics, limits),
        "disliked": False,
        "verdict": None,
        "created_at": turn.created_at,
    }


def field_of(topic: str | None) -> str | None:
    """The field of the scheme that an answer belongs to; methodologies and factors are one field."""
    if topic is None:
        return None
    return topic.partition(".")[0] if "." in topic and topic[0].islower() else "methodology"


def is_unsure(turn: TurnRecord, topics: list[dict[str, Any]], limits: Thresholds) -> bool:
    """Asked back, or answered although the first was weak or the second came near."""
    if turn.outcome == "clarified":
        return True
    if turn.outcome != "answered" or not turn.knowledge_ids or not topics:
        return False
    first = topics[0]["confidence"]
    second = topics[1]["confidence"] if len(topics) > 1 else 0.0
    return bool(first < limits.answer_at or first - second < limits.near_tie)


def mark_disliked(session: Session, turn_id: int | None, disliked: bool) -> None:
    """Keeps what the person thought of the answer."""
    if turn_id is not None:
        session.execute(sa.update(Inquiry).where(Inquiry.turn_id == turn_id).values(disliked=disliked))


def forget(session: Session, conversation_id: str) -> None:
    """Takes a conversation out, and the work on questions that nobody else asked. Call it before the turns go."""
    mine = sa.select(Inquiry.question_key).where(Inquiry.conversation_id == conversation_id).distinct()
    keys = list(session.scalars(mine))
    turns = sa.select(Inquiry.turn_id).where(Inquiry.conversation_id == conversation_id)
    session.execute(sa.delete(TurnWord).where(TurnWord.turn_id.in_(turns)))
    session.execute(sa.delete(Inquiry).where(Inquiry.conversation_id == conversation_id))
    asked = sa.exists().where(Inquiry.question_key == Work.question_key)
    session.execute(
        sa.delete(Work).where(Work.question_key.in_(keys), ~asked).execution_options(synchronize_session=False)
    )

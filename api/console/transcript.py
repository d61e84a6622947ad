"""A conversation as staff reads it: each turn with its understanding, its answer and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.console.shown import shown_text, shown_value
from api.db.models import Feedback, MessageRecord, TurnRecord
from api.inquiries.models import Judgement

MESSAGES_ON_A_PAGE = 120
TOP = 3
INNER = {"requested_slot", "session_started_metadata"}


@dataclass
class Said:
    """One message."""

    seq: int
    role: str
    kind: str
    text: str
    at: Any
    parts: dict[str, Any]
    choices: list[str]
    rating: str | None
    comment: str | None


@dataclass
class Exchange:
    """A turn with its messages, or messages outside of any turn (`turn` is None)."""

    turn: TurnRecord | None
    messages: list[Said]
    judgement: Judgement | None = None
    topics: list[dict[str, Any]] = field(default_factory=list)
    intents: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)


def transcript(
    session: Session, conversation_id: str, *, before: int | None = None, after: int | None = None, unmasked: bool
) -> tuple[list[Exchange], bool]:
    """The newest messages, those before or those after one; and whether there are older ones."""
    wanted = sa.select(MessageRecord).where(MessageRecord.conversation_id == conversation_id)
    if before:
        wanted = wanted.where(MessageRecord.seq < before)
    if after:
        wanted = wanted.where(MessageRecord.seq > after)
    newest = wanted.order_by(MessageRecord.seq.desc()).limit(MESSAGES_ON_A_PAGE + 1)
    found = list(session.scalars(newest))
    more = len(found) > MESSAGES_ON_A_PAGE
    return _exchanges(session, found[:MESSAGES_ON_A_PAGE][::-1], unmasked), more


def transcript_of_turn(session: Session, turn: TurnRecord, *, unmasked: bool = False) -> Exchange:
    """One turn alone."""
    wanted = sa.select(MessageRecord).where(MessageRecord.turn_id == turn.id).order_by(MessageRecord.seq)
    found = _exchanges(session, list(session.scalars(wanted)), unmasked)
    return found[0] if found else Exchange(turn, [])


def _exchanges(session: Session, records: Sequence[MessageRecord], unmasked: bool) -> list[Exchange]:
    ids = {record.turn_id for record in records if record.turn_id}
    turns = {turn.id: turn for turn in session.scalars(sa.select(TurnRecord).where(TurnRecord.id.in_(ids)))}
    verdicts = {one.turn_id: one for one in session.scalars(sa.select(Judgement).where(Judgement.turn_id.in_(ids)))}
    seqs = [record.seq for record in records]
    opinions = {
        one.message_seq: one for one in session.scalars(sa.select(Feedback).where(Feedback.message_seq.in_(seqs)))
    }
    found: list[Exchange] = []
    for record in records:
        turn = turns.get(record.turn_id) if record.turn_id else None
        last = found[-1] if found else None
        if last is None or last.turn is not turn:
            found.append(last := _exchange(turn, verdicts, unmasked))
        last.messages.append(_said(record, opinions.get(record.seq), unmasked, turn.slots if turn else None))
    return found


def _exchange(turn: TurnRecord | None, verdicts: dict[int, Judgement], unmasked: bool) -> Exchange:
    if turn is None:
        return Exchange(None, [])
    parse = turn.parse or {}
    slots = {
        key: value for key, value in (turn.slots or {}).items() if value not in (None, [], {}) and key not in INNER
    }
    return Exchange(
        turn,
        [],
        verdicts.get(turn.id),
        (parse.get("topics") or [])[:TOP],
        sorted(parse.get("intent_ranking") or [], key=_confidence, reverse=True)[:TOP],
        shown_value(slots, unmasked=unmasked),
    )


def _confidence(one: dict[str, Any]) -> float:
    return float(one.get("confidence") or 0)


def _said(record: MessageRecord, opinion: Feedback | None, unmasked: bool, slots: Any) -> Said:
    return Said(
        record.seq,
        record.role,
        record.kind,
        shown_text(record, unmasked=unmasked),
        record.created_at,
        shown_value(record.parts, unmasked=unmasked, slots=slots),
        [shown_value(choice.label, unmasked=unmasked, slots=slots) for choice in record.choices],
        opinion.rating if opinion else None,
        (opinion.comment if unmasked else opinion.masked_comment) if opinion else None,
    )

"""What the inbox shows: the same questions as one line, ordered by how many asked; those who wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.db.models import Conversation, MessageRecord, TurnRecord
from api.inquiries.indexing import UNANSWERED
from api.inquiries.models import Handoff, Inquiry, TurnWord, Work, WorkTag
from api.inquiries.words import wanted_words
from core.clock import TOKYO

ON_A_PAGE = 30
LAST_PAGE = 300
QUEUES = ("waiting", "unanswered", "unsure", "disliked", "all")


@dataclass(frozen=True)
class Sought:
    """What the inbox is narrowed to; empty means anything."""

    queue: str = "unanswered"
    words: str = ""
    channel: str = ""
    field: str = ""
    intent: str = ""
    status: str = ""
    assignee: str = ""
    tag: str = ""
    first: date | None = None
    last: date | None = None
    page: int = 1


@dataclass(frozen=True)
class Group:
    """One question: its key, how many asked, its newest turn, and the work on it."""

    key: str
    asked: int
    turn: TurnRecord
    inquiry: Inquiry
    work: Work | None
    tags: list[str]


@dataclass(frozen=True)
class Waiting:
    """A person who waits for, or talks with, the staff."""

    conversation: Conversation
    handoff: Handoff
    last: MessageRecord | None
    work: Work | None


def groups(session: Session, sought: Sought) -> tuple[list[Group], int]:
    """A page of questions, and how many there are in all."""
    asked, newest = sa.func.count().label("asked"), sa.func.max(Inquiry.turn_id).label("newest")
    wanted = (
        sa.select(Inquiry.question_key, asked, newest, sa.func.count().over().label("total"))
        .where(*_conditions(sought))
        .group_by(Inquiry.question_key)
        .order_by(asked.desc(), newest.desc())
        .limit(ON_A_PAGE)
        .offset((sought.page - 1) * ON_A_PAGE)
    )
    rows = session.execute(wanted).all()
    if not rows:
        return [], 0
    return _filled(session, rows), rows[0].total


def _filled(session: Session, rows: Any) -> list[Group]:
    ids, keys = [row.newest for row in rows], [row.question_key for row in rows]
    turns = {turn.id: turn for turn in session.scalars(sa.select(TurnRecord).where(TurnRecord.id.in_(ids)))}
    inquiries = {one.turn_id: one for one in session.scalars(sa.select(Inquiry).where(Inquiry.turn_id.in_(ids)))}
    works = {work.question_key: work for work in session.scalars(sa.select(Work).where(Work.question_key.in_(keys)))}
    tags: dict[int, list[str]] = {}
    for tag in session.scalars(
        sa.select(WorkTag).where(WorkTag.work_id.in_([work.id for work in works.values()])).order_by(WorkTag.tag)
    ):
        tags.setdefault(tag.work_id, []).append(tag.tag)
    return [
        Group(
            row.question_key,
            row.asked,
            turns[row.newest],
            inquiries[row.newest],
            work := works.get(row.question_key),
            tags.get(work.id, []) if work else [],
        )
        for row in rows
    ]


def _conditions(sought: Sought) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if sought.queue == "unanswered":
        found.append(Inquiry.outcome.in_(UNANSWERED))
    elif sought.queue == "unsure":
        found.append(Inquiry.unsure.is_(True))
    elif sought.queue == "disliked":
        found.append(Inquiry.disliked.is_(True))
    for column, value in (
        (Inquiry.channel, sought.channel),
        (Inquiry.field, sought.field),
        (Inquiry.intent, sought.intent),
    ):
        if value:
            found.append(column == value)
    if sought.first:
        found.append(Inquiry.created_at >= _midnight(sought.first))
    if sought.last:
        found.append(Inquiry.created_at < _midnight(sought.last + timedelta(days=1)))
    return found + _work_conditions(sought) + _word_conditions(sought.words)


def _work_conditions(sought: Sought) -> list[sa.ColumnElement[bool]]:
    """Questions without any work are open, and nobody's."""
    keys = sa.select(Work.question_key).where(Work.question_key.is_not(None))
    found: list[sa.ColumnElement[bool]] = []
    if sought.status == "open":
        found.append(Inquiry.question_key.not_in(keys.where(Work.status != "open")))
    elif sought.status in ("doing", "done"):
        found.append(Inquiry.question_key.in_(keys.where(Work.status == sought.status)))
    elif sought.status != "any":
        found.append(Inquiry.question_key.not_in(keys.where(Work.status == "done")))
    if sought.assignee == "nobody":
        found.append(Inquiry.question_key.not_in(keys.where(Work.assignee_id.is_not(None))))
    elif sought.assignee:
        found.append(Inquiry.question_key.in_(keys.where(Work.assignee_id == sought.assignee)))
    if sought.tag:
        tagged = sa.select(WorkTag.work_id).where(WorkTag.tag == sought.tag)
        found.append(Inquiry.question_key.in_(keys.where(Work.id.in_(tagged))))
    return found


def _word_conditions(words: str) -> list[sa.ColumnElement[bool]]:
    if not words.strip():
        return []
    wanted = wanted_words(words)
    if not wanted:
        return [sa.false()]
    return [Inquiry.turn_id.in_(sa.select(TurnWord.turn_id).where(TurnWord.word == word)) for word in sorted(wanted)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def waiting(session: Session) -> list[Waiting]:
    """Who waits, longest first; then those whom somebody of the staff answers."""
    wanted = (
        sa.select(Conversation, Handoff, Work)
        .join(Handoff, Handoff.conversation_id == Conversation.id)
        .outerjoin(Work, Work.conversation_id == Conversation.id)
        .where(Handoff.released_at.is_(None), Conversation.handoff != "bot")
        .order_by(Conversation.handoff.desc(), Handoff.waiting_since)
        .limit(200)
    )
    found = session.execute(wanted).all()
    said = (
        sa.select(sa.func.max(MessageRecord.seq))
        .where(MessageRecord.role == "user", MessageRecord.conversation_id.in_([c.id for c, _, _ in found]))
        .group_by(MessageRecord.conversation_id)
    )
    last = {m.conversation_id: m for m in session.scalars(sa.select(MessageRecord).where(MessageRecord.seq.in_(said)))}
    return [Waiting(conversation, held, last.get(conversation.id), work) for conversation, held, work in found]


def how_many_wait(session: Session) -> int:
    """People without an answer from a human yet."""
    wanted = sa.select(sa.func.count()).select_from(Handoff).join(Conversation)
    return session.scalar(wanted.where(Handoff.released_at.is_(None), Conversation.handoff == "waiting")) or 0


def turns_of_question(session: Session, key: str, page: int) -> tuple[list[tuple[TurnRecord, Inquiry]], int]:
    """The turns that asked this, newest first, and how many."""
    total = session.scalar(sa.select(sa.func.count()).select_from(Inquiry).where(Inquiry.question_key == key)) or 0
    wanted = (
        sa.select(TurnRecord, Inquiry)
        .join(Inquiry, Inquiry.turn_id == TurnRecord.id)
        .where(Inquiry.question_key == key)
        .order_by(Inquiry.turn_id.desc())
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    return [(turn, inquiry) for turn, inquiry in session.execute(wanted)], total

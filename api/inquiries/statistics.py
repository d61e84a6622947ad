"""What the dashboard counts, from narrow rows only; days are days in Japan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.bookings.models import Booking
from api.cases.models import Case
from api.db.models import Conversation
from api.inquiries.indexing import UNANSWERED, field_of
from api.inquiries.models import Asked, Inquiry
from core.clock import TOKYO

VERDICTS = ("right", "wrong", "outdated")
DAYS_IN_A_BUCKET = ((45, 1), (200, 7), (100_000, 28))


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> int:
        """How many days one column of a chart holds."""
        return next(step for longest, step in DAYS_IN_A_BUCKET if self.days <= longest)

    def has(self, column: Any) -> sa.ColumnElement[bool]:
        """Whether a moment lies in it."""
        begin, end = midnight(self.first), midnight(self.last + timedelta(days=1))
        return sa.and_(column >= begin, column < end)


@dataclass(frozen=True)
class Bucket:
    """Some days together: how many turns, and how many of them had no answer."""

    first: date
    turns: int
    unanswered: int


@dataclass(frozen=True)
class Share:
    """How often something was asked, and how often without an answer."""

    name: str
    turns: int
    unanswered: int


@dataclass(frozen=True)
class Stop:
    """A question of the check: in how many conversations it was asked, and in how many it was the last."""

    field: str
    asked: int
    stopped: int


@dataclass(frozen=True)
class Counts:
    """Everything in which turns are counted."""

    buckets: list[Bucket]
    fields: list[Share]
    topics: list[Share]
    channels: list[Share]
    verdicts: dict[str, int]
    declined: int
    turns: int


def midnight(day: date) -> datetime:
    """When a day starts in Japan."""
    return datetime.combine(day, time(), TOKYO)


def counts(session: Session, period: Period) -> Counts:
    """All counts of turns, in two passes over one index."""
    days = _by_day(session, period)
    columns = (Inquiry.topic, Inquiry.channel, Inquiry.outcome, Inquiry.verdict)
    wanted = sa.select(*columns, sa.func.count()).where(period.has(Inquiry.created_at)).group_by(*columns)
    topics, fields, channels = _Tally(), _Tally(), _Tally()
    verdicts: Counter[str] = Counter()
    declined = 0
    for topic, channel, outcome, verdict, count in session.execute(wanted):
        unanswered = count if outcome in UNANSWERED else 0
        channels.add(channel, count, unanswered)
        declined += unanswered
        if topic:
            topics.add(topic, count, unanswered)
            fields.add(field_of(topic) or "", count, unanswered)
        if verdict:
            verdicts[verdict] += count
    judged = {name: verdicts[name] for name in VERDICTS}
    total = sum(share.turns for share in channels.shares())
    return Counts(days, fields.shares(), topics.shares(), channels.shares(), judged, declined, total)


def drop_off(session: Session, period: Period, task: str = "qualify") -> list[Stop]:
    """Where people stop in a task: its questions, the most asked first."""
    mine = sa.and_(Asked.task == task, period.has(Asked.created_at))
    people = sa.func.count(sa.distinct(Asked.conversation_id))
    asked = _pairs(session, sa.select(Asked.field, people).where(mine).group_by(Asked.field))
    last = sa.select(sa.func.max(Asked.turn_id)).where(mine).group_by(Asked.conversation_id)
    ended = sa.exists().where(Case.conversation_id == Asked.conversation_id, Case.kind == "verdict")
    stopped = sa.select(Asked.field, sa.func.count()).where(Asked.turn_id.in_(last), ~ended).group_by(Asked.field)
    stops = _pairs(session, stopped)
    return sorted((Stop(f, n, stops.get(f, 0)) for f, n in asked.items()), key=lambda s: (-s.asked, s.field))


def conversion(session: Session, period: Period) -> dict[str, int]:
    """From talking to meeting: conversations, asked for a booking, booked, took place; and who stayed away."""
    started = sa.select(sa.func.count()).select_from(Conversation).where(period.has(Conversation.created_at))
    wishes = sa.select(Asked.conversation_id).where(Asked.task == "book", period.has(Asked.created_at))
    made = sa.and_(period.has(Booking.created_at), Booking.status != "held")
    linked = sa.select(Booking.conversation_id).where(made, Booking.conversation_id.is_not(None))
    begun = sa.select(sa.func.count()).select_from(sa.union(wishes, linked).subquery())
    states = _pairs(session, sa.select(Booking.status, sa.func.count()).where(made).group_by(Booking.status))
    return {
        "conversations": session.scalar(started) or 0,
        "begun": session.scalar(begun) or 0,
        "booked": sum(states.values()),
        "done": states.get("done", 0),
        "no_show": states.get("no_show", 0),
        "cancelled": states.get("cancelled", 0),
    }


def day_of(session: Session, column: Any) -> Any:
    """The day in Japan of a stored moment, as text."""
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.substr(sa.func.datetime(column, "+9 hours"), 1, 10, type_=sa.String)
    return sa.cast(sa.cast(sa.func.timezone("Asia/Tokyo", column), sa.Date), sa.String)


def _pairs(session: Session, wanted: sa.Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(wanted)}


def _by_day(session: Session, period: Period) -> list[Bucket]:
    day = day_of(session, Inquiry.created_at).label("day")
    missed = sa.case((Inquiry.outcome.in_(UNANSWERED), 1), else_=0)
    wanted = sa.select(day, sa.func.count(), sa.func.sum(missed)).where(period.has(Inquiry.created_at)).group_by(day)
    found = {date.fromisoformat(text): (turns, gone) for text, turns, gone in session.execute(wanted)}
    buckets = []
    start = period.last - timedelta(days=(period.days - 1) // period.step * period.step + period.step - 1)
    while start <= period.last:
        days = [found.get(start + timedelta(days=i), (0, 0)) for i in range(period.step)]
        buckets.append(Bucket(max(start, period.first), sum(d[0] for d in days), sum(d[1] for d in days)))
        start += timedelta(days=period.step)
    return buckets


class _Tally:
    """Adds up by name."""

    def __init__(self) -> None:
        self._turns: Counter[str] = Counter()
        self._unanswered: Counter[str] = Counter()

    def add(self, name: str, turns: int, unanswered: int) -> None:
        self._turns[name] += turns
        self._unanswered[name] += unanswered

    def shares(self) -> list[Share]:
        """The most frequent first."""
        return [Share(name, turns, self._unanswered[name]) for name, turns in self._turns.most_common()]

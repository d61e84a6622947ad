"""Invented appointments in the past and the coming weeks, people who wait, and work on questions."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.bookings.models import Booking, BookingEvent, BusyCell
from api.bookings.slots import CELL
from api.db.models import Conversation
from api.ids import digest, new_id
from api.inquiries.models import Handoff, Inquiry, Work, WorkNote, WorkTag
from api.seed.people import People, phrases
from core.clock import TOKYO, today, utc_now
from knowledge.booking_files import load_booking

HOURS = (10, 13, 14, 15)


def add_appointments(session: Session, people: People, random: Random, days: int) -> int:
    """One or two on every open day of the last `days` and the next two weeks."""
    book = load_booking()
    calendar_id = next(iter(book.calendars))
    conversations = list(session.scalars(sa.select(Conversation.id).limit(2000)))
    first, count = today() - timedelta(days=min(days, 360)), 0
    bookings: list[dict[str, Any]] = []
    cells: list[dict[str, Any]] = []
    taken = set(session.scalars(sa.select(BusyCell.start_at)))
    for ahead in range((today() - first).days + 15):
        day = first + timedelta(days=ahead)
        if not book.is_open_day(day) or day.weekday() >= 5:
            continue
        for hour in random.sample(HOURS, random.choice((1, 1, 2))):
            start = datetime.combine(day, time(hour), TOKYO).astimezone(UTC)
            if start in taken:
                continue
            count += 1
            made = _booking(people.guest(count), random, calendar_id, start, random.choice(conversations))
            bookings.append(made)
            if made["status"] == "confirmed":
                cells += [
                    {"calendar_id": calendar_id, "start_at": start + CELL * i, "booking_id": made["id"]}
                    for i in range(4)
                ]
    session.execute(sa.insert(Booking), bookings)
    session.execute(sa.insert(BookingEvent), [event for made in bookings for event in _events(made)])
    if cells:
        session.execute(sa.insert(BusyCell), cells)
    return count


def _booking(
    guest: dict[str, str], random: Random, calendar_id: str, start: datetime, conversation: str
) -> dict[str, Any]:
    booking_id, past = new_id(), start < utc_now()
    made = start - timedelta(days=random.randint(2, 10))
    status = random.choices(("done", "no_show", "cancelled", "confirmed"), (70, 10, 15, 5))[0] if past else "confirmed"
    return guest | {
        "id": booking_id, "calendar_id": calendar_id, "kind": "web", "status": status,
        "start_at": start, "end_at": start + timedelta(hours=1), "expires_at": None,
        "conversation_id": conversation if random.random() < 0.7 else None,
        "token_hash": digest(booking_id), "ical_uid": f"{booking_id}@seed", "sequence": 0,
        "prefecture": None, "address": None, "consent_at": made, "created_at": made,
        "updated_at": start + timedelta(hours=2) if status in ("done", "no_show") else made,
    }  # fmt: skip


def _events(made: dict[str, Any]) -> list[dict[str, Any]]:
    first = {"booking_id": made["id"], "event": "confirmed", "by": "chat", "data": {}, "created_at": made["created_at"]}
    if made["status"] == "confirmed":
        return [first]
    by = "guest" if made["status"] == "cancelled" else "staff"
    return [first, first | {"event": made["status"], "by": by, "created_at": made["updated_at"]}]


def add_work(session: Session, random: Random) -> int:
    """Status, tags and notes on some of the unanswered questions; some people wait."""
    wanted = sa.select(Inquiry.question_key).where(Inquiry.outcome == "declined").distinct().limit(200)
    known = set(session.scalars(sa.select(Work.question_key)))
    keys = [key for key in session.scalars(wanted) if key not in known][:60]
    for key in keys:
        work = Work(question_key=key, status=random.choice(("open", "doing", "done")), updated_at=utc_now())
        session.add(work)
        session.flush()
        session.add(WorkTag(work_id=work.id, tag=random.choice(phrases()["tags"])))
        session.add(WorkNote(work_id=work.id, text=random.choice(phrases()["notes"]), created_at=utc_now()))
    waiting = session.scalars(sa.select(Conversation).order_by(Conversation.updated_at.desc()).limit(8))
    for number, conversation in enumerate(waiting):
        conversation.handoff = "waiting"
        since = utc_now() - timedelta(minutes=7 * number + 2)
        session.add(Handoff(conversation_id=conversation.id, waiting_since=since))
    return len(keys)

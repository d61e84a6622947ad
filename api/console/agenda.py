"""What the bookings pages read and write, each function inside one transaction of its caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.bookings.calendar import closed_days, midnight
from api.bookings.desk import BookingDesk
from api.bookings.models import Booking, BookingEvent, ClosedDay
from api.cases.models import Case
from api.console.audit import audit
from api.console.shown import shown_value
from api.console.staff import Staff
from core.clock import TOKYO, today, utc_now
from core.errors import InvalidInput, NotFound
from knowledge.schema_booking import BookingBook

LONGEST_NOTE, LONGEST_REASON = 2000, 100
NOTE = "note"


@dataclass(frozen=True)
class Day:
    """A day of the calendar: why nothing can be booked, if so, and its appointments."""

    day: date
    off: str | None
    """Weekend, holiday or a closed day of knowledge/booking/."""
    closed: str | None
    """Closed by staff, with the reason."""
    bookings: list[Booking] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """An appointment with what helps whoever meets the guest."""

    booking: Booking
    events: list[BookingEvent]
    notes: list[BookingEvent]
    cases: list[dict[str, Any]]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week(session: Session, book: BookingBook, monday: date) -> list[Day]:
    """Seven days; weekend days only with appointments."""
    last = monday + timedelta(days=6)
    closed = closed_days(session, monday, last)
    wanted = (
        sa.select(Booking)
        .where(Booking.start_at >= midnight(monday), Booking.start_at < midnight(last + timedelta(days=1)))
        .where(sa.or_(Booking.status != "held", Booking.expires_at > utc_now()))
        .order_by(Booking.start_at)
    )
    days = [Day(day, _off(book, day), closed.get(day)) for day in (monday + timedelta(days=i) for i in range(7))]
    for booking in session.scalars(wanted):
        days[(booking.start_at.astimezone(TOKYO).date() - monday).days].bookings.append(booking)
    return [day for day in days if day.day.weekday() < 5 or day.bookings]


def one(session: Session, staff: Staff, booking_id: str) -> Found:
    """One appointment; that it was read is kept. Raises NotFound."""
    booking = _booking(session, booking_id)
    audit(session, staff, "booking.read", booking_id)
    events = list(
        session.scalars(sa.select(BookingEvent).where(BookingEvent.booking_id == booking_id).order_by(BookingEvent.id))
    )
    cases: list[dict[str, Any]] = []
    if booking.conversation_id:
        wanted = sa.select(Case).where(Case.conversation_id == booking.conversation_id).order_by(Case.created_at.desc())
        cases = [shown_value(case.data) | {"id": case.id} for case in session.scalars(wanted.limit(5))]
    return Found(booking, [e for e in events if e.event != NOTE], [e for e in events if e.event == NOTE], cases)


def close(session: Session, staff: Staff, desk: BookingDesk, booking_id: str, status: str) -> None:
    """Marks an appointment as done or no_show. Raises Conflict, InvalidInput, NotFound."""
    desk.close_booking(session, booking_id, status)
    audit(session, staff, "booking.close", booking_id, status)


def note(session: Session, staff: Staff, booking_id: str, text: str) -> None:
    """Adds a note; it goes with the appointment. Raises InvalidInput, NotFound."""
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise InvalidInput(f"メモを1文字以上{LONGEST_NOTE:,}文字までで書いてください。")
    booking, data = _booking(session, booking_id), {"text": text, "who": staff.name}
    session.add(BookingEvent(booking_id=booking.id, event=NOTE, by="staff", data=data, created_at=utc_now()))
    audit(session, staff, "booking.note", booking_id)


def close_day(session: Session, staff: Staff, day: date, reason: str) -> None:
    """Closes a day that is not over. Raises InvalidInput."""
    reason = reason.strip()
    if day < today():
        raise InvalidInput("過ぎた日は閉じられません。")
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise InvalidInput(f"理由を1文字以上{LONGEST_REASON}文字までで書いてください。")
    session.merge(ClosedDay(day=day, reason=reason, created_at=utc_now()))
    audit(session, staff, "day.close", day.isoformat(), reason)


def open_day(session: Session, staff: Staff, day: date) -> None:
    """Opens a day that staff closed. Raises NotFound."""
    closed = session.get(ClosedDay, day)
    if closed is None:
        raise NotFound("この日は、画面から閉じた日ではありません。")
    session.delete(closed)
    audit(session, staff, "day.open", day.isoformat())


def _off(book: BookingBook, day: date) -> str | None:
    if day in book.holidays.days:
        return book.holidays.days[day]
    if day.weekday() >= 5:
        return "週末"
    return None if book.is_open_day(day) else "休業日"


def _booking(session: Session, booking_id: str) -> Booking:
    found = session.get(Booking, booking_id)
    if found is None or found.status == "held":
        raise NotFound("この予約は見つかりません。消された可能性があります。")
    return found

"""The calendars in the database: what is busy, and taking time so that nobody else can."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.bookings.errors import SlotTaken
from api.bookings.models import Booking, BusyCell, ClosedDay
from api.bookings.slots import Slot, find, free, offered
from core.clock import TOKYO
from knowledge.schema_booking import BookingBook, Kind

A_DAY = timedelta(days=1)


def free_slots(
    session: Session,
    book: BookingBook,
    kind: Kind,
    first: date,
    last: date,
    moment: datetime,
    besides: str | None = None,
) -> list[Slot]:
    """The slots that can be booked now, in order; of several free calendars at one time only one."""
    last = min(last, moment.astimezone(TOKYO).date() + timedelta(days=book.longest_horizon))
    found: dict[datetime, Slot] = {}
    closed = closed_days(session, first, last)
    for calendar_id in book.calendars:
        slots = offered(book, calendar_id, kind, first, last, moment)
        busy = busy_cells(session, calendar_id, first, last, moment, besides)
        taken = counts(session, calendar_id, first, last, moment, besides)
        for slot in free(book, slots, busy, taken):
            if slot.day not in closed:
                found.setdefault(slot.start, slot)
    return sorted(found.values())


def closed_days(session: Session, first: date, last: date) -> dict[date, str]:
    """The days that staff closed, with the reason."""
    wanted = sa.select(ClosedDay).where(ClosedDay.day >= first, ClosedDay.day <= last)
    return {closed.day: closed.reason for closed in session.scalars(wanted)}


def busy_cells(
    session: Session, calendar_id: str, first: date, last: date, moment: datetime, besides: str | None = None
) -> set[datetime]:
    """The cells that appointments and living holds take, a day more on either side for the buffers."""
    wanted = (
        sa.select(BusyCell.start_at)
        .join(Booking, Booking.id == BusyCell.booking_id)
        .where(
            BusyCell.calendar_id == calendar_id,
            BusyCell.start_at >= midnight(first - A_DAY),
            BusyCell.start_at < midnight(last + A_DAY * 2),
            BusyCell.booking_id != (besides or ""),
            _alive(moment),
        )
    )
    return set(session.scalars(wanted))


def counts(
    session: Session, calendar_id: str, first: date, last: date, moment: datetime, besides: str | None = None
) -> dict[date, int]:
    """How many appointments and living holds each day has."""
    wanted = sa.select(Booking.start_at).where(
        Booking.calendar_id == calendar_id,
        Booking.start_at >= midnight(first),
        Booking.start_at < midnight(last + A_DAY),
        Booking.status != "cancelled",
        Booking.id != (besides or ""),
        _alive(moment),
    )
    found: dict[date, int] = {}
    for start in session.scalars(wanted):
        day = start.astimezone(TOKYO).date()
        found[day] = found.get(day, 0) + 1
    return found


def occupy(session: Session, book: BookingBook, slot: Slot, booking_id: str, moment: datetime, refusal: str) -> None:
    """Takes the slot's cells for a booking that is already stored. Raises SlotTaken when any is not free."""
    _one_by_one(session, slot)
    _free_what_expired(session, slot, moment)
    period = book.calendars[slot.calendar_id].on(slot.day)
    taken = counts(session, slot.calendar_id, slot.day, slot.day, moment, booking_id)
    if closed_days(session, slot.day, slot.day):
        raise SlotTaken(refusal, slot.kind, slot.start)
    if period is None or taken.get(slot.day, 0) >= period.daily_cap or _is_busy(session, slot):
        raise SlotTaken(refusal, slot.kind, slot.start)
    try:
        with session.begin_nested():
            rows = [{"calendar_id": slot.calendar_id, "start_at": c, "booking_id": booking_id} for c in slot.cells()]
            session.execute(sa.insert(BusyCell), rows)
    except IntegrityError as error:
        raise SlotTaken(refusal, slot.kind, slot.start) from error


def release(session: Session, booking_id: str) -> None:
    """Gives a booking's cells back."""
    session.execute(sa.delete(BusyCell).where(BusyCell.booking_id == booking_id))


def nearest(
    session: Session, book: BookingBook, kind: Kind, wanted: datetime, moment: datetime, count: int
) -> list[Slot]:
    """Free slots, the next ones after `wanted` first, then the ones before it."""
    today = moment.astimezone(TOKYO).date()
    slots = free_slots(session, book, kind, today, today + timedelta(days=book.longest_horizon), moment)
    later = [slot for slot in slots if slot.start >= wanted]
    earlier = [slot for slot in reversed(slots) if slot.start < wanted]
    return [*later, *earlier][:count]


def offered_slot(
    book: BookingBook, calendar_id: str, kind: Kind, start: datetime, moment: datetime, refusal: str
) -> Slot:
    """The slot that the rules offer then. Raises SlotTaken when they do not, or do not any more."""
    slot = find(book, calendar_id, kind, start, moment)
    if slot is None:
        raise SlotTaken(refusal, kind, start)
    return slot


def midnight(day: date) -> datetime:
    """When a day starts in Japan, in UTC."""
    return datetime.combine(day, time(), TOKYO).astimezone(UTC)


def _alive(moment: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(Booking.status != "held", Booking.expires_at > moment)


def _one_by_one(session: Session, slot: Slot) -> None:
    """Writers of one day wait for each other, so that the daily cap holds; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        key = f"{slot.calendar_id}:{slot.day}"
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))


def _free_what_expired(session: Session, slot: Slot, moment: datetime) -> None:
    holders = sa.select(BusyCell.booking_id).where(
        BusyCell.calendar_id == slot.calendar_id, BusyCell.start_at.in_(slot.cells())
    )
    session.execute(
        sa.delete(Booking)
        .where(Booking.id.in_(holders), Booking.status == "held", Booking.expires_at <= moment)
        .execution_options(synchronize_session=False)
    )


def _is_busy(session: Session, slot: Slot) -> bool:
    wanted = sa.select(BusyCell.start_at).where(
        BusyCell.calendar_id == slot.calendar_id, BusyCell.start_at.in_(slot.cells())
    )
    return session.scalar(wanted.limit(1)) is not None

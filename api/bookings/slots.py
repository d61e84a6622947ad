"""Which slots there are. Pure: rules, a moment and busy cells in; slots out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.clock import TOKYO
from knowledge.schema_booking import CELL_MINUTES, DAYS, BookingBook, Kind, Period

CELL = timedelta(minutes=CELL_MINUTES)


@dataclass(frozen=True, order=True)
class Slot:
    """A stretch of time that can be booked, with the buffers around it (all moments aware)."""

    start: datetime
    end: datetime
    calendar_id: str
    kind: Kind
    busy_from: datetime
    busy_until: datetime

    @property
    def day(self) -> date:
        """The day in Japan."""
        return self.start.astimezone(TOKYO).date()

    def cells(self) -> list[datetime]:
        """The cells it takes, buffers included, in UTC."""
        count = (self.busy_until - self.busy_from) // CELL
        first = self.busy_from.astimezone(UTC)
        return [first + CELL * i for i in range(count)]


def offered(
    book: BookingBook, calendar_id: str, kind: Kind, first: date, last: date, moment: datetime
) -> Iterator[Slot]:
    """The slots that the rules allow at `moment`, from `first` to `last` (both included), in order; free or not."""
    calendar, today = book.calendars[calendar_id], moment.astimezone(TOKYO).date()
    day = max(first, today)
    while day <= last:
        period = calendar.on(day)
        if period and kind in period.kinds and _bookable(book, period, day, today):
            earliest = moment + timedelta(hours=period.kinds[kind].lead_hours)
            yield from (slot for slot in _of_day(period, calendar_id, kind, day) if slot.start >= earliest)
        day += timedelta(days=1)


def find(book: BookingBook, calendar_id: str, kind: Kind, start: datetime, moment: datetime) -> Slot | None:
    """The offered slot that starts then, or None."""
    if calendar_id not in book.calendars:
        return None
    day = start.astimezone(TOKYO).date()
    return next((s for s in offered(book, calendar_id, kind, day, day, moment) if s.start == start), None)


def free(
    book: BookingBook, slots: Iterator[Slot], busy: Collection[datetime], taken: Mapping[date, int]
) -> Iterator[Slot]:
    """Those of `slots` whose cells are all free and whose day still has room."""
    for slot in slots:
        period = book.calendars[slot.calendar_id].on(slot.day)
        if period and taken.get(slot.day, 0) < period.daily_cap and not any(cell in busy for cell in slot.cells()):
            yield slot


def _bookable(book: BookingBook, period: Period, day: date, today: date) -> bool:
    return book.is_open_day(day) and day <= today + timedelta(days=period.horizon_days)


def _of_day(period: Period, calendar_id: str, kind: Kind, day: date) -> Iterator[Slot]:
    rules = period.kinds[kind]
    length = timedelta(minutes=rules.minutes)
    opening = sorted((h.opens, h.closes) for h in period.hours if DAYS[day.weekday()] in h.days)
    for opens, closes in opening:
        start = datetime.combine(day, opens, TOKYO)
        until = datetime.combine(day, closes, TOKYO)
        while start + length <= until:
            end = start + length
            around = (start - timedelta(minutes=rules.before), end + timedelta(minutes=rules.after))
            yield Slot(start, end, calendar_id, kind, *around)
            start += timedelta(minutes=period.every)

"""The shapes of knowledge/booking/: dated calendars, closed days, holidays and the words of booking."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from knowledge.schema import Folded, Strict, Text

CELL_MINUTES = 15
"""Time is given out in cells of this length; every start, length and buffer is a multiple."""

Kind = Literal["web", "visit"]
Day = Literal["月", "火", "水", "木", "金", "土", "日"]
DAYS: tuple[Day, ...] = ("月", "火", "水", "木", "金", "土", "日")
YEARLY = re.compile(r"(\d\d)-(\d\d)")


def _clock(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):(00|15|30|45)", value):
        raise ValueError('時刻は "10:00" のように、15分きざみで書いてください（" " で囲みます）')
    return time.fromisoformat(value)


Clock = Annotated[time, BeforeValidator(_clock)]
Minutes = Annotated[int, Field(ge=0, le=600, multiple_of=CELL_MINUTES)]
Length = Annotated[int, Field(ge=CELL_MINUTES, le=600, multiple_of=CELL_MINUTES)]


class Dated(Strict):
    """A shape whose keys may be `from` in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Hours(Strict):
    """When the desk is open on some days of the week."""

    days: Annotated[list[Day], Field(min_length=1)]
    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        if self.opens >= self.closes:
            raise ValueError("closes は opens より後にしてください")
        return self


class KindRules(Strict):
    """One way to meet: its length, the time kept free around it, and how early it must be booked."""

    minutes: Length
    before: Minutes
    after: Minutes
    lead_hours: Annotated[int, Field(ge=0, le=24 * 30)]


class Period(Dated):
    """A calendar's rules from one day on, until the next period starts."""

    since: date = Field(alias="from")
    hours: Annotated[list[Hours], Field(min_length=1)]
    every: Length
    horizon_days: Annotated[int, Field(ge=1, le=366)]
    hold_minutes: Annotated[int, Field(ge=1, le=60)]
    daily_cap: Annotated[int, Field(ge=1)]
    kinds: dict[Kind, KindRules]
    visit_area: list[Text]


class Calendar(Strict):
    """A staff calendar: dated rules, oldest first."""

    name: Text
    periods: Annotated[list[Period], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Calendar:
        starts = [period.since for period in self.periods]
        if starts != sorted(set(starts)):
            raise ValueError("periods は from の古い順に並べ、同じ日を二度書かないでください")
        return self

    def on(self, day: date) -> Period | None:
        """The rules that hold on a day, or None before the first."""
        return next((period for period in reversed(self.periods) if period.since <= day), None)


class ClosedDays(Dated):
    """Days off, once; both ends included."""

    since: date = Field(alias="from")
    until: date
    reason: Text


class ClosedYearly(Dated):
    """Days off every year, as "MM-DD", possibly over the end of the year; both ends included."""

    since: str = Field(alias="from", pattern=YEARLY.pattern)
    until: str = Field(pattern=YEARLY.pattern)
    reason: Text

    def has(self, day: date) -> bool:
        at = f"{day:%m-%d}"
        if self.since <= self.until:
            return self.since <= at <= self.until
        return at >= self.since or at <= self.until


class Closed(Strict):
    """All days off besides weekends and holidays."""

    yearly: list[ClosedYearly] = []
    days: list[ClosedDays] = []

    def has(self, day: date) -> bool:
        """Whether the desk is closed on a day."""
        return any(line.has(day) for line in self.yearly) or any(d.since <= day <= d.until for d in self.days)


class Holidays(Strict):
    """The national holidays of the covered days; nothing is known outside."""

    source: Text
    checked_on: date
    covers_from: date
    covers_until: date
    days: dict[date, Text]

    def covers(self, day: date) -> bool:
        """Whether it is known if a day is a holiday."""
        return self.covers_from <= day <= self.covers_until


class BookingTexts(Strict):
    """What people read when they book."""

    title: Text
    organizer: Text
    kinds: dict[Kind, Text]
    statuses: dict[str, Text]
    purpose: Folded
    place_web: Text
    ics_description: Text
    refusals: dict[str, Text]
    page: dict[str, Text]
    chat: dict[str, Text]
    subjects: dict[str, Text]


class BookingBook(Strict):
    """Everything that booking goes by."""

    calendars: Annotated[dict[str, Calendar], Field(min_length=1)]
    closed: Closed
    holidays: Holidays
    texts: BookingTexts

    def is_open_day(self, day: date) -> bool:
        """Whether appointments may be given on a day: known to be no holiday, and not closed."""
        return self.holidays.covers(day) and day not in self.holidays.days and not self.closed.has(day)

    def uncovered(self, today: date) -> date | None:
        """The last bookable day when the holidays do not reach it, else None."""
        last = today + timedelta(days=self.longest_horizon)
        return None if self.holidays.covers(today) and self.holidays.covers(last) else last

    @cached_property
    def longest_horizon(self) -> int:
        """Days ahead that any calendar can be booked."""
        return max(period.horizon_days for calendar in self.calendars.values() for period in calendar.periods)

"""How dates and times are written for people: 2026年11月25日(水) 14:00〜15:00."""

from __future__ import annotations

from datetime import date, datetime

from core.clock import TOKYO
from knowledge.schema_booking import DAYS


def spoken_day(day: date, today: date | None = None) -> str:
    """A day with its weekday; the year is left out when it is `today`'s."""
    year = "" if today and today.year == day.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日({DAYS[day.weekday()]})"


def spoken(start: datetime, end: datetime, today: date | None = None) -> str:
    """A stretch of time on one day, in Japanese time."""
    start, end = start.astimezone(TOKYO), end.astimezone(TOKYO)
    return f"{spoken_day(start.date(), today)} {start:%H:%M}〜{end:%H:%M}"


def iso(moment: datetime) -> str:
    """A moment as clients get it: Japanese time with its offset."""
    return moment.astimezone(TOKYO).isoformat(timespec="seconds")

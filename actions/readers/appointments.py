"""When somebody would like to meet: a day and a time or part of the day, always ahead."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from dateutil.relativedelta import relativedelta

from actions.readers import dates
from actions.readers.common import Context, Reading, plain

CLOCK = re.compile(r"(午前|午後|am|pm|朝|昼|夕方|夜)?(?:の)?\s*(?<!\d)(\d{1,2})(?:時(?!間)|:)(?:(\d{1,2})分?|(半))?")
PARTS = {
    "午前": ("09:00", "12:00"),
    "朝": ("09:00", "12:00"),
    "午後": ("12:00", "18:00"),
    "昼から": ("12:00", "18:00"),
    "昼過ぎ": ("13:00", "15:00"),
    "お昼": ("11:00", "14:00"),
    "夕方": ("15:00", "18:00"),
    "夜": ("18:00", "22:00"),
    "いつでも": ("00:00", "23:59"),
}
PART = re.compile(r"昼から|昼過ぎ|お昼|午前|午後|夕方|夜|朝|いつでも")
WEEK_ONLY = re.compile(r"(今|来|再来|さ来)週(?!の?[月火水木金土日](?:曜|[^曜]|$))")
WEEKDAY = re.compile("[月火水木金土日]曜")
SHORT_WEEKDAY = re.compile(
    r"(週の?|[、,]|^)([月火水木金土日])(?:曜日?)?(?=$|の|に|か|で|、|午|朝|昼|夕|はどう|が|希望)"
)
TURN_OF_YEAR = re.compile(r"年末年始|お?正月|三が日")
OPEN_HOURS = range(7, 20)
ANY_DAY = re.compile(r"いつでも(?:いい|よい|大丈夫|構い|かまい)|なるべく早く|早めに|最短|一番早い|直近")


def read(text: str, context: Context) -> Reading | None:
    """{"from", "to": dates, "start", "end": "HH:MM" or None, "exact": whether one time was named}."""
    said = plain(text)
    now = context.now
    found = _days(said, context)
    clock, part = clock_of(said), PART.search(said)
    if found is None and ANY_DAY.search(said):
        found = (now.date() + timedelta(days=1), now.date() + timedelta(days=60))
    if found is None:
        return None
    first, last = found
    start, end = (clock.strftime("%H:%M"), None) if clock else PARTS[part[0]] if part else (None, None)
    value = {"from": first.isoformat(), "to": last.isoformat(), "start": start, "end": end, "exact": clock is not None}
    return Reading(value, 0.9 if first == last else 0.75, _shown(first, last, clock, part[0] if part else None))


def _days(said: str, context: Context) -> tuple[date, date] | None:
    today = context.now.date()
    if TURN_OF_YEAR.search(said):
        year = today.year - 1 if today.month == 1 and today.day <= 3 else today.year
        return date(year, 12, 29), date(year + 1, 1, 3)
    without_time = CLOCK.sub("", said)
    week = WEEK_ONLY.search(without_time)
    if week and not WEEKDAY.search(without_time):
        ahead = {"今": 0, "来": 1}.get(week[1], 2)
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return max(monday, today), monday + timedelta(days=4)
    reading = dates.read(_weekdays(without_time), context)
    if reading is None:
        return None
    first, last = dates.span_of(reading.value)
    if last < today and not re.search(r"(?:19|20)\d\d年|令和|去年|昨年|昨日|先", without_time):
        first, last = first + relativedelta(years=1), last + relativedelta(years=1)
    return _third(without_time, first, last)


def _weekdays(said: str) -> str:
    """「来週の火」「来週火曜」 → 「来週火曜日」."""
    return SHORT_WEEKDAY.sub(r"\1\2曜日", said)


def _third(said: str, first: date, last: date) -> tuple[date, date]:
    third = dates.THIRD.search(said)
    if not third or first.day != 1 or (last - first).days < 27:
        return first, last
    begin = dates.THIRDS[third[1]]
    return first.replace(day=begin), (first.replace(day=begin + 9) if begin < 21 else last)


def clock_of(said: str) -> time | None:
    found = CLOCK.search(said)
    if not found:
        return None
    hour = int(found[2])
    if hour > 23:
        return None
    afternoon = found[1] in ("午後", "pm", "夕方", "夜", "昼") or (found[1] is None and hour not in OPEN_HOURS)
    if afternoon and hour < 12:
        hour += 12
    minute = 30 if found[4] else int(found[3] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _shown(first: date, last: date, clock: time | None, part: str | None) -> str:
    day = _day(first) if first == last else f"{_day(first)}から{_day(last)}まで"
    minutes = f"{clock.minute:02d}分" if clock and clock.minute else ""
    hour = f"{clock.hour}時{minutes}" if clock else part or ""
    return day + hour if first == last else f"{day}{'の' if hour else ''}{hour}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日（{dates.WEEK[day.weekday()]}）"

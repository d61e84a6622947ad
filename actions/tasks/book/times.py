"""The free times as buttons, near what a person wishes, and why a wish cannot be met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from actions.readers import appointments
from actions.readers.common import Reading, plain
from actions.tasks.state import Frame
from actions.tasks.world import Values, World
from actions.turn import Turn
from knowledge.booking_files import load_booking
from knowledge.schema_booking import DAYS, BookingBook, Kind, Period
from knowledge.schema_tasks import Option, Task, TaskField

Slot = dict[str, Any]
Wish = Mapping[str, Any]
SURE = 0.95
LATER = "later:"
"""A value of `slot` that is none yet: asks again, from the date behind it on."""


def slot_field(item: TaskField, free: Sequence[Slot], values: Values, kind: Kind, world: World) -> TaskField:
    """The question for a time, with what is free: as wished, else why not and what is near, else the next half days."""
    rules = world.knowledge.tasks["book"]
    wish = values["wish"].value if "wish" in values else None
    given = str(values["slot"].value) if "slot" in values else ""
    fitting = [slot for slot in free if wish and fits(slot, wish)]
    pool = fitting if wish and fitting else list(free)
    reason, most = "", int(rules.settings["shown_slots"])
    if given.startswith(LATER) and given != LATER:
        pool = [s for s in pool if _day(s).isoformat() >= given[len(LATER) :]] or _after(free, given[len(LATER) :])
        shown = pool[:most] if wish and fitting else _spread(pool)[:most]
    elif wish and not fitting:
        shown, reason = _nearest(free, wish)[:most], why_not(wish, kind, world)
    else:
        shown = (fitting if wish else _spread(free))[:most]
    options = [Option(label=slot["label"], value=slot["id"]) for slot in shown]
    if shown and (rest := _after(free, _next_day(shown[-1]))):
        words = rules.settings["later_words"]
        options.append(
            Option(label=rules.settings["buttons"]["later"], value=LATER + _day(rest[0]).isoformat(), words=words)
        )
    opens = given if given.startswith(LATER) else None
    ask = f"{reason}{rules.texts['near']}" if reason else item.ask
    return item.model_copy(update={"choices": options, "opens": opens, "ask": ask})


def hear_time(item: TaskField, turn: Turn, frame: Frame, free: Sequence[Slot], world: World) -> dict[str, Reading]:
    """A day or a time that the message names: one free slot where it is clear, else a wish that the buttons follow."""
    said, asked = plain(turn.text), "slot" in frame.asked
    given = frame.values.get("slot")
    takes_back = bool(world.knowledge.repairs.patterns["correct"].search(turn.text))
    if given is not None and not asked and not takes_back and not str(given.value).startswith(LATER):
        return {}
    wish, clock = appointments.read(turn.text, world.context()), appointments.clock_of(said)
    if wish is None and not (clock and asked):
        return {}
    if wish is None:
        return _by_clock(item, free, frame, clock)
    named = [slot for slot in free if fits(slot, wish.value)] if wish.value["exact"] else []
    if len(named) == 1:
        return {"slot": Reading(named[0]["id"], SURE, named[0]["label"])}
    again = {"slot": Reading(LATER, SURE, "")} if given is not None else {}
    return {"wish": Reading(wish.value, SURE, wish.shown), **again}


def _by_clock(item: TaskField, free: Sequence[Slot], frame: Frame, clock: time | None) -> dict[str, Reading]:
    """「14時で」: one of the times that are on the buttons, or of the day that was wished."""
    wish = frame.values["wish"].value if "wish" in frame.values else None
    shown = {option.value for option in item.choices}
    near = [s for s in free if s["id"] in shown or (wish and wish["from"] <= _day(s).isoformat() <= wish["to"])]
    named = [slot for slot in near if clock and _clock(slot) == f"{clock:%H:%M}"]
    if len(named) == 1:
        return {"slot": Reading(named[0]["id"], SURE, named[0]["label"])}
    if named:
        options = tuple(Option(label=slot["label"], value=slot["id"]) for slot in named)
        return {"slot": Reading(None, 0.3, "", options=options)}
    if wish and clock:
        return {
            "wish": Reading({**wish, "start": f"{clock:%H:%M}", "end": None, "exact": True}, SURE, f"{clock:%H:%M}")
        }
    return {}


def why_not(wish: Wish, kind: Kind, world: World) -> str:
    """Why no time fits the wish, in the words of the booking task."""
    task, book = world.knowledge.tasks["book"], load_booking(world.knowledge.root)
    first, last, today = date.fromisoformat(wish["from"]), date.fromisoformat(wish["to"]), world.now.date()
    period = period_of(book, max(first, today))
    until = today + timedelta(days=period.horizon_days)
    days = [first + timedelta(days=n) for n in range(min((last - first).days, 62) + 1)]
    if last < today:
        return task.texts["past"]
    if first > until:
        return task.texts["far"].format(until=_spoken(until))
    if not any(_is_open(book, period, day) for day in days):
        return task.texts["closed"].format(days=_closed(task, book, days))
    if wish["start"] and not any(_in_hours(wish, period, day) for day in days if _is_open(book, period, day)):
        return task.texts["hours"].format(hours=_hours(period))
    lead = timedelta(hours=period.kinds[kind].lead_hours)
    if datetime.combine(last, time(23, 59), world.now.tzinfo) < world.now + lead or _is_soon(wish, last, lead, world):
        return task.texts["soon"].format(kind=book.texts.kinds[kind], hours=period.kinds[kind].lead_hours)
    if wish["exact"] and not any(f"{s:%H:%M}" == wish["start"] for s in _starts(period, last)):
        return task.texts["no_start"].format(starts="、".join(f"{s:%H:%M}" for s in _starts(period, last)))
    return task.texts["taken"]


def period_of(book: BookingBook, day: date) -> Period:
    """The rules of the first calendar that has any on that day."""
    return next(p for c in book.calendars.values() if (p := c.on(day)))


def fits(slot: Slot, wish: Wish) -> bool:
    """Whether a free time is what was wished."""
    clock = _clock(slot)
    if not wish["from"] <= _day(slot).isoformat() <= wish["to"]:
        return False
    if wish["exact"]:
        return bool(clock == wish["start"])
    return wish["start"] is None or wish["start"] <= clock < (wish["end"] or "24:00")


def _is_soon(wish: Wish, day: date, lead: timedelta, world: World) -> bool:
    if not wish["exact"]:
        return False
    at = datetime.combine(day, time.fromisoformat(wish["start"]), world.now.tzinfo)
    return at < world.now + lead


def _is_open(book: BookingBook, period: Period, day: date) -> bool:
    return book.is_open_day(day) and any(DAYS[day.weekday()] in hours.days for hours in period.hours)


def _closed(task: Task, book: BookingBook, days: Sequence[date]) -> str:
    if len(days) == 1:
        return f"{_spoken(days[0])}（{_why_closed(task, book, days[0])}）"
    reasons = dict.fromkeys(_why_closed(task, book, day) for day in days)
    return f"{_spoken(days[0])}から{_spoken(days[-1])}まで（{'・'.join(reasons)}）"


def _why_closed(task: Task, book: BookingBook, day: date) -> str:
    if day in book.holidays.days:
        return book.holidays.days[day]
    lines = [line.reason for line in book.closed.yearly if line.has(day)]
    lines += [line.reason for line in book.closed.days if line.since <= day <= line.until]
    return lines[0] if lines else str(task.texts["weekend"])


def _in_hours(wish: Wish, period: Period, day: date) -> bool:
    """Whether the wished time, or some of the wished part of the day, lies in the opening hours."""
    until = wish["start"] if wish["exact"] else wish["end"] or "24:00"
    open_then = [(f"{h.opens:%H:%M}", f"{h.closes:%H:%M}") for h in period.hours if DAYS[day.weekday()] in h.days]
    return any(wish["start"] < closes and until >= opens for opens, closes in open_then)


def _hours(period: Period) -> str:
    return "と".join(f"{'・'.join(h.days)}曜の{h.opens:%H:%M}〜{h.closes:%H:%M}" for h in period.hours)


def _starts(period: Period, day: date) -> Iterator[time]:
    for hours in sorted(period.hours, key=lambda h: h.opens):
        at, closes = datetime.combine(day, hours.opens), datetime.combine(day, hours.closes)
        while at < closes:
            yield at.time()
            at += timedelta(minutes=period.every)


def _nearest(free: Sequence[Slot], wish: Wish) -> list[Slot]:
    """By days, then by hours from the wish; shown in order of time."""
    first, last = date.fromisoformat(wish["from"]), date.fromisoformat(wish["to"])
    at = time.fromisoformat(wish["start"] or "12:00")

    def distance(slot: Slot) -> tuple[int, int]:
        start = datetime.fromisoformat(slot["start"])
        days = max((first - start.date()).days, (start.date() - last).days, 0)
        return days, abs((start.hour - at.hour) * 60 + start.minute - at.minute)

    return sorted(sorted(free, key=distance)[:3], key=lambda slot: str(slot["start"]))


def _spread(free: Sequence[Slot]) -> list[Slot]:
    """The first time of each coming half day, so that the buttons differ."""
    first: dict[tuple[date, bool], Slot] = {}
    for slot in free:
        first.setdefault((_day(slot), datetime.fromisoformat(slot["start"]).hour < 12), slot)  # noqa: PLR2004 - noon
    return list(first.values())


def _after(free: Sequence[Slot], day: str) -> list[Slot]:
    return [slot for slot in free if _day(slot).isoformat() >= day]


def _next_day(slot: Slot) -> str:
    return (_day(slot) + timedelta(days=1)).isoformat()


def _day(slot: Slot) -> date:
    return datetime.fromisoformat(slot["start"]).date()


def _clock(slot: Slot) -> str:
    return datetime.fromisoformat(slot["start"]).strftime("%H:%M")


def _spoken(day: date) -> str:
    return f"{day.month}月{day.day}日({DAYS[day.weekday()]})"

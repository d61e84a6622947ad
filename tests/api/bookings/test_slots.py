"""Which times are offered: rules over any date, holidays, buffers and the end of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import jpholiday
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.bookings.slots import Slot, find, free, offered
from core.clock import TOKYO
from core.errors import KnowledgeError
from knowledge.booking_files import check_holidays, load_booking
from knowledge.schema_booking import CELL_MINUTES, DAYS, BookingBook, Closed, Holidays, Kind
from tests.api.bookings.visitor import SOAK, Visitor

BOOK = load_booking()
CALENDAR = "consultation"
FIRST, LAST = datetime(2026, 1, 1), datetime(2027, 12, 31, 23, 59)  # noqa: DTZ001 - the strategy puts Tokyo on
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(TOKYO))
KINDS: st.SearchStrategy[Kind] = st.sampled_from(["web", "visit"])
MANY = settings(
    max_examples=2000 if SOAK else 60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def all_offered(moment: datetime, kind: Kind, book: BookingBook = BOOK) -> list[Slot]:
    day = moment.astimezone(TOKYO).date()
    return list(offered(book, CALENDAR, kind, day - timedelta(days=3), day + timedelta(days=90), moment))


@MANY
@given(moment=MOMENTS, kind=KINDS)
@example(moment=datetime(2026, 12, 28, 16, 59, tzinfo=TOKYO), kind="web")
@example(moment=datetime(2027, 2, 28, 23, 59, tzinfo=TOKYO), kind="web")
def test_no_slot_is_on_a_weekend_a_holiday_a_closed_day_or_in_the_past(moment: datetime, kind: Kind) -> None:
    for slot in all_offered(moment, kind):
        assert slot.day.weekday() < 5
        assert not jpholiday.is_holiday(slot.day)
        assert (slot.day.month, slot.day.day) not in YEAR_END
        assert slot.start > moment


@MANY
@given(moment=MOMENTS, kind=KINDS)
def test_every_slot_lies_whole_inside_the_hours_and_the_horizon(moment: datetime, kind: Kind) -> None:
    for slot in all_offered(moment, kind):
        period = BOOK.calendars[CALENDAR].on(slot.day)
        assert period is not None
        opens, closes = slot.start.astimezone(TOKYO).time(), slot.end.astimezone(TOKYO).time()
        hours = [h for h in period.hours if DAYS[slot.day.weekday()] in h.days]
        assert any(h.opens <= opens and closes <= h.closes for h in hours)
        assert slot.end - slot.start == timedelta(minutes=period.kinds[kind].minutes)
        assert slot.start >= moment + timedelta(hours=period.kinds[kind].lead_hours)
        assert slot.day <= moment.date() + timedelta(days=period.horizon_days)


@MANY
@given(moment=MOMENTS, kind=KINDS, other=KINDS, data=st.data())
def test_no_free_slot_touches_an_appointment_or_either_ones_buffer(
    moment: datetime, kind: Kind, other: Kind, data: st.DataObject
) -> None:
    there = all_offered(moment, other)
    if not there:
        return
    taken = data.draw(st.sampled_from(there))
    for slot in free(BOOK, iter(all_offered(moment, kind)), set(taken.cells()), {}):
        assert slot.busy_until <= taken.busy_from or taken.busy_until <= slot.busy_from


@MANY
@given(moment=MOMENTS, kind=KINDS)
def test_cells_cover_the_slot_exactly(moment: datetime, kind: Kind) -> None:
    for slot in all_offered(moment, kind)[:5]:
        cells = slot.cells()
        assert cells[0] == slot.busy_from
        assert cells[-1] + timedelta(minutes=CELL_MINUTES) == slot.busy_until
        assert all(cell.tzinfo is UTC for cell in cells)


@pytest.mark.parametrize("leap", [date(2028, 2, 29), date(2032, 2, 29)])
def test_a_leap_day_is_a_day_like_others(leap: date) -> None:
    holidays = BOOK.holidays.model_copy(update={"covers_until": date(2033, 12, 31)})
    book = BOOK.model_copy(update={"holidays": holidays})
    days = {slot.day for slot in all_offered(datetime(leap.year, 2, 20, 9, tzinfo=TOKYO), "web", book)}
    assert (leap in days) == (leap.weekday() < 5)
    assert date(leap.year, 3, 1) in days


def test_the_year_ends_on_the_28th_and_starts_on_the_4th() -> None:
    days = sorted({slot.day for slot in all_offered(datetime(2026, 12, 20, 9, tzinfo=TOKYO), "web")})
    around = [day for day in days if date(2026, 12, 25) <= day <= date(2027, 1, 6)]
    assert around == [date(2026, 12, 25), date(2026, 12, 28), *(date(2027, 1, d) for d in (4, 5, 6))]


def test_a_fresh_calendar_has_six_hours_on_a_weekday() -> None:
    slots = offered(BOOK, CALENDAR, "web", date(2026, 12, 1), date(2026, 12, 1), datetime(2026, 11, 25, tzinfo=TOKYO))
    assert [slot.start.astimezone(TOKYO).hour for slot in slots] == [10, 11, 13, 14, 15, 16]


def test_a_start_between_the_slots_is_none() -> None:
    moment = datetime(2026, 11, 25, tzinfo=TOKYO)
    assert find(BOOK, CALENDAR, "web", datetime(2026, 12, 1, 10, 30, tzinfo=TOKYO), moment) is None
    assert find(BOOK, CALENDAR, "web", datetime(2026, 12, 1, 1, tzinfo=UTC), moment) is not None


def test_days_past_the_holiday_list_have_no_slots() -> None:
    assert {slot.day for slot in all_offered(datetime(2027, 12, 27, 9, tzinfo=TOKYO), "web")} == {date(2027, 12, 28)}


def test_the_holiday_list_says_what_jpholiday_says() -> None:
    known = BOOK.holidays
    years = range(known.covers_from.year, known.covers_until.year + 1)
    assert set(known.days) == {day for year in years for day, _ in jpholiday.year_holidays(year)}


def test_the_holiday_list_covers_everything_that_can_be_booked_today() -> None:
    check_holidays(datetime.now(TOKYO).date())


def test_a_list_that_ends_too_early_is_a_fault_with_file_line_and_mend() -> None:
    with pytest.raises(KnowledgeError, match=r"holidays\.yaml:\d+: .*直し方"):
        check_holidays(date(2027, 11, 20))


def test_closed_days_count_from_the_first_to_the_last() -> None:
    closed = Closed.model_validate({"days": [{"from": "2026-12-07", "until": "2026-12-08", "reason": "研修"}]})
    book = BOOK.model_copy(update={"closed": closed})
    days = {
        slot.day.day for slot in all_offered(datetime(2026, 12, 1, tzinfo=TOKYO), "web", book) if slot.day.month == 12
    }
    assert {7, 8}.isdisjoint(days)
    assert {4, 9} <= days


def test_new_rules_hold_from_their_day_on() -> None:
    calendar = BOOK.calendars[CALENDAR]
    late = calendar.periods[0].model_copy(update={"since": date(2026, 12, 7), "every": 30})
    changed = calendar.model_copy(update={"periods": [*calendar.periods, late]})
    book = BOOK.model_copy(update={"calendars": {CALENDAR: changed}})
    slots = all_offered(datetime(2026, 12, 1, tzinfo=TOKYO), "web", book)
    assert len([slot for slot in slots if slot.day == date(2026, 12, 4)]) == 6
    assert len([slot for slot in slots if slot.day == date(2026, 12, 7)]) == 10


def test_holidays_outside_the_covered_days_are_unknown() -> None:
    few = Holidays.model_validate(BOOK.holidays.model_dump() | {"covers_until": date(2026, 12, 31)})
    assert not BOOK.model_copy(update={"holidays": few}).is_open_day(date(2027, 1, 5))


def test_the_slots_of_the_contract_have_an_id_and_japanese_times(visitor: Visitor) -> None:
    slots = visitor.slots()
    assert set(slots[0]) == {"id", "start", "end"}
    assert slots[0]["start"] == "2026-11-26T11:00:00+09:00"
    assert visitor.slots() == slots


def test_days_before_today_are_left_out_and_a_period_backwards_is_refused(visitor: Visitor) -> None:
    assert visitor.slots("2026-11-01", "2026-11-20") == []
    answer = visitor.client.get("/api/booking-slots", params={"kind": "web", "from": "2026-12-04", "to": "2026-12-01"})
    assert answer.status_code == 422
    assert "to" in answer.json()["error"]["fields"]

"""Dates as people say them: 去年の6月, 令和5年4月, 半年前, 3年くらい前, 来年度. Pieces by ja-timex, put together here.

A value is as exact as what was said: `2025-06-15`, `2025-06`, `2025` or `FY2025`; `span_of` gives its first and
last day.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta
from ja_timex import TimexParser

from actions.readers.common import Context, Reading, plain
from actions.readers.words import pattern

FISCAL_START = 4
FISCAL = re.compile(r"^度")
SAME = (
    (re.compile(r"しあさって|明明後日"), "3日後"),
    (re.compile(r"あさって"), "明後日"),
    (re.compile(r"おととい"), "一昨日"),
    (re.compile(r"きょう|本日"), "今日"),
    (re.compile(r"きのう"), "昨日"),
    (re.compile(r"あした|あす(?=[のにはで、]|$)|明日"), "明日"),
    (re.compile(r"さ来"), "再来"),
    (re.compile(r"さきおととし"), "3年前"),
    (re.compile(r"前年"), "去年"),
    (re.compile(r"本年"), "今年"),
    (re.compile(r"ことし"), "今年"),
    (re.compile(r"きょねん"), "去年"),
    (re.compile(r"らいねん"), "来年"),
    (re.compile(r"(?<![\d\-/.])(\d{4})\.(\d{1,2})\.(\d{1,2})(?![\d.])"), r"\1/\2/\3"),
    (re.compile(r"(?<![\d\-/.])((?:19|20)\d\d)[./-](\d{1,2})(?![\d./-])"), r"\1年\2月"),
    (re.compile(r"(?<=\d)年(?=[春夏秋冬])"), "年の"),
    (re.compile(r"(?<!\d)(\d{1,2})年の(?=\d{1,2}月)"), r"\1年"),
    (re.compile(r"fy ?((?:19|20)\d\d)"), r"\1年度"),
    (re.compile(r"(?<![a-z0-9])r\s?(?=\d{1,2}(?:年|[./-]\d))"), "令和"),
    (re.compile(r"(?<![a-z0-9])h\s?(?=\d{1,2}(?:年|[./-]\d))"), "平成"),
    (re.compile(r"(?<![a-z0-9])s\s?(?=\d{1,2}(?:年|[./-]\d))"), "昭和"),
    (re.compile(r"(令和|平成|昭和)(\d{1,2})[./-](\d{1,2})[./-](\d{1,2})"), r"\1\2年\3月\4日"),
    (re.compile(r"(令和|平成|昭和)(\d{1,2})[./-](\d{1,2})"), r"\1\2年\3月"),
    (re.compile(r"(?<![a-z0-9])((?:19|20)\d\d)((?:0[1-9]|1[0-2]))((?:0[1-9]|[12]\d|3[01]))(?!\d)"), r"\1/\2/\3"),
    (re.compile(r"([二三四五六七八九])、([三四五六七八九])年"), r"\2年"),
    (re.compile(r"(\d)[、~〜,-](\d)(年|か月|ヶ月|カ月)(?=[くぐほ程位前])"), r"\2\3"),
    (re.compile(r"(?<=\d)年(?:と)?(?=\d+(?:か|ヶ|カ|ケ)月(?:[くぐほ程位])?.{0,3}(?:前|後))"), "年と"),
)
CALENDAR = re.compile(
    r"^(?:去年|昨年|一昨年|一昨々年|おととし|今年|来年|再来年|先月|先々月|今月|来月|再来月"
    r"|先週|先々週|今週|来週|再来週|昨日|一昨日|今日|明日|明後日|明々後日)$"
)
NEW_YEAR = re.compile(r"年明け|年始|正月")
YEAR_END = re.compile(r"年末|年の暮れ|の末$|末ごろ|末頃|の終わり|暮れ")
FISCAL_END = re.compile(r"年度(?:の)?末|期末")
FISCAL_BEGIN = re.compile(r"年度(?:の)?(?:初め|始め|はじめ|頭|あたま)|期首")
SEASONS = {"春": 4, "夏": 7, "秋": 10, "冬": 12}
SEASON = re.compile(r"([春夏秋冬])(?!日|田|山|本|木|休|川|野|島|江)")
THIRDS = dict.fromkeys(["上旬", "初旬", "初め", "はじめ", "頭"], 1)
THIRDS |= dict.fromkeys(["中旬", "半ば"], 11) | dict.fromkeys(["下旬", "末", "終わり"], 21)
THIRD = re.compile(r"月(?:の)?(上旬|初旬|初め|はじめ|頭|中旬|半ば|下旬|末|終わり)")
BARE_YEAR = re.compile(r"^((?:19|20)\d\d)(?:年?(?:ごろ|頃|くらい)?(?:です)?)?$")
SOME_YEARS = re.compile(r"数(年|か月|ヶ月|カ月)(?:ほど|くらい)?前")
BEFORE_OR_AFTER = re.compile(
    r"(?:と|くらい|ぐらい|ほど|程)*\s*\d*(?:か月|ヶ月|カ月)?(?:くらい|ぐらい|ほど|程度?)?(前|後)(?!後)"
)
SEASON_ALONE = re.compile(r"(?:この)?[春夏秋冬](?:ごろ|頃|くらい|から|に|です|の終わり|の初め)*")
WEEK = ("月", "火", "水", "木", "金", "土", "日")


@dataclass(frozen=True)
class Said:
    """The pieces of a date that a text gives; `about` is True for 「くらい」「ごろ」."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    week: date | None = None
    fiscal: int | None = None
    about: bool = False
    guessed: bool = False


def read(text: str, context: Context) -> Reading | None:
    """When something started or will start. None for goals (「2030年度の目標」), spans (「10年使った」), other text."""
    said = _same(plain(text))
    if pattern("goal").search(said):
        return None
    today = context.now.date()
    found = _said(said, today)
    if found is None:
        return None
    value = _value(found, today, said)
    if value is None:
        return None
    about = found.about or bool(pattern("about").search(said))
    sure = (0.6 if found.guessed else 0.95) - (0.15 if about else 0.0)
    return Reading(value, sure, shown(value) + ("ごろ" if about else ""))


def span_of(value: str) -> tuple[date, date]:
    """The first and last day that a value of `read` may mean."""
    if value.startswith("FY"):
        first = date(int(value[2:]), FISCAL_START, 1)
        return first, first + relativedelta(years=1, days=-1)
    year, month, day = ([int(part) for part in value[:10].split("-")] + [0, 0])[:3]
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    if not day:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def shown(value: str) -> str:
    """「2025年6月15日」「2025年6月」「2025年」「2025年度」."""
    if value.startswith("FY"):
        return f"{value[2:]}年度"
    parts = [int(part) for part in value[:10].split("-")]
    return "".join(f"{number}{name}" for number, name in zip(parts, "年月日", strict=False))


def _same(text: str) -> str:
    for written, other in SAME:
        text = written.sub(other, text)
    return text


def _said(text: str, today: date) -> Said | None:
    if bare := BARE_YEAR.match(text):
        return Said(year=int(bare[1]))
    if some := SOME_YEARS.search(text):
        back = relativedelta(years=3) if some[1] == "年" else relativedelta(months=3)
        then = today - back
        return Said(year=then.year, month=None if some[1] == "年" else then.month, about=True, guessed=True)
    found = Said()
    moved: relativedelta | None = None
    for piece in _pieces(text):
        after = text[piece.span[1] :] if piece.span else ""
        if piece.type == "DATE":
            found = _with_date(found, piece, after, text)
        elif piece.type == "DURATION" and CALENDAR.match(piece.text):
            found = _with_calendar(found, piece, after, today)
        elif piece.type == "DURATION":
            more = _moved(piece, after)
            moved = more if moved is None or more is None else moved + more
    if moved is not None:
        found = _moved_from(found, today + moved, moved, seasonal=SEASON.search(text) is not None)
    found = _with_words(found, text, today)
    return None if found == Said() else found


def _pieces(text: str) -> list:  # type: ignore[type-arg]
    return [piece for piece in _parser().parse(text) if piece.type in ("DATE", "DURATION")]


def _with_date(found: Said, piece, after: str, text: str) -> Said:  # type: ignore[no-untyped-def]
    value, about = piece.value, piece.mod == "APPROX"
    if value.startswith("FY"):
        return replace(found, fiscal=int(value[2:]), about=about)
    if re.match(r"^XXXX-WXX-\d$", value):
        return replace(found, weekday=int(value[-1]) - 1)
    if not re.match(r"^[\dX]{4}-[\dX]{2}-[\dX]{2}$", value):
        return found
    year, month, day = (None if "X" in part else int(part) for part in value.split("-"))
    if year is not None and year < 100:
        if month is None:
            return found
        return replace(found, year=_century(year), month=month, day=day, guessed=True)
    if year is not None and not 1950 <= year <= 2100:
        return found
    if year is not None and month is None and FISCAL.match(after):
        return replace(found, fiscal=year, about=about)
    if month is None and day is not None and found.month is None:
        return found
    return replace(
        found, year=year or found.year, month=month or found.month, day=day or found.day, about=found.about or about
    )


def _century(year: int) -> int:
    """「23年」 is 2023; 「5年」 is 令和5年."""
    return 2018 + year if year <= 12 else 2000 + year


def _with_calendar(found: Said, piece, after: str, today: date) -> Said:  # type: ignore[no-untyped-def]
    sign = {"BEFORE": -1, "AFTER": 1}.get(piece.mod, 0)
    size, unit = int(float(piece.value[1:-1])), piece.value[-1]
    if unit == "Y":
        if FISCAL.match(after):
            return replace(found, fiscal=fiscal_year(today) + sign * size)
        return replace(found, year=today.year + sign * size)
    if unit == "M":
        then = today + relativedelta(months=sign * size)
        return replace(found, year=then.year, month=then.month)
    if unit == "W":
        return replace(found, week=today - timedelta(days=today.weekday()) + timedelta(weeks=sign * size))
    then = today + timedelta(days=sign * size)
    return replace(found, year=then.year, month=then.month, day=then.day)


def _moved(piece, after: str) -> relativedelta | None:  # type: ignore[no-untyped-def]
    """How far back or ahead 「2年半前」 lies; None for a mere length of time (「10年使った」)."""
    sign = {"BEFORE": -1, "AFTER": 1}.get(piece.mod)
    if sign is None and (found := BEFORE_OR_AFTER.match(after)):
        sign = -1 if found[1] == "前" else 1
    if sign is None:
        return None
    months = days = 0.0
    for number, unit in re.findall(r"(\d+(?:\.\d+)?)([YMWD])", piece.value):
        size = float(number)
        months += {"Y": 12, "M": 1}.get(unit, 0) * size
        days += {"W": 7, "D": 1}.get(unit, 0) * size
    return relativedelta(months=sign * round(months), days=sign * round(days))


def _moved_from(found: Said, then: date, back: relativedelta, *, seasonal: bool) -> Said:
    if found.month is not None or found.fiscal is not None or seasonal:
        return replace(found, year=then.year)
    exact = then.day if back.days else None
    return replace(found, year=then.year, month=then.month, day=exact)


def _with_words(found: Said, text: str, today: date) -> Said:
    """Seasons, 年度末, 年明け and thirds of a month."""
    if FISCAL_END.search(text):
        return Said(year=(found.fiscal or fiscal_year(today)) + 1, month=3, about=True)
    if FISCAL_BEGIN.search(text) and found.fiscal:
        return Said(year=found.fiscal, month=FISCAL_START, about=True)
    if NEW_YEAR.search(text) and found.month is None:
        return replace(found, year=found.year or today.year + 1, month=1, about=True)
    if YEAR_END.search(text) and found.month is None and (found.year or re.search("年末|暮れ", text)):
        return replace(found, year=found.year or today.year, month=12, about=True)
    if (season := SEASON.search(text)) and found.month is None and found.day is None and _is_season(text, found):
        return replace(found, month=SEASONS[season[1]], about=True)
    if THIRD.search(text) and found.month is not None and found.day is None:
        return replace(found, about=True)
    return found


def _is_season(text: str, found: Said) -> bool:
    return found.year is not None or bool(SEASON_ALONE.fullmatch(text))


def _value(found: Said, today: date, text: str) -> str | None:
    if found.fiscal is not None and found.month is None:
        return f"FY{found.fiscal}"
    if found.fiscal is not None and found.month is not None:
        year = found.fiscal + (1 if found.month < FISCAL_START else 0)
        return f"{year}-{found.month:02d}" + (f"-{found.day:02d}" if found.day else "")
    if found.week is not None and found.month is None:
        return (found.week + timedelta(days=found.weekday or 0)).isoformat()
    if found.weekday is not None and found.month is None and found.day is None:
        return _next_weekday(today, found.weekday).isoformat()
    if found.month is None:
        return str(found.year) if found.year else None
    year = found.year or _year_of(found, today, text)
    if found.day is None:
        return f"{year}-{found.month:02d}"
    try:
        return date(year, found.month, found.day).isoformat()
    except ValueError:
        return None


def _year_of(found: Said, today: date, text: str) -> int:
    """The year of 「6月」: the coming one for a plan, else the last one."""
    this = date(today.year, found.month or 1, min(found.day or 1, 28))
    if pattern("planned").search(text) and not pattern("done").search(text):
        return today.year if this >= today.replace(day=1) else today.year + 1
    return today.year if this <= today else today.year - 1


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year of a day (April to March)."""
    return day.year if day.month >= FISCAL_START else day.year - 1


@lru_cache(maxsize=1)
def _parser() -> TimexParser:
    parser = TimexParser()
    parser.parse("去年の6月")
    return parser

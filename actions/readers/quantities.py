"""Reads quantities as people write them: 19万kWh · 十九万キロワット時 · 月あたり32kL · 約3割 · 10〜12t."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from actions.readers.numerals import KANJI, NUMBER, read_number
from actions.readers.plain_text import PlainText, plain_text
from knowledge.factor_units import Units, fold
from knowledge.methodology_book import load_book

Period = Literal["year", "month", "day"]
PERIOD_NAMES: dict[Period, str] = {"year": "1年あたり", "month": "1か月あたり", "day": "1日あたり"}
UNREAD = {"-", "単位", "生産単位", "燃料単位"}
LONGEST = 2000

ABOUT_BEFORE = r"(?:約|およそ|おおよそ|だいたい|大体|ざっと|ほぼ)"
ABOUT_AFTER = r"(?:くらい|ぐらい|ほど|程度|前後|弱|強|余り|あまり)"
PER = r"(?:あたりに?|当たりに?|当りに?|につき|平均で?|に|で|の|は|、|,)"
ONE = r"(?:(?<!\d)1|一|1)"
AHEAD = r"(?=[\d約に平当あ])"
"""What follows 月 or 年 where it means each month or year, not the name of one."""
ALONE = r"(?<![\dA-Za-z毎か一-龥ァ-ヶー])"
WHAT = r"(?:に[一-龥ァ-ヶーA-Z]{1,8}[をがは])"
"""「月に灯油を200リットル」."""
TENS = re.compile("[千万億]+$")
LEADS = re.compile(rf"(?:{ABOUT_BEFORE}|{PER}|{WHAT}|\s)*")
PERIODS = re.compile(
    rf"""
    (?P<month> 毎月 | 月々 | 月間 | 月平均 | ひと月
        | {ONE}(?:か月|ヶ月|カ月|ケ月|ヵ月|箇月)間?
        | {ALONE}月{AHEAD} )
    | (?P<day> 毎日 | 日量 | 日平均
        | (?:(?<![\d月])1|(?<!月)一)日(?=あたり|当|につき|に|平均|[\d約、])
        | {ALONE}日(?=あたり|当たり|に\d) )
    | (?P<year> 毎年 | 年間 | 年平均 | 通年
        | {ONE}年間?(?=あたり|当|につき|に|で|平均|[\d約、])
        | {ALONE}年{AHEAD} )
    """,
    re.VERBOSE,
)
AFTER = re.compile(
    r"""
    \s* (?:/|毎|per\s*) \s*
    (?: (?P<year>年|y(?:ea)?r?\b|a\b) | (?P<month>月|か月|ヶ月|mo(?:nth)?\b) | (?P<day>日|d(?:ay)?\b) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
SHARE = re.compile(
    rf"""
    (?P<bottom>{NUMBER})分の(?P<top>{NUMBER})
    | (?P<over>\d+)⁄(?P<under>\d+)
    | (?P<half>半分)
    | (?P<wari>{NUMBER})割(?:(?P<bu>\d|[一二三四五六七八九])分)?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Quantity:
    """One amount in a text. `value` is in `unit` (canonical, "" when none); `low`/`high` only for a range."""

    value: Decimal
    unit: str
    span: tuple[int, int]
    period: Period | None
    confidence: float
    shown: str
    approximate: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


def read_quantity(text: str, unit_hint: str | None = None) -> Quantity | None:
    """The one quantity that `text` is about, or None. `unit_hint` is the unit taken where none is written."""
    found = read_quantities(text)
    if not found:
        return None
    if unit_hint and (hours := _hours_a_year(found, unit_hint)):
        return hours
    best = max(found, key=lambda item: (_fits(item, unit_hint), item.confidence, -item.span[0]))
    if unit_hint and not best.unit:
        unit = unit_hint.removesuffix("/年")
        return _shown(replace(best, unit=unit, confidence=min(best.confidence + 0.3, 1.0)))
    if unit_hint and text[best.span[0] : best.span[1]].endswith("キロ"):
        return _shown(_kilo(best, unit_hint))
    return best


def read_quantities(text: str) -> list[Quantity]:
    """All quantities of `text`, in order. Dates and calendar years are left out."""
    plain = plain_text(text[:LONGEST])
    periods = list(PERIODS.finditer(plain.text))
    taken: list[tuple[int, int]] = [match.span() for match in periods]
    found: list[Quantity] = []
    for reader in (_shares, _ranges, _amounts):
        for quantity, span in reader(plain, periods):
            if not any(span[0] < end and start < span[1] for start, end in taken):
                taken.append(span)
                found.append(quantity)
    return [_shown(item) for item in _joined(sorted(found, key=lambda item: item.span))]


def _joined(found: list[Quantity]) -> list[Quantity]:
    """3町2反 and 1時間30分 are one amount: side by side, of one kind, the smaller unit last."""
    units, joined = _units(), list[Quantity]()
    for item in found:
        last = joined[-1] if joined else None
        in_last = units.convert(item.value, item.unit, last.unit) if last and last.unit and item.unit else None
        one = units.convert(Decimal(1), item.unit, last.unit) if in_last is not None and last else None
        if last and in_last is not None and one is not None and one < 1 and last.span[1] == item.span[0]:
            span, period = (last.span[0], item.span[1]), last.period or item.period
            joined[-1] = replace(last, value=last.value + in_last, span=span, period=period)
        elif last is None or last.span[1] <= item.span[0]:
            joined.append(item)
    return joined


def _shares(plain: PlainText, periods: list[re.Match[str]]) -> Iterator[tuple[Quantity, tuple[int, int]]]:
    """Halves, thirds and 割."""
    for match in SHARE.finditer(plain.text):
        unit, value = "-", Decimal("0.5")
        if match["bottom"] or match["under"]:
            top, bottom = read_number(match["top"] or match["over"]), read_number(match["bottom"] or match["under"])
            if not top or not bottom:
                continue
            value = top / bottom
        elif match["wari"]:
            whole, part = read_number(match["wari"]), read_number(match["bu"]) if match["bu"] else Decimal(0)
            if whole is None or part is None:
                continue
            unit, value = "%", whole * 10 + part
        yield _quantity(plain, match.span(), value, unit, periods)


def _ranges(plain: PlainText, periods: list[re.Match[str]]) -> Iterator[tuple[Quantity, tuple[int, int]]]:
    """10〜12t: the middle, said to be a range, with little confidence."""
    for match in _range_pattern().finditer(plain.text):
        low, high = _same_tens(match["low"], match["high"]), read_number(match["high"])
        if low is None or high is None or low >= high:
            continue
        symbol = _symbol(match["unit"] or match["low_unit"] or "")
        quantity, span = _quantity(plain, match.span(), (low + high) / 2, symbol, periods)
        yield replace(quantity, low=low, high=high, confidence=0.3, approximate=True), span


def _same_tens(low: str, high: str) -> Decimal | None:
    """The lower end: 「18〜20万」 means 180,000 to 200,000."""
    tens = TENS.search(high)
    scaled = read_number(low + tens[0]) if tens and not TENS.search(low) else None
    most = read_number(high)
    return scaled if scaled is not None and most is not None and scaled < most else read_number(low)


def _amounts(plain: PlainText, periods: list[re.Match[str]]) -> Iterator[tuple[Quantity, tuple[int, int]]]:
    """A number with or without a unit."""
    for match in _amount_pattern().finditer(plain.text):
        value = read_number(match["number"])
        symbol = _symbol(match["unit"] or "") if match["unit"] != "A" else ""
        if value is None or _is_no_amount(plain.text, match, value, symbol):
            continue
        if match["half"] and symbol:
            value += Decimal("0.5")
        start, end = match.span()
        end = match.end("half") if match["half"] and symbol else (match.end("unit") if symbol else match.end("number"))
        yield _quantity(plain, (start, end), -value if match["sign"] else value, symbol, periods)


def _is_no_amount(text: str, match: re.Match[str], value: Decimal, symbol: str) -> bool:
    """Dates, calendar years, and kanji that only look like numbers (千葉, 十分)."""
    start = match.start()
    before, after = text[:start], text[match.end("number") :]
    in_date = bool(re.match(r"月|/\d|-\d", after) or re.search(r"(?:\d月|\d[/-])$", before))
    is_year = symbol == "年" and value >= 1900
    kanji_alone = match["number"][0] in KANJI and not symbol and text.strip() != match["number"]
    is_plenty = match["number"] == "十" and match["unit"] == "分"
    in_code = not symbol and re.search(r"[A-Za-z]-?$", before) is not None
    return (in_date and symbol in ("", "日", "年", "-")) or is_year or kanji_alone or is_plenty or in_code


def _quantity(
    plain: PlainText, span: tuple[int, int], value: Decimal, unit: str, periods: list[re.Match[str]]
) -> tuple[Quantity, tuple[int, int]]:
    before, after = plain.text[: span[0]], plain.text[span[1] :]
    period: Period | None = None
    if found := AFTER.match(after):
        period = _period(found)
        span = (span[0], span[1] + found.end())
        after = plain.text[span[1] :]
    about = re.search(rf"{ABOUT_BEFORE}\s*$", before) or re.match(rf"\s*{ABOUT_AFTER}", after)
    led = re.sub(rf"(?:{ABOUT_BEFORE}|{PER}|\s)*$", "", before)
    near = [m for m in periods if m.end() <= len(before) and LEADS.fullmatch(before[m.end() :])]
    period = period or next((_period(m) for m in [*reversed(near), *periods] if m in near or led.endswith(m[0])), None)
    bare_kanji = not unit and plain.text[span[0]] in KANJI
    confidence = (1.0 if unit else 0.5) - (0.1 if about else 0.0) - (0.3 if bare_kanji else 0.0)
    return Quantity(value, unit, plain.span(*span), period, confidence, "", bool(about)), span


def _period(match: re.Match[str]) -> Period:
    return next(name for name in PERIOD_NAMES if match[name])


def each(quantity: Quantity, period: Period | None) -> Quantity:
    """The quantity as one of each year, month or day."""
    return _shown(replace(quantity, period=period))


def _shown(quantity: Quantity) -> Quantity:
    """The quantity with how it was understood, in words."""
    unit = {"-": "", "": ""}.get(quantity.unit, f" {quantity.unit}")
    amount = f"{plain_number(quantity.value)}{unit}"
    if quantity.low is not None and quantity.high is not None:
        amount = f"{plain_number(quantity.low)}〜{plain_number(quantity.high)}{unit}（幅のある値）"
    about = "約 " if quantity.approximate and quantity.low is None else ""
    period = f"（{PERIOD_NAMES[quantity.period]}）" if quantity.period else ""
    return replace(quantity, shown=f"{about}{amount}{period}")


def plain_number(value: Decimal) -> str:
    """A number as people read it: thousands marked, no needless zeros."""
    number = value.normalize()
    if number.adjusted() < -12 or number.adjusted() > 20:
        return f"{number:E}"
    rounded = number if -number.as_tuple().exponent <= 12 else round(number, 12).normalize()  # type: ignore[operator]
    return f"{rounded:,f}"


def _fits(quantity: Quantity, unit_hint: str | None) -> int:
    """2: the hint's kind of unit; 1: no unit; 0: another kind."""
    if not unit_hint or not quantity.unit:
        return 1
    hint = _units().symbol_of(unit_hint.removesuffix("/年"))
    return 2 if hint and _units().kind_of(hint) == _units().kind_of(quantity.unit) else 0


def _hours_a_year(found: list[Quantity], unit_hint: str) -> Quantity | None:
    """「1日8時間、年300日」 as hours a year."""
    if not unit_hint.startswith("h"):
        return None
    hours = [item for item in found if item.unit == "h" and item.period in ("day", None)]
    days = [item for item in found if item.unit == "日"]
    if len(hours) != 1 or len(days) != 1:
        return None
    span = (min(hours[0].span[0], days[0].span[0]), max(hours[0].span[1], days[0].span[1]))
    about = hours[0].approximate or days[0].approximate
    return _shown(Quantity(hours[0].value * days[0].value, "h", span, "year", 0.9, "", about))


def _kilo(quantity: Quantity, unit_hint: str) -> Quantity:
    """「120キロ」 is kilometres where kilometres are asked for."""
    wanted = unit_hint.removesuffix("/年")
    return replace(quantity, unit=wanted, confidence=0.7) if wanted in ("km", "kW", "kWh", "kL") else quantity


@cache
def _units() -> Units:
    return load_book().units


@cache
def _unit_pattern() -> str:
    """One unit or a compound of them (GJ/kL); a Latin unit must not run on into a word."""
    readable = [word for word, symbol in _units().by_word.items() if symbol not in UNREAD or word == "倍"]
    longest_first = sorted(readable, key=len, reverse=True)
    one = "|".join(re.escape(word) + ("(?![a-z])" if re.search("[a-z]$", word) else "") for word in longest_first)
    return rf"(?:{one})(?:\s*/\s*(?!年|月|日|か月|ヶ月)(?:{one}))*"


@cache
def _amount_pattern() -> re.Pattern[str]:
    sign = r"(?P<sign>(?<![\d\w])(?:-|マイナス|▲|△)\s*)?"
    return re.compile(rf"{sign}(?P<number>{NUMBER})\s*(?P<unit>{_unit_pattern()})?(?P<half>半)?", re.IGNORECASE)


@cache
def _range_pattern() -> re.Pattern[str]:
    low = rf"(?<![\d.\-/])(?P<low>{NUMBER})\s*(?P<low_unit>{_unit_pattern()})?"
    high = rf"(?P<high>{NUMBER})(?![\d\-])\s*(?P<unit>{_unit_pattern()})?"
    return re.compile(rf"{low}\s*(?:~|-|から|ないし)\s*{high}", re.IGNORECASE)


@cache
def _symbol(written: str) -> str:
    return (_units().symbol_of(fold(written)) or "") if written else ""


__all__ = ["Period", "Quantity", "each", "plain_number", "read_quantities", "read_quantity"]

"""Japanese and Arabic numerals as Decimals: 190,000 · 19万 · 1億2千万 · 十九万 · 2.5万."""

from __future__ import annotations

import re
from decimal import Decimal

from kanjize import kanji2number

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
SCALES = "兆億万千百"
KANJI = "〇零一二三四五六七八九十百千万億兆壱弐参拾"
MIXED = rf"{DIGITS}(?:[{SCALES}]+(?:{DIGITS}[{SCALES}]*)*)?"
NUMBER = rf"(?:{MIXED}|[{KANJI}]+)"

_PART = re.compile(rf"({DIGITS})([{SCALES}]*)")
MOST_DIGITS = 30


def read_number(written: str) -> Decimal | None:
    """The number that `written` (a match of NUMBER) means; None when it is no number."""
    if len(written) > MOST_DIGITS:
        return None
    parts = _PART.findall(written)
    try:
        if not parts:
            return _kanji(written)
        if "".join(number + scale for number, scale in parts) != written:
            return None
        return sum((Decimal(number.replace(",", "")) * _scale(scale) for number, scale in parts), Decimal(0))
    except (ValueError, KeyError, IndexError):
        return None


def _scale(written: str) -> Decimal:
    """How many times 万, 千万 … stand for."""
    return Decimal(kanji2number("一" + written)) if written else Decimal(1)


def _kanji(written: str) -> Decimal:
    """Kanji numerals, positional ones (一九〇) included."""
    if len(written) > 1 and all(letter in "〇零一二三四五六七八九" for letter in written):
        return Decimal("".join(str(kanji2number(letter)) for letter in written))
    return Decimal(kanji2number(written.replace("拾", "十")))

"""Numbers with or without a unit, as answers: the quantity reader's finding in the shape of every reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from actions.readers.common import Context, Reading, without_politeness
from actions.readers.quantities import Quantity, plain_number, read_quantities, read_quantity
from knowledge.methodology_book import load_book

JAPANESE_UNIT = re.compile(r"(?<=\d) (?=[^\x00-\x7f])")
SHARE = "-"
PER = {"month": "/月", "day": "/日"}


def read(text: str, context: Context) -> Reading | None:
    """The amount as text in its own unit: `190000 kWh`, `15000 kWh/月`, `12 年`, `0.42`."""
    found = read_quantity(text, unit_hint=own_unit(context.unit))
    if found is None or (found.unit == SHARE and own_unit(context.unit)):
        return None
    reading = as_reading(found)
    return reading if fits(reading, context.unit, context.accepts) else None


def read_all(text: str, context: Context) -> list[Reading]:
    """Every amount in the text, in order."""
    hint = own_unit(context.unit)
    found = [as_reading(quantity, hint) for quantity in read_quantities(text) if not (hint and quantity.unit == SHARE)]
    if len(found) < 2 and (one := read(without_politeness(text), context)):
        return [one]
    return found


def as_reading(quantity: Quantity, unit: str | None = None) -> Reading:
    """The quantity as an answer; `shown` says what was made of it, the unit of the question included."""
    kept = "" if quantity.unit == SHARE else quantity.unit or unit or ""
    value = f"{format(quantity.value.normalize(), 'f')} {kept}{PER.get(quantity.period or '', '')}".strip()
    shown = quantity.shown if quantity.unit or not kept else f"{plain_number(quantity.value)} {kept}"
    shown = JAPANESE_UNIT.sub("", shown.removesuffix("（1年あたり）"))
    sure = quantity.confidence if quantity.low is None else min(quantity.confidence, 0.4)
    return Reading(value, sure if quantity.unit else max(sure, 0.6), shown, span=quantity.span)


def amount(value: object) -> tuple[Decimal, str]:
    """The number and unit ("" when none) of a value that `read` gave."""
    number, _, unit = str(value).partition(" ")
    return Decimal(number), unit


def fits(reading: Reading, asked: str | None, accepts: Sequence[str] = ()) -> bool:
    """Whether the amount's unit is of a kind that is asked for; one without a unit fits anywhere."""
    unit = amount(reading.value)[1]
    wanted = [name for name in (own_unit(asked), *accepts) if name]
    if not unit or not wanted or unit in wanted:
        return True
    for suffix in PER.values():
        unit = unit.removesuffix(suffix)
    kinds = [_kind(name) for name in wanted]
    return _kind(unit) in kinds or (None in kinds and not accepts)


def _kind(unit: str) -> tuple[str, ...] | None:
    """The kinds that a unit's pieces measure; None when it is not known."""
    units = load_book().units
    symbol = units.symbol_of(unit)
    return units.kind_of(symbol) if symbol else None


def own_unit(asked: str | None) -> str | None:
    """The unit that an answer without one is in: that of the question, when it names a single one."""
    unit = (asked or "").removesuffix("/年")
    return None if unit in ("", "-", "単位") or "," in unit else unit

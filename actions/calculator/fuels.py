"""The rows of `fuels`: {fuel, before, after} with heat values and factors by the fuel's name and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.calculator import refusals
from actions.calculator.amounts import Amount, is_given, read_amount
from actions.calculator.expressions import written_out
from actions.calculator.lookups import Series, fuel_at, fuel_series
from actions.calculator.result import OWN_SOURCE, Step, UsedFactor
from knowledge.factor_units import fold
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula, Input, Usual

KNOWN_KEYS = {"fuel", "before", "after", "hv", "cef"}
MOST_ROWS = 50
ANY_UNIT = ["kL", "t", "千m3", "千Nm3"]
VOLUMES = {"千m3": ["千m3", "千Nm3"], "千Nm3": ["千Nm3", "千m3"]}
FAMILIAR = "A重油、灯油、軽油、ガソリン、LPG、都市ガス、LNG"
KNOWN_NAMES = f"{FAMILIAR} などの名前で入れるか、発熱量（hv）と係数（cef）を添えてください"
WORDS = (("前", "before"), ("後", "after"))


@dataclass(frozen=True)
class FuelRow:
    """One row as it was given; `fuel` is the tables' name, or None when hv and cef were given instead."""

    number: int
    label: str
    fuel: str | None
    before: object
    after: object
    hv: object
    cef: object


@dataclass(frozen=True)
class FuelUse:
    """What a row comes to in a year's factors, in tCO2."""

    before: Decimal
    after: Decimal
    steps: list[Step]
    factors: list[UsedFactor]
    notes: list[str]


def read_rows(book: Book, item: Input, given: object) -> list[FuelRow]:
    """The rows, their fuels known and their amounts complete. Raises InvalidInput naming `fuels`."""
    if not is_given(given):
        return []
    rows = [given] if isinstance(given, Mapping) else given
    if isinstance(rows, str | bytes) or not isinstance(rows, Sequence) or len(rows) > MOST_ROWS:
        raise refusals.unfit(item, "は、燃料名・前の量・後の量の組を並べて入れてください")
    return [_row(book, item, number, row) for number, row in enumerate(rows, start=1)]


def _row(book: Book, item: Input, number: int, row: object) -> FuelRow:
    if not isinstance(row, Mapping) or (set(row) - KNOWN_KEYS):
        raise refusals.unfit(item, f"の{number}行目は fuel・before・after（必要なら hv・cef）で入れてください")
    fuel = row.get("fuel")
    own = is_given(row.get("hv")) and is_given(row.get("cef"))
    name = book.fuel_by_word.get(fold(fuel)) if isinstance(fuel, str) else None
    label = name or (fuel.strip()[:40] if isinstance(fuel, str) and fuel.strip() else f"燃料{number}")
    if not is_given(fuel) and not own:
        raise refusals.missing({item.name: f"燃料の{number}行目の燃料名を教えてください（{FAMILIAR} など）"})
    if name is None and not own:
        raise refusals.invalid_value(item.name, f"「{label}」という燃料は係数表にありません。{KNOWN_NAMES}")
    lacking = [word for key, word in (("before", "前"), ("after", "後")) if not is_given(row.get(key))]
    if lacking:
        words = "と".join(lacking)
        raise refusals.missing({item.name: f"{label}の、取組の{words}の1年間の量を教えてください（例：32 kL）"})
    return FuelRow(number, label, name, row["before"], row["after"], row.get("hv"), row.get("cef"))


def row_series(book: Book, row: FuelRow) -> Series | None:
    """The dated values that a row needs; None when it brings its own."""
    if row.fuel is None or (is_given(row.hv) and is_given(row.cef)):
        return None
    return fuel_series(book, row.fuel, "hv")


def use_of(book: Book, item: Input, row: FuelRow, year: int | None) -> FuelUse:
    """The row's emissions before and after. `year` is one for which the fuel has values."""
    unit = _unit(book, row, year)
    hv, heat_factor = _value(book, row, "hv", year, unit)
    cef, carbon_factor = _value(book, row, "cef", year, unit)
    unit = unit or next(iter(heat_factor.unit.split("/")[1:]), None)
    steps: list[Step] = []
    notes: list[str] = []
    for word, key in WORDS:
        amount = _amount(book, item, row, word, unit)
        shown = written_out("amount * hv * cef", {"amount": amount.value, "hv": hv, "cef": cef})
        label = f"{row.label}（{word}）の排出量"
        steps.append(Step(f"fuel{row.number}_{key}", label, shown, amount.value * hv * cef, "tCO2"))
        notes += amount.notes
    return FuelUse(steps[0].value, steps[1].value, steps, [heat_factor, carbon_factor], notes)


def rows_input(formula: Formula) -> Input | None:
    """The input that takes rows of fuels, if the formula has one."""
    return next((item for item in formula.inputs if item.rows), None)


def _unit(book: Book, row: FuelRow, year: int | None) -> str | None:
    """The unit in which the tables measure the row's fuel; None for a fuel that brings its own values."""
    if row.fuel is None or year is None or row_series(book, row) is None:
        return None
    return fuel_at(book, row.fuel, year)[1].unit


def _amount(book: Book, item: Input, row: FuelRow, word: str, unit: str | None) -> Amount:
    """An amount in the table's unit; other units that people use for the fuel are turned into it, and noted."""
    name = book.fuel_names.fuels.get(row.fuel or "")
    others = name.per if name and unit == "t" else {}
    asked = item.model_copy(
        update={
            "label_ja": f"{row.label}（{word}）",
            "unit": f"{unit or '単位'}/年",
            "accepts": VOLUMES.get(unit, [unit]) if unit else ANY_UNIT,
            "also": others,
            "example": f"32 {unit or 'kL'}",
        }
    )
    amount = read_amount(book.units, asked, row.before if word == "前" else row.after)
    through = name.per_note if name and amount.notes and others else None
    return replace(amount, notes=(*amount.notes, through)) if through else amount


def _value(book: Book, row: FuelRow, column: str, year: int | None, unit: str | None) -> tuple[Decimal, UsedFactor]:
    """A heat value (hv) or an emission factor (cef): the row's own, or the table's."""
    label = f"{row.label}の{'単位発熱量' if column == 'hv' else '排出係数'}"
    given = row.hv if column == "hv" else row.cef
    if not is_given(given):
        series = fuel_series(book, row.fuel or "", column)
        assert series is not None
        found = series.at(year)
        return found.value, found.used_for("fuels", label)
    asked = _asked(column, label, unit)
    amount = read_amount(book.units, asked, given)
    name = f"fuels.{row.label}.{column}"
    shown = amount.unit or asked.unit
    return amount.value, UsedFactor(name, label, amount.value, shown, OWN_SOURCE, "入力時", "reference", "fuels")


def _asked(column: str, label: str, unit: str | None) -> Input:
    """What a row's own value must look like."""
    heat = column == "hv"
    units = [f"GJ/{each}" for each in (VOLUMES.get(unit, [unit]) if unit else ANY_UNIT)] if heat else ["tCO2/GJ"]
    return Input(
        name="fuels",
        label_ja=label,
        unit=(units[0] if unit else "GJ") if heat else "tCO2/GJ",
        meaning=label,
        how_to_find=label,
        example="38.9 GJ/kL" if heat else "0.0693 tCO2/GJ",
        accepts=units,
        usual=Usual.model_validate({"from": 0, "upto": 60 if heat else Decimal("0.16")}),
    )

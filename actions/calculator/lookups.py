"""Finds values in the book: by fiscal year, by a fuel's name, by a gas, or in a table by the words of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from actions.calculator.result import UsedFactor
from knowledge.factor_schema import FIRST_YEAR, LAST_YEAR, Factor, Fuel, FuelSet, Row, Table
from knowledge.factor_units import fold
from knowledge.methodology_book import Book
from knowledge.methodology_schema import ChooseFrom, DefaultFrom
from knowledge.schema import Status

Spans = list[tuple[int, int]]
ALWAYS: Spans = [(FIRST_YEAR, LAST_YEAR)]


@dataclass(frozen=True)
class Found:
    """A value of the book with where it comes from."""

    id: str
    value: Decimal
    unit: str
    source: str
    as_of: str
    status: Status
    note: str | None = None

    def used_for(self, name: str, label: str) -> UsedFactor:
        """The value as a factor of the input `name`."""
        return UsedFactor(self.id, label, self.value, self.unit, self.source, self.as_of, self.status, name)


@dataclass(frozen=True)
class Series:
    """A value that may depend on the fiscal year: `spans` say for which years there is one."""

    name: str
    spans: Spans
    of_year: Callable[[int], Found]
    instead: str | None = None

    def at(self, year: int | None) -> Found:
        """The value of that year; the year does not matter (None) where the value has no dates."""
        return self.of_year(FIRST_YEAR if year is None else year)

    @property
    def dated(self) -> bool:
        return self.spans != ALWAYS

    def holds(self, year: int) -> bool:
        return any(first <= year <= last for first, last in self.spans)


def default_series(book: Book, start: DefaultFrom) -> Series:
    """The series that an input's default comes from."""
    if start.factor:
        return factor_series(book, book.factors[start.factor])
    if start.fuel and start.of:
        series = fuel_series(book, start.fuel, start.of)
        assert series is not None
        return series
    table = book.tables[start.table or ""]
    row = next(row for row in table.rows if row.key == start.row)
    return _row_series(book, table, row, start.column or "")


def named_series(book: Book, choice: ChooseFrom, text: str) -> Series | None:
    """The series that a name stands for (A重油, SF6, スギ, 東北・4時間排除・稲わら); None when none fits."""
    if choice.fuel and (name := book.fuel_by_word.get(fold(text))):
        return fuel_series(book, name, choice.fuel)
    if choice.gas:
        wanted = fold(text).replace("-", "")
        factor = next((f for f in book.factors.values() if f.id.startswith("gwp.") and wanted in _gas_words(f)), None)
        return factor_series(book, factor) if factor else None
    for table_id in choice.tables:
        if series := _table_series(book, book.tables[table_id], choice, text):
            return series
    return None


def factor_series(book: Book, factor: Factor) -> Series:
    """A factor by year."""

    def at(year: int) -> Found:
        value = factor.at(year)
        assert value is not None
        titles = book.source_title(value.sources)
        source = f"{titles}（{value.label}）" if value.label else titles
        return Found(factor.id, value.value, factor.unit, source, factor.as_of, value.status, value.note or factor.note)

    return Series(factor.name, [value.span for value in factor.values], at, factor.instead)


def fuel_series(book: Book, name: str, column: str) -> Series | None:
    """A fuel's heat value or emission factor by year; None when no table holds the fuel."""
    sets = [fuel_set for fuel_set in book.fuel_sets if fuel_set.rank is not None and fuel_in(book, fuel_set, name)]
    if not sets:
        return None

    def at(year: int) -> Found:
        fuel_set, fuel = fuel_at(book, name, year)
        unit = f"GJ/{fuel.unit}" if column == "hv" else "tCO2/GJ"
        source = f"{fuel_set.name}（{fuel.as_written or name}）"
        value = fuel.hv if column == "hv" else fuel.cef
        return Found(f"{fuel_set.id}.{column}", value, unit, source, fuel_set.as_of, fuel.status)

    return Series(f"{name}の係数", [fuel_set.span for fuel_set in sets], at)


def fuel_at(book: Book, name: str, year: int) -> tuple[FuelSet, Fuel]:
    """The table that wins for the year, and the fuel in it. The year must be one of the fuel's."""
    ranked = [each for each in book.fuel_sets if each.rank is not None and each.span[0] <= year <= each.span[1]]
    best = min((each for each in ranked if fuel_in(book, each, name)), key=lambda item: item.rank or 0)
    fuel = fuel_in(book, best, name)
    assert fuel is not None
    return best, fuel


def fuel_in(book: Book, fuel_set: FuelSet, name: str) -> Fuel | None:
    """The fuel in a table, under its own or a wider name."""
    wider = book.fuel_names.fuels[name].also if name in book.fuel_names.fuels else []
    return next((fuel_set.fuels[each] for each in [name, *wider] if each in fuel_set.fuels), None)


def _gas_words(factor: Factor) -> set[str]:
    return {fold(word).replace("-", "") for word in [*factor.words, factor.id.removeprefix("gwp.")]}


def _table_series(book: Book, table: Table, choice: ChooseFrom, text: str) -> Series | None:
    said = fold(text)
    row = _best_row(table, said)
    if row is None:
        return None
    column = choice.column or _column_said(table, said)
    if choice.young_column and any(fold(word) in said for word in table.columns[choice.young_column].words):
        column = choice.young_column
    return _row_series(book, table, row, column) if column in row.values else None


def _best_row(table: Table, said: str) -> Row | None:
    """The row all of whose parts are said; the longest words win, two equals are none."""
    heard = [([_said(table, row, part, said) for part in row.key], row) for row in table.rows]
    scored = sorted(((sum(lengths), row) for lengths, row in heard if all(lengths)), key=lambda pair: -pair[0])
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    return scored[0][1]


def _said(table: Table, row: Row, part: str, said: str) -> int:
    """How long a word for a part of the key is said; 0 when none is."""
    words = [part, *table.words.get(part, []), *(row.words if len(row.key) == 1 else [])]
    return max((len(fold(word)) for word in words if fold(word) in said), default=0)


def _column_said(table: Table, said: str) -> str | None:
    words = {name: [column.name, *column.words] for name, column in table.columns.items()}
    found = [name for name, ways in words.items() if any(fold(way) in said for way in ways)]
    return found[0] if len(found) == 1 else None


def _row_series(book: Book, table: Table, row: Row, column: str) -> Series:
    key = "・".join(row.key)
    source = f"{table.name}（{key}）　{book.source_title(row.sources or table.sources)}"
    status = row.status or table.status
    found = Found(table.id, row.values[column], table.columns[column].unit, source, table.as_of, status, row.note)
    return Series(f"{table.name}（{key}）", ALWAYS, lambda year: found)

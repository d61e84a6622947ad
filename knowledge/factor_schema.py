"""The shapes of knowledge/factors/: values by fiscal year, fuel sets, tables, and the names of fuels."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from knowledge.schema import Status, Strict, Text

FIRST_YEAR, LAST_YEAR = 1990, 2100
YEARS = re.compile(r"^(?P<always>always)$|^(?P<one>\d{4})$|^(?P<first>\d{4})?-(?P<last>\d{4})$")


def _years(written: object) -> str:
    text = str(written)
    if not YEARS.match(text):
        raise ValueError("年度は 2023、2014-2022、-2012（2012年度以前）、always のどれかの形で書いてください")
    return text


Years = Annotated[str, BeforeValidator(_years)]
FactorId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]


def _positive(number: Decimal) -> Decimal:
    if number < 0:
        raise ValueError("0以上の数で書いてください")
    return number


Amount = Annotated[Decimal, AfterValidator(_positive)]


def years_of(written: str) -> tuple[int, int]:
    """The first and last fiscal year that a value is good for."""
    found = YEARS.match(written)
    assert found is not None
    if found["always"]:
        return FIRST_YEAR, LAST_YEAR
    if found["one"]:
        return int(found["one"]), int(found["one"])
    return int(found["first"] or FIRST_YEAR), int(found["last"])


class Dated(Strict):
    """What every file of factors says about itself."""

    id: FactorId
    name: Text
    as_of: Text
    review_by: date
    note: Text | None = None


class YearValue(Strict):
    """One value with the fiscal years it is good for."""

    years: Years
    value: Amount
    status: Status
    sources: Annotated[list[Text], Field(min_length=1)]
    label: Text | None = None
    note: Text | None = None

    @property
    def span(self) -> tuple[int, int]:
        return years_of(self.years)


class Factor(Dated):
    """A factor by fiscal year."""

    kind: Literal["by_year"]
    unit: Text
    words: list[Text] = []
    values: Annotated[list[YearValue], Field(min_length=1)]
    instead: Text | None = None
    """What to use where a year has no value."""

    def at(self, year: int) -> YearValue | None:
        """The value of exactly that year, never a neighbour's."""
        return next((value for value in self.values if value.span[0] <= year <= value.span[1]), None)


class Fuel(Strict):
    """A fuel's heat value (GJ a unit, higher) and emission factor (tCO2/GJ)."""

    unit: Literal["kL", "t", "千m3", "千Nm3"]
    hv: Amount
    cef: Amount
    tco2: Amount | None = None
    lhv_factor: Amount | None = None
    carbon: Amount | None = None
    status: Status
    as_written: Text | None = None


class FuelSet(Dated):
    """One published table of fuels, with the fiscal years that it is good for."""

    kind: Literal["fuel_set"]
    years: Years
    rank: int | None
    """Which set wins where several hold a year: the lowest. None = kept to be looked at, never used."""
    sources: Annotated[list[Text], Field(min_length=1)]
    fuels: dict[str, Fuel]

    @property
    def span(self) -> tuple[int, int]:
        return years_of(self.years)


class FuelName(Strict):
    """How people name a fuel, and the wider name under which a table may hold it."""

    words: list[Text] = []
    also: list[Text] = []
    per: dict[str, Amount] = {}
    """Other units people use: how much of the table's unit (t) one of them is."""
    per_note: Text | None = None


class FuelNames(Dated):
    kind: Literal["fuel_names"]
    fuels: dict[str, FuelName]


class Column(Strict):
    name: Text
    unit: Text
    words: list[Text] = []


class Row(Strict):
    """One line of a table: its key, how people say it, and its values by column."""

    key: Annotated[list[Text], Field(min_length=1)]
    values: dict[str, Amount]
    words: list[Text] = []
    status: Status | None = None
    sources: list[Text] = []
    note: Text | None = None


class Table(Dated):
    """Values picked by name (species, region, fuel) instead of by year."""

    kind: Literal["table"]
    status: Status
    sources: Annotated[list[Text], Field(min_length=1)]
    columns: dict[str, Column]
    rows: Annotated[list[Row], Field(min_length=1)]
    words: dict[str, list[Text]] = {}
    """How people say a part of a key, e.g. a region by its prefectures."""


FactorFile = Annotated[Factor | FuelSet | FuelNames | Table, Field(discriminator="kind")]

"""Units as data: what people write for each, and exact conversion between units of one kind (pint, Decimal)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pint
from pydantic import Field

from knowledge.schema import Strict, Text
from knowledge.yaml_file import read_model

HERE = Path(__file__).resolve().parent
PIECES = re.compile(r"[/／]")


class Unit(Strict):
    """One unit: how it is shown, what kind of quantity it measures, and how much of the kind's base it is."""

    symbol: Text
    kind: Text
    factor: Decimal = Field(gt=0)
    words: list[Text] = []


class UnitList(Strict):
    units: list[Unit]


@dataclass(frozen=True)
class Units:
    """All units by symbol; `convert` between units of one kind, compound units (`GJ/kL`) included."""

    by_symbol: dict[str, Unit]
    registry: pint.UnitRegistry[Any]

    @cached_property
    def by_word(self) -> dict[str, str]:
        """Every way of writing, folded, to the symbol. The exact symbol wins over a folded word."""
        words = {fold(word): unit.symbol for unit in self.by_symbol.values() for word in unit.words}
        return words | {fold(symbol): symbol for symbol in self.by_symbol}

    def symbol_of(self, written: str) -> str | None:
        """The canonical writing of a unit or a compound of units; None when it is not known."""
        pieces = [self.by_symbol.get(piece.strip()) or self._by_folded(piece) for piece in PIECES.split(written)]
        return "/".join(unit.symbol for unit in pieces if unit) if all(pieces) else None

    def _by_folded(self, piece: str) -> Unit | None:
        symbol = self.by_word.get(fold(piece))
        return self.by_symbol[symbol] if symbol else None

    def kind_of(self, symbol: str) -> tuple[str, ...]:
        """The kinds of a unit's pieces, so that `GJ/kL` and `MJ/L` are alike."""
        return tuple(self.by_symbol[piece].kind for piece in symbol.split("/"))

    def convert(self, value: Decimal, unit: str, target: str) -> Decimal | None:
        """`value` in `target`; None when the units are of different kinds."""
        factor = _factor(self, unit, target)
        return None if factor is None else value * factor[0] / factor[1]

    def __hash__(self) -> int:
        return id(self)


def fold(text: str) -> str:
    """One writing for full and half width, upper and lower case, and the kinds of hyphen and dot."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return re.sub(r"[‐‑–—−ー](?=[a-z])", "-", plain).replace(" ", "")


def load_units(path: Path = HERE / "units.yaml") -> Units:
    """The units of the file. Raises KnowledgeError naming file, line and mend."""
    units = {unit.symbol: unit for unit in read_model(path, UnitList).units}
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Decimal, cache_folder=None)
    names = {symbol: f"u{number}" for number, symbol in enumerate(units)}
    bases = {unit.kind: names[symbol] for symbol, unit in reversed(units.items()) if unit.factor == 1}
    for kind, name in bases.items():
        registry.define(f"{name} = [{kind}]")
    for symbol, unit in units.items():
        if names[symbol] != bases[unit.kind]:
            registry.define(f"{names[symbol]} = {unit.factor} * {bases[unit.kind]}")
    return Units(units, registry)


@lru_cache(maxsize=4096)
def _factor(units: Units, unit: str, target: str) -> tuple[Decimal, Decimal] | None:
    """The fraction that turns `unit` into `target`, above and below the line so that nothing is rounded on the way."""
    if units.kind_of(unit) != units.kind_of(target):
        return None
    names = {symbol: f"u{number}" for number, symbol in enumerate(units.by_symbol)}
    above, below = Decimal(1), Decimal(1)
    for place, (piece, wanted) in enumerate(zip(unit.split("/"), target.split("/"), strict=True)):
        from_base = units.registry.Quantity(Decimal(1), names[piece]).to_base_units().magnitude
        to_base = units.registry.Quantity(Decimal(1), names[wanted]).to_base_units().magnitude
        above, below = (above * from_base, below * to_base) if place == 0 else (above * to_base, below * from_base)
    return above, below

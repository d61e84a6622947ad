"""Reads methodologies, formulas, factors, units and prices into one frozen book, or says plainly what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, RootModel

from core.errors import KnowledgeError
from knowledge.factor_schema import Factor, FactorFile, FuelNames, FuelSet, Table
from knowledge.factor_units import Units, fold, load_units
from knowledge.methodology_schema import Case, Common, Formula, Methodology, Prices, Shared
from knowledge.schema import Strict, Text
from knowledge.yaml_file import as_model, read_data, read_model

HERE = Path(__file__).resolve().parent
Model = TypeVar("Model", bound=BaseModel)


class DatedSource(Strict):
    """A document that figures were taken from, and of when it is."""

    title: Text
    as_of: Text


class AnyFactor(RootModel[FactorFile]):
    """One file of factors, whatever its kind."""


@dataclass(frozen=True)
class Book:
    """Everything the calculator works from. Built by `load_book`; nothing in it changes."""

    root: Path
    units: Units
    methodologies: dict[str, Methodology]
    formulas: dict[str, Formula]
    factors: dict[str, Factor]
    fuel_sets: tuple[FuelSet, ...]
    fuel_names: FuelNames
    tables: dict[str, Table]
    common: Common
    prices: Prices
    sources: dict[str, DatedSource]

    @cached_property
    def fuel_by_word(self) -> dict[str, str]:
        """Every name of a fuel, folded, to the name used in the tables."""
        words = {fold(word): name for name, fuel in self.fuel_names.fuels.items() for word in fuel.words}
        return words | {fold(name): name for name in self.fuel_names.fuels}

    def formulas_of(self, methodology: Methodology) -> list[Formula]:
        """The formulas of a methodology, its own and the shared ones."""
        return [self.formulas[item.use] if isinstance(item, Shared) else item for item in methodology.formulas]

    def users_of(self, formula_id: str) -> list[Methodology]:
        """The methodologies that use a formula, in order of their numbers."""
        return [item for item in self.methodologies.values() if formula_id in {f.id for f in self.formulas_of(item)}]

    def source_title(self, codes: list[str]) -> str:
        """The titles of sources, as people read them."""
        return "／".join(self.sources[code].title for code in codes)


def load_book(root: Path = HERE) -> Book:
    """The book of a knowledge folder. Raises KnowledgeError naming file, line and mend, all faults at once."""
    return _read_book(root)  # one cache key, however the folder was named


@cache
def _read_book(root: Path) -> Book:
    faults: list[str] = []
    sources = _sources(root / "methodology_sources.yaml", faults)
    methodologies = _read_all(root / "methodologies", Methodology, faults, shared=False)
    shared = _read_all(root / "methodologies" / "shared", Formula, faults, shared=True)
    factors = _read_factors(root / "factors", faults)
    formulas = {item.id: item for item in shared.values()}
    for methodology in methodologies.values():
        formulas |= {item.id: item for item in methodology.formulas if isinstance(item, Formula)}
    if faults:
        raise KnowledgeError("\n".join(faults))
    book = Book(
        root=root,
        units=load_units(root / "units.yaml"),
        methodologies=methodologies,
        formulas=formulas,
        factors={item.id: item for item in factors if isinstance(item, Factor)},
        fuel_sets=tuple(item for item in factors if isinstance(item, FuelSet)),
        fuel_names=next(item for item in factors if isinstance(item, FuelNames)),
        tables={item.id: item for item in factors if isinstance(item, Table)},
        common=read_model(root / "methodologies" / "shared" / "common.yaml", Common),
        prices=read_model(root / "prices.yaml", Prices),
        sources=sources,
    )
    from knowledge.methodology_checks import faults_of  # the checks need a whole book

    if faults := faults_of(book):
        raise KnowledgeError("\n".join(faults))
    return book


def load_cases(root: Path = HERE) -> list[Case]:
    """The published cases beside what the formulas give."""
    return [read_model(path, Case) for path in sorted((root / "cases").glob("*.yaml"))]


def _sources(path: Path, faults: list[str]) -> dict[str, DatedSource]:
    sources: dict[str, DatedSource] = {}
    for code, data in read_data(path).items():
        try:
            sources[code] = as_model(path, data, DatedSource, (code,))
        except KnowledgeError as error:
            faults.append(error.message)
    return sources


def _read_all(folder: Path, model: type[Model], faults: list[str], *, shared: bool) -> dict[str, Model]:
    items: dict[str, Model] = {}
    for path in sorted(folder.glob("*.yaml")):
        item = None if shared and path.stem == "common" else _read(path, model, faults)
        if item is None:
            continue
        if item.id != path.stem:  # type: ignore[attr-defined]
            faults.append(f"{path}:1: 「id」がファイル名と合いません。直し方: id を {path.stem} にそろえてください")
        items[path.stem] = item
    return items


def _read_factors(folder: Path, faults: list[str]) -> list[FactorFile]:
    items: list[FactorFile] = []
    for path in sorted(folder.rglob("*.yaml")):
        item = _read(path, AnyFactor, faults)
        if item is None:
            continue
        expected = ".".join(path.relative_to(folder).with_suffix("").parts)
        if item.root.id != expected:
            faults.append(f"{path}:1: 「id」が置き場所と合いません。直し方: id を {expected} にしてください")
        items.append(item.root)
    return items


def _read(path: Path, model: type[Model], faults: list[str]) -> Model | None:
    try:
        return read_model(path, model)
    except KnowledgeError as error:
        faults.append(error.message)
        return None

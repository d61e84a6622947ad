"""Reads knowledge/screening/ into one frozen book of rules, or says plainly what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import RootModel

from core.errors import KnowledgeError
from knowledge.loader import HERE, load
from knowledge.methodology_book import load_book
from knowledge.schema_screening import (
    BasisSource,
    Candidates,
    CommonRules,
    Logic,
    Rule,
    RuleSet,
    RuleSets,
    UsefulLife,
    UsefulLives,
)
from knowledge.yaml_file import read_model

OWN = ("own.excluding", "own.rest")


class BasisSources(RootModel[dict[str, BasisSource]]):
    """Sources by code."""


@dataclass(frozen=True)
class Cited:
    """A source as people see it."""

    title: str
    as_of: str
    url: str | None = None


@dataclass(frozen=True)
class ScreeningBook:
    """Everything a verdict is made from."""

    common: CommonRules
    sets: dict[str, RuleSet]
    lives: UsefulLives
    logic: Logic
    candidates: Candidates
    sources: dict[str, Cited]

    def rules_for(self, methodology_id: str | None) -> list[Rule]:
        """The common rules and those of a methodology, in the order of their ids."""
        own = self.sets.get(methodology_id or "")
        return [*self.common.rules, *(own.rules if own else [])]

    def useful_life(self, methodology_id: str | None) -> UsefulLife | None:
        """The legal useful life that is taken for the equipment of a methodology."""
        return next((item for item in self.lives.items if methodology_id in item.methodologies), None)

    def cited(self, rule: Rule) -> list[Cited]:
        """The sources of a rule."""
        return [self.sources[code] for code in rule.basis]


@cache
def load_screening(root: Path = HERE) -> ScreeningBook:
    """The rules under `root`. Raises KnowledgeError naming file and mend, all faults at once."""
    folder = root / "screening"
    common = read_model(folder / "common.yaml", CommonRules)
    files = sorted((folder / "methodologies").glob("*.yaml"))
    sets = {item.methodology: item for path in files for item in read_model(path, RuleSets).sets}
    book = ScreeningBook(
        common=common,
        sets=sets,
        lives=read_model(folder / "useful_lives.yaml", UsefulLives),
        logic=read_model(folder / "logic.yaml", Logic),
        candidates=read_model(folder / "candidates.yaml", Candidates),
        sources=_sources(root, folder),
    )
    if faults := _faults(book, root):
        raise KnowledgeError("\n".join(faults))
    return book


def _sources(root: Path, folder: Path) -> dict[str, Cited]:
    """Every code that rules may cite."""
    known = load(root)
    found = {code: Cited(item.title, item.as_of) for code, item in load_book(root).sources.items()}
    for name, source in known.sources.items():
        found[name] = Cited(source.title, "", str(source.url) if source.url else None)
    own = read_model(folder / "sources.yaml", BasisSources).root
    return found | {code: Cited(item.title, item.as_of) for code, item in own.items()}


def _faults(book: ScreeningBook, root: Path) -> list[str]:
    where, faults = root / "screening", []
    every = [*book.common.rules, *(rule for item in book.sets.values() for rule in item.rules)]
    ids = [rule.id for rule in every]
    faults += [
        f"{where}: 規則「{i}」が二つあります。直し方: 番号を直してください" for i in set(ids) if ids.count(i) > 1
    ]
    for rule in every:
        faults += [
            f"{where}: 規則「{rule.id}」の出典「{code}」がありません。直し方: screening/sources.yaml に足してください"
            for code in rule.basis
            if code not in book.sources
        ]
    methodologies = load_book(root).methodologies
    faults += [
        f"{where}: 方法論「{i}」がありません。直し方: 番号を確かめてください"
        for i in book.sets
        if i not in methodologies
    ]
    asked = {*book.common.order, *OWN}
    faults += [
        f"{where}/common.yaml: 規則「{rule.id}」が order にありません。直し方: 聞く順に足してください"
        for rule in book.common.rules
        if not rule.computed and rule.id not in asked
    ]
    return faults

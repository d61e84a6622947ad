"""What must hold between the files of a book: every name that one file uses is written in another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from knowledge.factor_schema import Table
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula, Input, Methodology, Shared
from knowledge.yaml_file import line_of


def faults_of(book: Book) -> list[str]:
    """Every fault between files, each with its file, line and mend."""
    faults: list[str] = []
    for methodology in book.methodologies.values():
        faults += _of_methodology(book, methodology)
    for formula in book.formulas.values():
        faults += _of_formula(book, formula)
    for factor in book.factors.values():
        faults += _overlaps(book, factor.id, [(value.years, value.span) for value in factor.values])
        faults += _unknown_sources(book, _factor_path(book, factor.id), [s for v in factor.values for s in v.sources])
    for table in book.tables.values():
        faults += _of_table(book, table)
    return faults


def _of_methodology(book: Book, item: Methodology) -> Iterator[str]:
    path = book.root / "methodologies" / f"{item.id}.yaml"
    yield from _unknown_sources(book, path, [*item.sources, item.registered_2024_01.source])
    if isinstance(item.baseline, str) and item.baseline not in book.common.baselines:
        yield _fault(path, ("baseline",), f"基準の名前「{item.baseline}」が shared/common.yaml にありません")
    if isinstance(item.additionality, str) and item.additionality not in book.common.additionality:
        what = f"追加性の名前「{item.additionality}」が shared/common.yaml にありません"
        yield _fault(path, ("additionality",), what)
    for place, entry in enumerate(item.formulas):
        if isinstance(entry, Shared) and entry.use not in book.formulas:
            yield _fault(path, ("formulas", place), f"式「{entry.use}」が methodologies/shared/ にありません")


def _of_formula(book: Book, formula: Formula) -> Iterator[str]:
    path = _formula_path(book, formula.id)
    yield from _unknown_sources(book, path, formula.sources)
    names = {item.name for item in formula.inputs} | set(formula.constants)
    if any(item.rows for item in formula.inputs):
        names |= {"fuels_before", "fuels_after"}
    for step in formula.steps:
        if missing := sorted(_names_in(step.expr) - names):
            yield _fault(path, (), f"式 {formula.id} の {step.id} が使う {missing} が入力にも前の行にもありません")
        names.add(step.id)
    for name, factor in formula.constants.items():
        if factor not in book.factors:
            yield _fault(path, (), f"式 {formula.id} の定数 {name} の係数「{factor}」が factors/ にありません")
    for item in formula.inputs:
        yield from _of_input(book, path, formula, item)


def _of_input(book: Book, path: Path, formula: Formula, item: Input) -> Iterator[str]:
    where = f"式 {formula.id} の入力 {item.name}"
    known = {other.name for other in formula.inputs}
    for name in [*item.only_with, *item.needed_with]:
        if name not in known:
            yield _fault(path, (), f"{where} が指す「{name}」という入力がありません")
    start = item.default_from
    if start and start.factor and start.factor not in book.factors:
        yield _fault(path, (), f"{where} の既定の係数「{start.factor}」が factors/ にありません")
    if start and start.fuel and start.fuel not in book.fuel_names.fuels:
        yield _fault(path, (), f"{where} の燃料「{start.fuel}」が factors/fuels/names.yaml にありません")
    tables = [*(item.choose_from.tables if item.choose_from else []), *([start.table] if start and start.table else [])]
    for table in tables:
        if table not in book.tables:
            yield _fault(path, (), f"{where} の表「{table}」が factors/ にありません")


def _of_table(book: Book, table: Table) -> Iterator[str]:
    path = _factor_path(book, table.id)
    yield from _unknown_sources(book, path, [*table.sources, *(code for row in table.rows for code in row.sources)])
    for place, row in enumerate(table.rows):
        if unknown := sorted(set(row.values) - set(table.columns)):
            yield _fault(path, ("rows", place), f"列 {unknown} が columns にありません")


def _overlaps(book: Book, factor_id: str, spans: list[tuple[str, tuple[int, int]]]) -> Iterator[str]:
    ordered = sorted(spans, key=lambda item: item[1])
    for (_, (_, last)), (written, (first, _)) in zip(ordered, ordered[1:], strict=False):
        if first <= last:
            yield _fault(_factor_path(book, factor_id), ("values",), f"年度 {written} が前の値の年度と重なっています")


def _unknown_sources(book: Book, path: Path, codes: list[str]) -> Iterator[str]:
    for code in dict.fromkeys(codes):
        if code not in book.sources:
            yield _fault(path, ("sources",), f"出典「{code}」が methodology_sources.yaml にありません")


def _fault(path: Path, where: tuple[str | int, ...], what: str) -> str:
    return f"{path}:{line_of(path, where)}: {what}。直し方: つづりを確かめるか、書き足してください"


def _names_in(expression: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)}


def _factor_path(book: Book, factor_id: str) -> Path:
    return book.root.joinpath("factors", *factor_id.split(".")).with_suffix(".yaml")


def _formula_path(book: Book, formula_id: str) -> Path:
    shared = book.root / "methodologies" / "shared" / f"{formula_id}.yaml"
    if shared.exists():
        return shared
    owner = next(iter(book.users_of(formula_id)))
    return book.root / "methodologies" / f"{owner.id}.yaml"

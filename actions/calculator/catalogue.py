"""The methodologies as JSON-ready data: all of them in a line each, and one with everything that is known of it."""

from __future__ import annotations

from typing import Any

from actions.calculator import refusals
from actions.calculator.lookups import default_series
from actions.calculator.result import as_number
from actions.calculator.years import years_text
from knowledge.methodology_book import Book, load_book
from knowledge.methodology_schema import Additionality, Baseline, Formula, Input, Methodology


def methodologies(book: Book | None = None) -> list[dict[str, Any]]:
    """All methodologies: id, name, category, credit kind, status, summary, words, formula ids."""
    book = book or load_book()
    return [_line(book, item) for item in book.methodologies.values()]


def describe(methodology_id: str, book: Book | None = None) -> dict[str, Any]:
    """One methodology: conditions, baseline, additionality, monitoring, formulas with inputs and factors, sources.
    Raises NotFound."""
    book = book or load_book()
    item = book.methodologies.get(methodology_id) if isinstance(methodology_id, str) else None
    if item is None:
        raise refusals.unknown_methodology(methodology_id)
    formulas = [_formula(book, formula) for formula in book.formulas_of(item)]
    return _line(book, item) | {
        "version": item.version,
        "number_status": item.number_status,
        "name_status": item.name_status or item.number_status,
        "status_note": item.status_note,
        "content_status": item.content_status,
        "content_note": item.content_note,
        "typical_applicants": item.typical_applicants,
        "conditions": item.eligibility,
        "baseline": _baseline(book, item),
        "additionality": _additionality(book, item),
        "monitoring": [each.model_dump() for each in item.monitoring],
        "ancillary_emissions": item.ancillary_emissions,
        "ancillary_rule": book.common.ancillary_rule,
        "registration": book.common.registration,
        "formulas": formulas,
        "inputs": {formula["id"]: formula["inputs"] for formula in formulas},
        "factors": _unique([factor for formula in formulas for factor in formula["factors"]]),
        "history": item.history,
        "registered_2024_01": item.registered_2024_01.model_dump(mode="json"),
        "registered_note": book.common.registered_note,
        "note": item.note,
        "sources": sources(book, item),
        "as_of": item.as_of,
        "review_by": item.review_by.isoformat(),
    }


def sources(book: Book, item: Methodology) -> list[dict[str, str]]:
    """The sources of a methodology as the chat contract writes them."""
    return [
        {"title": book.sources[code].title, "as_of": book.sources[code].as_of, "status": item.content_status}
        for code in item.sources
    ]


def _line(book: Book, item: Methodology) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "category": item.category,
        "credit_kind": item.credit_kind,
        "status": item.status,
        "summary": item.summary,
        "words": item.words,
        "formula_ids": [formula.id for formula in book.formulas_of(item)],
    }


def _formula(book: Book, formula: Formula) -> dict[str, Any]:
    return {
        "id": formula.id,
        "title": formula.title,
        "kind": formula.kind,
        "gives": formula.gives,
        "when": formula.when,
        "inputs": [_input(book, item) for item in formula.inputs],
        "steps": [step.model_dump() for step in formula.steps],
        "equations": formula.equations,
        "rounding": formula.rounding,
        "status": formula.status,
        "caveat": book.common.checked[formula.checked],
        "assumptions": formula.assumptions,
        "what_would_change": formula.what_would_change,
        "factors": _factors(book, formula),
        "sources": [book.sources[code].title for code in formula.sources],
    }


def _input(book: Book, item: Input) -> dict[str, Any]:
    hidden = {"choose_from", "default_from", "usual", "default", "above", "at_most"}
    shown = item.model_dump(mode="json", exclude_none=True, exclude=hidden)
    usual = {"from": as_number(item.usual.start), "upto": as_number(item.usual.upto)}
    default = None if item.default is None else as_number(item.default)
    return shown | {"usual": usual, "default": default, "default_factor": item.default_from and _default_id(item)}


def _default_id(item: Input) -> str | None:
    start = item.default_from
    if start is None:
        return None
    return start.factor or start.table or (f"fuels:{start.fuel}.{start.of}" if start.fuel else None)


def _factors(book: Book, formula: Formula) -> list[dict[str, Any]]:
    """The default factors of a formula with the years they exist for."""
    found = []
    for item in formula.inputs:
        if item.default_from is None:
            continue
        series = default_series(book, item.default_from)
        value = series.at(max(last for _, last in series.spans))
        found.append(
            {
                "id": value.id,
                "name": series.name,
                "input": item.name,
                "value": as_number(value.value),
                "unit": value.unit,
                "years": years_text(series) if series.dated else "年度によらない",
                "source": value.source,
                "as_of": value.as_of,
                "status": value.status,
            }
        )
    return found


def _unique(factors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({factor["id"]: factor for factor in factors}.values())


def _baseline(book: Book, item: Methodology) -> dict[str, Any]:
    said = item.baseline
    baseline = said if isinstance(said, Baseline) else book.common.baselines[said]
    return baseline.model_dump() | {"sources": [book.sources[code].title for code in baseline.sources]}


def _additionality(book: Book, item: Methodology) -> dict[str, Any]:
    said = item.additionality
    rule = said if isinstance(said, Additionality) else book.common.additionality[said]
    return rule.model_dump() | {"sources": [book.sources[code].title for code in rule.sources]}

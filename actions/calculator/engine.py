"""Evaluates one formula: values, steps, factors, and what it all rests on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Context, Decimal, localcontext

from actions.calculator import refusals
from actions.calculator.expressions import NotComputable, evaluate, holds, without, written_out
from actions.calculator.fuels import FuelRow, read_rows, row_series, rows_input, use_of
from actions.calculator.lookups import Series
from actions.calculator.picks import Pick, merged, pick, refuse_missing
from actions.calculator.remarks import assumptions, warnings
from actions.calculator.result import OWN_SOURCE, PLACES, Estimate, Step, UsedFactor
from actions.calculator.working import Working
from actions.calculator.years import chosen_year, read_year
from knowledge.methodology_book import Book, load_book
from knowledge.methodology_schema import Formula

EXACT = Context(prec=40)


def estimate(
    formula_id: str,
    inputs: Mapping[str, object],
    fiscal_year: int | None = None,
    factors: Mapping[str, object] | None = None,
    book: Book | None = None,
    *,
    methodology_id: str | None = None,
) -> Estimate:
    """The yearly tCO2 of a formula. Raises NotFound or InvalidInput (missing_input, invalid_unit, invalid_value,
    no_value_for_year) whose `fields` name the inputs. `methodology_id` says for which one a shared formula is used."""
    book = book or load_book()
    formula = book.formulas.get(formula_id) if isinstance(formula_id, str) else None
    if formula is None:
        raise refusals.unknown_formula(formula_id)
    with localcontext(EXACT):
        asked = read_year(fiscal_year)
        given = merged(book, formula, inputs, factors)
        refuse_missing(formula, given)
        fuel_input = rows_input(formula)
        rows = read_rows(book, fuel_input, given.get(fuel_input.name)) if fuel_input else []
        picks = pick(book, formula, given)
        year = chosen_year(asked, _series(book, picks, rows))
        working = Working(book, formula, _methodology(book, formula, methodology_id), picks, asked, year)
        _take_values(working)
        if fuel_input:
            _take_fuels(working, rows)
        _refuse_contradictions(working)
        _take_steps(working)
        return _result(working)


def _series(book: Book, picks: list[Pick], rows: list[FuelRow]) -> dict[str, list[Series]]:
    """The values that may depend on the year, by input."""
    series = {each.item.name: [each.series] for each in picks if each.series}
    of_rows = [found for row in rows if (found := row_series(book, row))]
    return series | ({"fuels": of_rows} if of_rows else {})


def _take_values(working: Working) -> None:
    for each in working.picks:
        item, unit = each.item, each.item.unit
        if each.series:
            found = each.series.at(working.year)
            working.names[item.name] = found.value
            working.factors.append(found.used_for(item.name, item.label_ja))
            if found.note and not each.by_default:
                working.notes.append(found.note)
        elif each.amount:
            working.names[item.name] = each.amount.value
            working.notes += each.amount.notes
            if item.is_factor and not each.unused and not each.by_default:
                value, unit = each.amount.value, each.amount.unit or unit
                working.factors.append(
                    UsedFactor(item.name, item.label_ja, value, unit, OWN_SOURCE, "入力時", "reference", item.name)
                )


def _take_fuels(working: Working, rows: list[FuelRow]) -> None:
    item = rows_input(working.formula)
    assert item is not None
    uses = [use_of(working.book, item, row, working.year) for row in rows]
    working.names["fuels_before"] = sum((use.before for use in uses), Decimal(0))
    working.names["fuels_after"] = sum((use.after for use in uses), Decimal(0))
    working.silent = frozenset() if rows else frozenset({"fuels_before", "fuels_after"})
    for use in uses:
        working.steps += use.steps
        working.factors += use.factors
        working.notes += use.notes


def _refuse_contradictions(working: Working) -> None:
    for check in working.formula.checks:
        if not holds(check.expr, working.names):
            raise refusals.invalid_values(dict.fromkeys(check.fields, check.message))


def _take_steps(working: Working) -> None:
    silent = working.silent | {each.item.name for each in working.picks if each.unused}
    for step in working.formula.steps:
        try:
            value = evaluate(step.expr, working.names)
        except NotComputable as error:
            names = [item.name for item in working.formula.inputs if not item.is_factor]
            reason = "この数字の組み合わせでは計算できません。0 や極端に大きい数がないか、お確かめください"
            raise refusals.invalid_values(dict.fromkeys(names, reason)) from error
        shown = written_out(without(step.expr, silent), working.names)
        working.steps.append(Step(step.id, step.label, shown, value, step.unit))
        working.names[step.id] = value


def _result(working: Working) -> Estimate:
    formula, names = working.formula, working.names
    baseline, project = names.get("baseline"), names.get("project")
    reduction = round(_reduction(formula, names), PLACES)
    creditable = max(0, int(reduction.to_integral_value(ROUND_FLOOR)))
    steps = [Step(s.id, s.label, s.expression, round(s.value, PLACES), s.unit) for s in working.steps]
    if formula.gives == "reduction":
        shown = written_out("reduction", {"reduction": reduction})
        steps.append(Step("creditable", "クレジットの目安（小数点以下を切り捨て）", shown, Decimal(creditable), "tCO2"))
    return Estimate(
        formula_id=formula.id,
        methodology_id=working.methodology_id,
        fiscal_year=working.asked if working.year is None else working.year,
        baseline_tco2=None if baseline is None else round(baseline, PLACES),
        project_tco2=None if project is None else round(project, PLACES),
        reduction_tco2=reduction,
        creditable_tco2=creditable,
        steps=steps,
        factors=working.factors,
        assumptions=assumptions(working, creditable),
        warnings=warnings(working, reduction),
    )


def _reduction(formula: Formula, names: Mapping[str, Decimal]) -> Decimal:
    """A formula of an emission takes it away from the reduction; one of a factor reduces nothing."""
    if formula.gives == "emission":
        return -names["project"]
    return names["reduction"] if formula.gives == "reduction" else Decimal(0)


def _methodology(book: Book, formula: Formula, asked: str | None) -> str | None:
    users = [item.id for item in book.users_of(formula.id)]
    if asked in users:
        return asked
    return users[0] if len(users) == 1 else None

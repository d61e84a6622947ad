"""The questions of an estimate, made from the formula's inputs (knowledge/methodologies)."""

from __future__ import annotations

from collections.abc import Iterable

from actions.tasks.estimate.inputs import (
    ELECTRICITY,
    FUEL_PARTS,
    asked_inputs,
    formula_of,
    formulas_of,
    partner_of,
    same_fuel,
    value_of,
)
from actions.tasks.estimate.wording import from_input, pair_bundle, which_formula, worded, years
from actions.tasks.world import Plan, Values, World
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula, Input
from knowledge.schema_tasks import Bundle, Task, TaskField


def plan(task: Task, values: Values, world: World) -> Plan:
    """Activity, then how to calculate where there is a choice, then the inputs of the formula."""
    book = world.book
    own = {item.id: item for item in task.fields}
    fields = [own["activity"], own["compare"]]
    formulas = formulas_of(task, values, book)
    formula = formula_of(task, values, book)
    if len(formulas) > 1:
        decided = formula is not None and "formula" not in values
        which = which_formula(own["formula"], task, formulas)
        fields.append(which.model_copy(update={"on_request": True}) if decided else which)
    bundles: dict[str, Bundle] = {}
    if formula is None:
        return Plan(fields, bundles)
    if formula.id == task.settings["energy_formula"]:
        fields += _energy_fields(task, own, values, bundles)
    fields += _inputs(task, formula, own, values, bundles, book)
    return Plan([*fields, years(own["fiscal_year"], formula, values, book)], bundles)


def _energy_fields(
    task: Task, own: dict[str, TaskField], values: Values, bundles: dict[str, Bundle]
) -> list[TaskField]:
    """Which energy, then how much of it before and after; amounts that were said count whatever the energy is."""
    fuel = value_of(values, "fuels.fuel")
    electric = fuel == ELECTRICITY or (fuel is None and any(n in values for n in ("el_before", "el_after")))
    burnt = (fuel is not None and fuel != ELECTRICITY) or any(name in values for name in FUEL_PARTS)
    changed = burnt and "el_after" in values and "el_before" not in values
    fields = [own["fuels.fuel"]] if not electric or fuel is not None else []
    if burnt:
        bundles["fuels"] = worded(task, task.bundles["fuels"], fuel)
        other = value_of(values, "fuels.fuel_after") or fuel
        fields += [worded(task, own[FUEL_PARTS[0]], fuel), worded(task, own[FUEL_PARTS[1]], other)]
        fields.append(own["fuels.fuel_after"])
    if electric or changed or any(n in values for n in ("el_before", "el_after")):
        bundles["electricity"] = task.bundles["electricity"]
        names = ("el_before", "el_after") if not changed else ("el_after",)
        fields += [own[name] for name in names]
    return fields


def _inputs(
    task: Task, formula: Formula, own: dict[str, TaskField], values: Values, bundles: dict[str, Bundle], book: Book
) -> Iterable[TaskField]:
    """The formula's inputs: asked ones first, the others only on request."""
    energy = formula.id == task.settings["energy_formula"]
    wanted = [] if energy else asked_inputs(task, formula, values)
    asked = [item for item in wanted if not same_fuel(task, item.name, values, book)]
    pairs = _pairs(task, asked)
    fields = []
    for item in _before_first(asked, pairs):
        bundle = next((name for name, pair in pairs.items() if item.name in pair), None)
        if bundle and bundle not in bundles:
            bundles[bundle] = pair_bundle(task, *(formula.input(name) for name in pairs[bundle]))
        fields.append(own.get(item.name) or from_input(task, formula, item, bundle, book))
    handled = {"fuels", *(item.name for item in asked), *(own if energy else ())}
    rest = [from_input(task, formula, item, None, book) for item in formula.inputs if item.name not in handled]
    return [*fields, *(item.model_copy(update={"on_request": True}) for item in rest)]


def _before_first(asked: list[Input], pairs: dict[str, tuple[str, str]]) -> list[Input]:
    """What was before comes before what is after, whatever the formula's order."""
    by_name = {item.name: item for item in asked}
    ordered: dict[str, Input] = {}
    for item in asked:
        pair = next((pair for pair in pairs.values() if item.name in pair), (item.name,))
        ordered |= {name: by_name[name] for name in pair}
    return list(ordered.values())


def _pairs(task: Task, asked: list[Input]) -> dict[str, tuple[str, str]]:
    """Inputs before and after a change, asked together."""
    names = [item.name for item in asked if item.choose_from is None]
    found = {}
    for name in names:
        partner = partner_of(task, name)
        if partner in names:
            found[f"{partner}+{name}"] = (partner, name)
    return found

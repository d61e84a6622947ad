"""The estimate within a verdict: worked out when the numbers are there, never asked for its own sake."""

from __future__ import annotations

from actions.calculator import Estimate
from actions.tasks.estimate.calculation import calculate
from actions.tasks.estimate.inputs import FUEL_PARTS, asked_inputs, formula_of
from actions.tasks.qualify.facts import OTHER, Facts
from actions.tasks.state import Given
from actions.tasks.world import Values
from core.errors import InvalidInput
from knowledge.methodology_schema import Formula
from knowledge.schema_tasks import Task

LAMPS = "EN-S-006-S"
LAMPS_RULE = "S6-1"
ENERGY_PAIRS = (("el_before", "el_after"), FUEL_PARTS)


def estimate_values(facts: Facts) -> dict[str, Given]:
    """The answers as the estimate names them."""
    found = {name: given for name, given in facts.values.items() if given.value is not None}
    lamps = {
        name.removeprefix(f"{LAMPS_RULE}."): given for name, given in found.items() if name.startswith(f"{LAMPS_RULE}.")
    }
    if lamps and "formula" not in found:
        found["formula"] = Given(value=LAMPS, shown="")
    return {**found, **lamps}


def _all_given(task: Task, formula: Formula, values: Values) -> bool:
    """Every amount that a person has to give was given; an assumed one decides nothing."""
    if formula.id == task.settings["energy_formula"]:
        return any({before, after} <= set(values) for before, after in ENERGY_PAIRS)
    return all(item.name in values for item in asked_inputs(task, formula, values))


def reduction(facts: Facts) -> Estimate | None:
    """The estimate for the answers so far; None while anything is missing or does not fit."""
    if facts.methodology is None or facts.value("activity") == OTHER:
        return None
    values, task = estimate_values(facts), facts.world.knowledge.tasks["estimate"]
    formula = formula_of(task, values, facts.world.book)
    if formula is None or not _all_given(task, formula, values):
        return None
    try:
        return calculate(task, formula, values, facts.world)
    except InvalidInput:
        return None

"""What an estimate needs: which formulas an activity has, and which of their inputs a person is asked for."""

from __future__ import annotations

from typing import Any

from actions.tasks.world import Values
from knowledge.factor_units import fold
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula, Input
from knowledge.schema_tasks import Task

ENERGY, ELECTRICITY = "energy", "電気"
FUEL_PARTS = ("fuels.before", "fuels.after")


def formulas_of(task: Task, values: Values, book: Book) -> list[Formula]:
    """The formulas that the activity can be worked out with, simplest first."""
    activity = value_of(values, "activity")
    if activity == ENERGY:
        return [book.formulas[task.settings["energy_formula"]]]
    methodology = book.methodologies.get(activity) if activity else None
    if methodology is None:
        return []
    first = task.settings["screening_first"]
    usable = [formula for formula in book.formulas_of(methodology) if formula.gives == "reduction"]
    return sorted(usable, key=lambda f: (f.id not in first, f.kind != "screening_estimate"))


def formula_of(task: Task, values: Values, book: Book) -> Formula | None:
    """The formula that is used: the only one, the chosen one, or that of energies where such amounts were said."""
    formulas = formulas_of(task, values, book)
    if len(formulas) == 1:
        return formulas[0]
    chosen = value_of(values, "formula")
    if chosen is None and any(name in values for name in ("el_before", "el_after", *FUEL_PARTS)):
        chosen = task.settings["energy_formula"]
    return next((formula for formula in formulas if formula.id == chosen), None)


def asked_inputs(task: Task, formula: Formula, values: Values) -> list[Input]:
    """The inputs that a person has to give: no factors or minor terms with a default."""
    return [
        item
        for item in formula.inputs
        if is_asked(task, item) or item.name in alternatives(task, formula) or _is_needed(item, values)
    ]


def alternatives(task: Task, formula: Formula) -> set[str]:
    """The inputs of which at least one is needed: any of them may be left out."""
    if formula.id == task.settings["energy_formula"]:
        return set()
    return {name for group in [*formula.at_least_one, *formula.at_least_one_too] for name in group}


def units_of(item: Input) -> list[str]:
    """The units that an input may come in, besides its own."""
    return [*item.accepts, *item.also]


def _is_needed(item: Input, values: Values) -> bool:
    return any(value_of(values, name) is not None for name in item.needed_with)


def partner_of(task: Task, name: str) -> str | None:
    """The input before the change that belongs to the one after it: el_after → el_before, n_pj → n_bl."""
    for before, after in task.settings["before_after"]:
        if name.endswith(after):
            return f"{name.removesuffix(after)}{before}"
    return "fuels.before" if name == "fuels.after" else None


def is_asked(task: Task, item: Input) -> bool:
    """Whether a formula cannot do without this input, or its default is only a guess."""
    if item.name in task.settings["not_asked"] or not item.required:
        return False
    has_default = item.default is not None or item.default_from is not None
    return not has_default or (item.default is not None and not item.is_factor)


def value_of(values: Values, name: str) -> Any:
    """The value of an answer; None when it was not given."""
    given = values.get(name)
    return given.value if given else None


def same_fuel(task: Task, name: str, values: Values, book: Book) -> str | None:
    """The fuel that a factor belongs to when another input named it already: a name for HV serves CEF, too."""
    partner = task.settings["same_fuel"].get(name)
    given = value_of(values, partner) if partner else None
    return book.fuel_by_word.get(fold(str(given))) if given is not None else None

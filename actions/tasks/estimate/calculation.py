"""From answers to the calculator and back: inputs, rows of fuels, refusals by question."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from actions.calculator import Estimate, estimate
from actions.readers.quantities import plain_number
from actions.tasks.estimate.inputs import ELECTRICITY, ENERGY, FUEL_PARTS, same_fuel
from actions.tasks.world import Values, World
from core.errors import InvalidInput
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula
from knowledge.schema_tasks import Task


def calculate(task: Task, formula: Formula, values: Values, world: World) -> Estimate:
    """The calculator's result for these answers."""
    activity = values["activity"].value if "activity" in values else None
    try:
        return estimate(
            formula.id,
            inputs_of(task, formula, values, world.book),
            fiscal_year=values["fiscal_year"].value if "fiscal_year" in values else None,
            book=world.book,
            methodology_id=None if activity in (None, ENERGY) else activity,
        )
    except InvalidInput as error:
        raise _for_fields(formula, error) from error


def inputs_of(task: Task, formula: Formula, values: Values, book: Book) -> dict[str, object]:
    """The formula's inputs from the answers; the parts of `fuels` become its rows."""
    given = {item.name: values[item.name].value for item in formula.inputs if item.name in values}
    inputs: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    named = {item.name: same_fuel(task, item.name, values, book) for item in formula.inputs}
    inputs = {**{name: fuel for name, fuel in named.items() if fuel}, **inputs}
    if any(item.rows for item in formula.inputs) and (rows := _fuel_rows(values)):
        inputs["fuels"] = rows
        if ("el_after" in inputs) != ("el_before" in inputs):
            inputs.setdefault("el_before", "0")
            inputs.setdefault("el_after", "0")
    return inputs


def _fuel_rows(values: Values) -> list[dict[str, object]]:
    """One row for a fuel that is used less; two where another fuel takes its place."""
    fuel = values["fuels.fuel"].value if "fuels.fuel" in values else None
    before, after = (values[name].value if name in values else None for name in FUEL_PARTS)
    if fuel in (None, ELECTRICITY) or before is None:
        return []
    other = values["fuels.fuel_after"].value if "fuels.fuel_after" in values else fuel
    if other == fuel:
        return [{"fuel": fuel, "before": before, "after": after}]
    unit = str(before).partition(" ")[2]
    after_unit = str(after).partition(" ")[2]
    return [
        {"fuel": fuel, "before": before, "after": f"0 {unit}".strip()},
        {"fuel": other, "before": f"0 {after_unit}".strip(), "after": after},
    ]


def _for_fields(formula: Formula, error: InvalidInput) -> InvalidInput:
    """The same refusal, naming the questions of the conversation."""
    if error.error_code == "no_value_for_year":
        return InvalidInput(error.message, code=error.error_code, fields={"fiscal_year": error.message})
    fields = dict(error.fields)
    if "fuels" in fields:
        fields |= dict.fromkeys(FUEL_PARTS, fields.pop("fuels"))
    return InvalidInput(error.message, code=error.error_code, fields=fields)


def tonnes(value: Decimal) -> str:
    """Tonnes as people read them: one decimal place below a hundred."""
    places = Decimal("0.1") if abs(value) < 100 else Decimal(1)
    return plain_number(value.quantize(places, ROUND_HALF_UP))

"""How the inputs of formulas are asked for: questions, examples, reasons and choices from their descriptions."""

from __future__ import annotations

import re
from typing import Any

from actions.readers.numbers import own_unit
from actions.tasks.estimate.inputs import ELECTRICITY, alternatives, partner_of, units_of, value_of
from actions.tasks.world import Values
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula, Input
from knowledge.schema_tasks import Bundle, Option, Task, TaskField, Typical, Why

LONGEST_SPAN = 30
MOST_YEARS = 5
NAMES_SHOWN = 3


def which_formula(item: TaskField, task: Task, formulas: list[Formula]) -> TaskField:
    """The question which numbers are known, one choice a formula."""
    labels = {option.value: option for option in task.options["formula"]}
    choices = [labels.get(f.id) or Option(label=f.title, value=f.id) for f in formulas]
    return item.model_copy(update={"choices": choices})


def worded(task: Task, item: Any, fuel: str | None) -> Any:
    """The question with the fuel's name and an example in its unit."""
    before, after = task.settings["examples"].get(fuel, task.settings["example_other"])
    named = {"fuel": _fuel_label(task, fuel), "example": before, "example_after": after}
    changes: dict[str, Any] = {"ask": item.ask.format(**named)}
    if item.again:
        changes["again"] = item.again.format(**named)
    return item.model_copy(update=changes)


def _fuel_label(task: Task, fuel: str | None) -> str:
    options = next(item.choices for item in task.fields if item.id == "fuels.fuel")
    return next((option.label for option in options if option.value == fuel), fuel or "燃料")


def pair_bundle(task: Task, first: Input, second: Input) -> Bundle:
    """One question for an input before and after a change."""
    parts = {
        "first": first.label_ja,
        "second": second.label_ja,
        "first_example": first.example,
        "second_example": second.example,
        "how": first.how_to_find.rstrip("。"),
    }
    return Bundle(
        ask=task.texts["ask_pair"].format(**parts),
        again=task.texts["again_pair"].format(**parts),
        type="number",
        one_for_all=first.name in task.settings["one_for_both"],
        why=Why(text=task.texts["why_pair"].format(first=first.meaning, second=second.meaning)),
    )


def from_input(task: Task, formula: Formula, item: Input, bundle: str | None, book: Book) -> TaskField:
    """A field from a formula's input."""
    may_lack = item.name in alternatives(task, formula)
    typical = None if may_lack else _typical(task, item)
    parts = {
        "label": item.label_ja,
        "example": item.example,
        "meaning": item.meaning,
        "how": item.how_to_find.rstrip("。"),
        "default": typical.shown if typical else "",
        "formula": formula.title,
        "names": _names(item, task, book),
    }
    named = item.choose_from is not None
    ask = "ask_named" if named else _asking(typical, may_lack)
    own_words = task.texts.get(f"{formula.id}.{item.name}", task.texts[ask])
    own_again = task.texts.get(f"{formula.id}.{item.name}.again", task.texts["again_input"])
    return TaskField(
        id=item.name,
        label=item.label_ja,
        ask=own_words.format(**parts),
        again=own_again.format(**parts),
        type="text" if named else "number",
        reader="factor" if named else "amount_after" if partner_of(task, item.name) else "number",
        unit=None if item.any_unit else item.unit,
        bundle=bundle,
        shared=not item.is_factor,
        accepts=units_of(item),
        optional=may_lack or (not item.required and not item.needed_with),
        how_to_find=item.how_to_find,
        typical=typical,
        cues=_cues(item),
        why=Why(text=task.texts["why_input"].format(**parts), source=formula.sources[0], status=formula.status),
    )


def _asking(typical: Typical | None, may_lack: bool) -> str:
    if may_lack:
        return "ask_input_optional"
    return "ask_input_typical" if typical else "ask_input"


def _names(item: Input, task: Task, book: Book) -> str:
    """Some names that a factor can be looked up by."""
    choice = item.choose_from
    if choice is None:
        return ""
    if choice.fuel or choice.gas:
        return str(task.settings["factor_names"]["fuel" if choice.fuel else "gas"])
    rows = [row for name in choice.tables[:1] for row in book.tables[name].rows]
    return "、".join("・".join(row.key) for row in rows[:NAMES_SHOWN])


def _typical(task: Task, item: Input) -> Typical | None:
    if item.default is None:
        return None
    unit = own_unit(item.unit) or ("%" if item.unit == "%" else "")
    shown = f"{item.default:,f} {unit}".strip()
    value = f"{item.default} {unit}".strip()
    return Typical(value=value, shown=shown, text=task.texts["typical"].format(label=item.label_ja, default=shown))


def _cues(item: Input) -> list[str]:
    """Its own label shows that an input is meant."""
    return [re.escape(item.label_ja)] if item.is_factor or item.default_from else []


def years(item: TaskField, formula: Formula, values: Values, book: Book) -> TaskField:
    """The fiscal years that the formula's dated factors have values for, the latest first."""
    fuel = value_of(values, "fuels.fuel")
    if fuel not in (None, ELECTRICITY):
        spans = [each.span for each in book.fuel_sets if each.rank is not None and fuel in each.fuels]
    else:
        names = [i.default_from.factor for i in formula.inputs if i.default_from and i.default_from.factor]
        spans = [value.span for name in names for value in book.factors[name].values]
    dated = [(first, last) for first, last in spans if last - first < LONGEST_SPAN]
    found = sorted({year for first, last in dated for year in range(first, last + 1)}, reverse=True)
    choices = [Option(label=f"{year}年度", value=year) for year in found[:MOST_YEARS]]
    return item.model_copy(update={"choices": choices})

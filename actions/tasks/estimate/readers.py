"""Readers that only the estimate needs: energies, amounts after a change, factors by name, fiscal years."""

from __future__ import annotations

import re

from actions.calculator.lookups import named_series
from actions.readers import choice, dates, numbers
from actions.readers.common import Context, Reading, plain
from actions.readers.quantities import read_quantities
from actions.tasks.estimate.amounts import fuel_in, told_by_before
from actions.tasks.estimate.inputs import formula_of, partner_of
from actions.tasks.state import Given
from knowledge.loader import HERE
from knowledge.methodology_book import Book, load_book
from knowledge.schema_tasks import Task

LONGEST = 60
AROUND = re.compile(r"(です|だと思います|だと思う|でお願いします|を使って(い)?(ます|る)|[。.!！])+$")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
NAME = re.compile(r"[一-龥ァ-ヶA-Za-z]{2,}|[一-龥]")


def energy(text: str, context: Context) -> Reading | None:
    """Electricity or a fuel by any of its names."""
    found = choice.read(text, context)
    if found and not found.options:
        return found
    name = fuel_in(_book(context), text)
    if name is None:
        return found
    label = next((option.label for option in context.choices if option.value == name), name)
    return Reading(name, 0.9, label)


def factor(text: str, context: Context) -> Reading | None:
    """A number, or the name by which the calculator looks a factor up (A重油, スギ, SF6)."""
    said = re.sub(r"(です|だと思います|だと思う|でお願いします|を使って(い)?(ます|る)|[。.!！])+$", "", text.strip())[
        :LONGEST
    ]
    if _is_known(said, context):
        return Reading(said, 0.9, said)
    found = numbers.read(text, context)
    if found and not re.search(r"[^\W\d]{2,}", text[: (found.span or (0, 0))[0]]):
        return found
    if found is None and not NAME.search(_without_amounts(text)):
        return None
    return Reading(said, 0.6, said) if said and any(c.isalpha() for c in said) else None


def _is_known(name: str, context: Context) -> bool:
    """Whether the calculator finds a value under this name for the field that is read."""
    book, task = _book(context), _task(context)
    formula = formula_of(task, {key: Given(value=value) for key, value in context.values.items()}, book)
    item = next((i for i in formula.inputs if i.name == context.field), None) if formula else None
    return bool(item and item.choose_from and named_series(book, item.choose_from, name))


def _without_amounts(text: str) -> str:
    for quantity in reversed(read_quantities(text)):
        text = text[: quantity.span[0]] + text[quantity.span[1] :]
    return text


def amount_after(text: str, context: Context) -> Reading | None:
    """An amount, or one said by the amount before: 同じ, 半分, 3割減, なくなる."""
    task = _task(context)
    if task.says("gone").search(plain(text)):
        return Reading("0", 0.9, "0")
    partner = partner_of(task, context.field)
    before = context.values.get(partner) if partner else None
    told = told_by_before(task, text, str(before)) if before is not None else None
    return told or numbers.read(text, context)


def fiscal_year(text: str, context: Context) -> Reading | None:
    """A fiscal year as a number."""
    found = YEAR.search(plain(text))
    if found:
        return Reading(int(found[1]), 0.95, f"{found[1]}年度")
    if reading := dates.read(text, context):
        year = dates.fiscal_year(dates.span_of(reading.value)[0])
        return Reading(year, reading.sure, f"{year}年度")
    return choice.read(text, context)


def _book(context: Context) -> Book:
    return load_book(context.knowledge.root if context.knowledge else HERE)


def _task(context: Context) -> Task:
    assert context.knowledge is not None
    return context.knowledge.tasks["estimate"]


ALL = {"energy": energy, "factor": factor, "amount_after": amount_after, "fiscal_year": fiscal_year}

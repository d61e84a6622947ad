"""Readers that only the estimate needs: energies, amounts after a change, factors by name, fiscal years."""

from __future__ import annotations

import re
from decimal import Decimal

from actions.readers import choice, dates, numbers
from actions.readers.common import Context, Reading, plain
from actions.readers.quantities import plain_number, read_quantities
from actions.tasks.estimate.amounts import fuel_in
from actions.tasks.estimate.fields import partner_of
from knowledge.loader import HERE
from knowledge.methodology_book import load_book
from knowledge.schema_tasks import Task

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
SHARE = re.compile(r"%|％|割|パーセント")


def energy(text: str, context: Context) -> Reading | None:
    """Electricity or a fuel by any of its names."""
    found = choice.read(text, context)
    if found and not found.options:
        return found
    name = fuel_in(load_book(context.knowledge.root if context.knowledge else HERE), text)
    if name is None:
        return found
    label = next((option.label for option in context.choices if option.value == name), name)
    return Reading(name, 0.9, label)


def factor(text: str, context: Context) -> Reading | None:
    """A number, or the name by which the calculator looks a factor up (A重油, スギ, SF6)."""
    found = numbers.read(text, context)
    if found and not re.search(r"[^\W\d]{2,}", text[: (found.span or (0, 0))[0]]):
        return found
    said = re.sub(r"(です|だと思います|だと思う|でお願いします|を使って(い)?(ます|る)|[。.!！])+$", "", text.strip())
    return Reading(said[:60], 0.6, said[:60]) if said and any(c.isalpha() for c in said) else None


def amount_after(text: str, context: Context) -> Reading | None:
    """An amount, or one said by the amount before: 同じ, 半分, 3割減, なくなる."""
    task = _task(context)
    said = plain(text)
    before = _before(context)
    if task.says("gone").search(said):
        return Reading("0", 0.9, "0")
    if before is not None:
        number, unit = before
        if task.says("halved").search(said):
            return _of(number / 2, unit)
        if task.says("same").search(said) and not read_quantities(text):
            return _of(number, unit)
        if SHARE.search(said) and (share := _share(text)) is not None:
            return _of(number * (1 - share if task.says("reduced").search(said) else share), unit)
    return numbers.read(text, context)


def fiscal_year(text: str, context: Context) -> Reading | None:
    """A fiscal year as a number."""
    found = YEAR.search(plain(text))
    if found:
        return Reading(int(found[1]), 0.95, f"{found[1]}年度")
    if reading := dates.read(text, context):
        year = dates.fiscal_year(dates.span_of(reading.value)[0])
        return Reading(year, reading.sure, f"{year}年度")
    return choice.read(text, context)


def _of(number: Decimal, unit: str) -> Reading:
    return Reading(f"{number.normalize():f} {unit}".strip(), 0.85, f"{plain_number(number)} {unit}".strip())


def _share(text: str) -> Decimal | None:
    quantity = next((q for q in read_quantities(text) if q.unit == "%"), None)
    return quantity.value / 100 if quantity and 0 <= quantity.value <= 100 else None


def _before(context: Context) -> tuple[Decimal, str] | None:
    """The amount before the change, of the field that is read for."""
    partner = partner_of(_task(context), context.field)
    value = context.values.get(partner) if partner else None
    return numbers.amount(value) if value is not None else None


def _task(context: Context) -> Task:
    assert context.knowledge is not None
    return context.knowledge.tasks["estimate"]


ALL = {"energy": energy, "factor": factor, "amount_after": amount_after, "fiscal_year": fiscal_year}

"""Amounts of money in a message: what it costs, the subsidy, what it saves a year; or the payback in years."""

from __future__ import annotations

import re
from decimal import Decimal

from actions.readers.common import Reading
from actions.readers.numbers import as_reading
from actions.readers.quantities import Quantity, plain_number, read_quantities
from knowledge.schema_tasks import Task

Heard = dict[str, Reading]
YEN, YEARS = "円", "年"
CLAUSE = re.compile(r"[、。,，\n]")
MONTHS = 12
NEVER = 99


def money_said(task: Task, text: str, *, in_order: bool) -> Heard:
    """The amounts with words around them; `in_order`: those without any are cost, (subsidy,) saving."""
    found = read_quantities(text)
    heard: Heard = {}
    if years := _payback(task, text, found, in_order=in_order):
        heard["C08"] = years
    rest: list[Quantity] = []
    yen = [item for item in found if item.unit == YEN]
    for place, item in enumerate(yen):
        name = _meaning(task, text, yen, place)
        if name and name not in heard:
            heard[name] = _reading(item, yearly=name.endswith("saving"))
        else:
            rest.append(item)
    if not yen and (in_order or task.says("running_cost").search(text)):
        heard |= _nothing_saved(task, text)
    if in_order and task.says("no_subsidy").search(text):
        heard.setdefault("C08.subsidy", Reading("0 円", 0.9, "0円"))
    if in_order:
        names = ("C08.capex", "C08.subsidy", "C08.saving") if len(yen) > 2 else ("C08.capex", "C08.saving")
        left = [name for name in names if name not in heard]
        heard |= {name: _reading(item, yearly=name.endswith("saving")) for name, item in zip(left, rest, strict=False)}
    return heard


def _nothing_saved(task: Task, text: str) -> Heard:
    """「燃料代は高くなります」 saves nothing; 「元は取れません」 takes longer than anybody counts."""
    if task.says("no_saving").search(text):
        return {"C08.saving": Reading(f"0 {YEN}", 0.9, f"0{YEN}")}
    if task.says("never_paid").search(text):
        return {"C08": Reading(f"{NEVER} {YEARS}", 0.9, task.texts["never_paid"])}
    return {}


def _meaning(task: Task, text: str, yen: list[Quantity], place: int) -> str | None:
    item = yen[place]
    start = yen[place - 1].span[1] if place else 0
    end = yen[place + 1].span[0] if place + 1 < len(yen) else len(text)
    lead, tail = CLAUSE.split(text[start : item.span[0]])[-1], CLAUSE.split(text[item.span[1] : end])[0]
    near = f"{lead}\0{tail}"
    if task.says("money_subsidy").search(near):
        return "C08.subsidy"
    if item.period is not None or task.says("money_saved").search(near):
        return "C08.saving"
    return "C08.capex" if task.says("money_spent").search(near) else None


def _payback(task: Task, text: str, found: list[Quantity], *, in_order: bool) -> Reading | None:
    """「回収に6年」; as the answer to the question the years alone do."""
    years = [item for item in found if item.unit == YEARS]
    if not years or not (task.says("payback").search(text) or (in_order and len(found) == 1)):
        return None
    value = years[0].value
    return Reading(f"{value.normalize():f} {YEARS}", 0.9, f"{plain_number(value)}{YEARS}")


def _reading(item: Quantity, *, yearly: bool) -> Reading:
    reading = as_reading(item)
    factor = MONTHS if yearly and item.period == "month" else 1
    value = item.value * Decimal(factor)
    return Reading(f"{value.normalize():f} {YEN}", max(reading.sure, 0.6), f"{plain_number(value)}{YEN}")

"""The quantities in a message, each with what it is an amount of: before, after, or saved; and of which energy."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from actions.readers.common import Reading, plain
from actions.readers.numbers import amount, as_reading
from actions.readers.quantities import Quantity, each, plain_number, read_quantities
from knowledge.factor_units import fold
from knowledge.methodology_book import Book
from knowledge.schema_tasks import Task

Role = Literal["before", "after", "saved", "added"]
NEAR = 14
PER_ONE = re.compile(r"(?:あたり|当たり|につき|が|は|で|の消費電力[はが]?)?\s*(?:約)?")
SHARES = ("%", "-")
PERIODS = {"月": "（1か月あたり）", "日": "（1日あたり）"}
CLAUSE = re.compile(r"[、。,，\n]")


@dataclass(frozen=True)
class Amount:
    """One quantity with its role and energy (a fuel's name, 電気, or None), as far as the text says."""

    quantity: Quantity
    role: Role | None = None
    energy: str | None = None

    @property
    def value(self) -> str:
        return str(as_reading(self.quantity).value)

    @property
    def shown(self) -> str:
        return as_reading(self.quantity).shown

    @property
    def reading(self) -> Reading:
        """The amount as an answer; a range stays unsure."""
        return Reading(self.value, min(0.9, as_reading(self.quantity).sure), self.shown)


def amounts_in(task: Task, text: str, book: Book) -> list[Amount]:
    """The amounts of a message, in order. Of two like amounts one has the role that the other has not."""
    written = [_with_unit(task, text, quantity) for quantity in read_quantities(text) if quantity.unit not in SHARES]
    quantities = _without_per_one(text, written, book)
    only_fuel = fuel_in(book, text)
    found: list[Amount] = []
    for place, quantity in enumerate(quantities):
        start = quantities[place - 1].span[1] if place else 0
        end = quantities[place + 1].span[0] if place + 1 < len(quantities) else len(text)
        lead, tail = text[start : quantity.span[0]], text[quantity.span[1] : end]
        energy = _energy(book, quantity, lead, tail)
        if energy is None and only_fuel and same_kind(book, quantity.unit, _unit_of(book, only_fuel)):
            energy = only_fuel
        found.append(Amount(quantity, _role(task, lead, tail), energy))
    return _paired(_inherited(found), book)


def told_by_before(task: Task, text: str, before: str) -> Reading | None:
    """An amount after the change that is told by the one before: 同じ, 半分, 3割減."""
    said = plain(text)
    number, unit = amount(before)
    if task.says("halved").search(said):
        return _amount(number / 2, unit)
    if task.says("same").search(said) and not [q for q in read_quantities(text) if q.unit not in SHARES]:
        return _amount(number, unit)
    share = next((q.value / 100 for q in read_quantities(text) if q.unit == "%" and 0 <= q.value <= 100), None)
    if share is None:
        return None
    return _amount(number * (1 - share if task.says("reduced").search(said) else share), unit)


def _amount(number: Decimal, unit: str) -> Reading:
    name, _, period = unit.partition("/")
    shown = f"{plain_number(number)} {name}".strip() + PERIODS.get(period, "")
    return Reading(f"{number.normalize():f} {unit}".strip(), 0.85, shown)


def _with_unit(task: Task, text: str, quantity: Quantity) -> Quantity:
    """「電気の使用量を19万から4万に」: kWh, where the words leave no doubt."""
    if quantity.unit or not task.says("electricity_amount").search(text) or task.says("money").search(text):
        return quantity
    return replace(quantity, unit="kWh", confidence=0.8, shown=f"{plain_number(quantity.value)} kWh")


def _unit_of(book: Book, fuel: str) -> str:
    """The unit in which the tables hold a fuel."""
    return next((each.fuels[fuel].unit for each in book.fuel_sets if fuel in each.fuels), "")


def _without_per_one(text: str, quantities: list[Quantity], book: Book) -> list[Quantity]:
    """「1灯400W」 says 400 W each; the one is no amount."""
    kept = []
    for place, quantity in enumerate(quantities):
        following = quantities[place + 1] if place + 1 < len(quantities) else None
        between = text[quantity.span[1] : following.span[0]] if following else "、"
        counted = bool(quantity.unit) and book.units.kind_of(quantity.unit) == ("count",)
        if not (counted and quantity.value == 1 and PER_ONE.fullmatch(between)):
            kept.append(quantity)
    return kept


def _role(task: Task, lead: str, tail: str) -> Role | None:
    """A clear mark behind the amount (〜が, 〜から) is surest, then words in front of it, then weak marks (〜を)."""
    if task.says("saved_mark").search(tail):
        return "saved"
    if task.says("added_mark").search(tail):
        return "added"
    if task.says("before_mark").search(tail):
        return "before"
    near = CLAUSE.split(lead)[-1][-NEAR:] or lead[-NEAR:]
    said_after, said_before = task.says("after").search(near), task.says("before").search(near)
    if said_before and not said_after:
        return "before"
    if said_after and not said_before:
        return "after"
    if task.says("before_mark_weak").search(tail):
        return "before"
    return "after" if task.says("after_mark").search(tail) else None


def _energy(book: Book, quantity: Quantity, lead: str, tail: str) -> str | None:
    """The fuel named right before or after the amount; kWh is electricity."""
    if quantity.unit.endswith("Wh"):
        return "電気"
    for near in (lead[-NEAR:], tail[:8]):
        if name := fuel_in(book, near):
            return name
    return None


def fuel_in(book: Book, text: str) -> str | None:
    """The fuel that a text names, the longest word first; the last one of several."""
    said = fold(text)
    words = sorted(
        (word for word in book.fuel_by_word if word in said), key=lambda word: (-len(word), -said.rfind(word))
    )
    return book.fuel_by_word[words[0]] if words else None


def _inherited(found: list[Amount]) -> list[Amount]:
    """「重油40kLを20kLに」: the second amount is of the same fuel."""
    known: list[Amount] = []
    for one in found:
        before = next((a for a in reversed(known) if a.energy and a.quantity.unit == one.quantity.unit), None)
        known.append(replace(one, energy=before.energy) if before and one.energy is None else one)
    return known


def _paired(found: list[Amount], book: Book) -> list[Amount]:
    """Two amounts of one kind: before and after in the order in which people tell it."""
    result = list(found)
    for i, first in enumerate(result):
        for j in range(i + 1, len(result)):
            second = result[j]
            if not same_kind(book, first.quantity.unit, second.quantity.unit):
                continue
            if first.role is None and second.role in (None, "after"):
                result[i] = first = replace(first, role="before")
            if result[j].role is None and first.role == "before":
                result[j] = replace(second, role="after")
            if result[j].role is None and first.role == "after":
                result[j] = replace(second, role="before")
            result[i], result[j] = _of_one_period(result[i], result[j])
            break
    return result


def _of_one_period(first: Amount, second: Amount) -> tuple[Amount, Amount]:
    """「月に2000kWhが1500kWhに」: both are of a month."""
    one, other = first.quantity.period, second.quantity.period
    if (one is None) == (other is None) or {first.role, second.role} != {"before", "after"}:
        return first, second
    period = one or other
    return (
        replace(first, quantity=each(first.quantity, period)),
        replace(second, quantity=each(second.quantity, period)),
    )


def same_kind(book: Book, unit: str, other: str) -> bool:
    """Whether two units measure the same kind of thing."""
    if not unit or not other:
        return unit == other
    try:
        return book.units.kind_of(unit) == book.units.kind_of(other)
    except KeyError:
        return False

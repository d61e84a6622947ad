"""The quantities in a message, each with what it is an amount of: before, after, or saved; and of which energy."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from actions.readers.numbers import as_reading
from actions.readers.quantities import Quantity, read_quantities
from knowledge.factor_units import fold
from knowledge.methodology_book import Book
from knowledge.schema_tasks import Task

Role = Literal["before", "after", "saved"]
NEAR = 14
PER_ONE = re.compile(r"(?:あたり|当たり|につき|が|は|で|の消費電力[はが]?)?\s*(?:約)?")
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


def amounts_in(task: Task, text: str, book: Book) -> list[Amount]:
    """The amounts of a message, in order. Of two like amounts one has the role that the other has not."""
    quantities = _without_per_one(text, read_quantities(text), book)
    found: list[Amount] = []
    for place, quantity in enumerate(quantities):
        start = quantities[place - 1].span[1] if place else 0
        end = quantities[place + 1].span[0] if place + 1 < len(quantities) else len(text)
        lead, tail = text[start : quantity.span[0]], text[quantity.span[1] : end]
        found.append(Amount(quantity, _role(task, lead, tail), _energy(book, quantity, lead, tail)))
    return _paired(_inherited(found), book)


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
    """Marks right behind the amount are surer than words in front of it."""
    if task.says("saved_mark").search(tail):
        return "saved"
    near = CLAUSE.split(lead)[-1][-NEAR:] or lead[-NEAR:]
    said_after, said_before = task.says("after").search(near), task.says("before").search(near)
    if said_before and not said_after:
        return "before"
    if said_after and not said_before:
        return "after"
    if task.says("before_mark").search(tail):
        return "before"
    if task.says("after_mark").search(tail):
        return "after"
    return None


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
    for amount in found:
        before = next((a for a in reversed(known) if a.energy and a.quantity.unit == amount.quantity.unit), None)
        known.append(replace(amount, energy=before.energy) if before and amount.energy is None else amount)
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
            break
    return result


def same_kind(book: Book, unit: str, other: str) -> bool:
    """Whether two units measure the same kind of thing."""
    if not unit or not other:
        return unit == other
    try:
        return book.units.kind_of(unit) == book.units.kind_of(other)
    except KeyError:
        return False

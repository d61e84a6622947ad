"""Amounts of electricity and fuels in a message, as the answers of an estimate from energy before and after."""

from __future__ import annotations

from dataclasses import replace

from actions.readers.common import Reading
from actions.tasks.estimate.amounts import Amount, fuel_in, told_by_before
from actions.tasks.estimate.inputs import ELECTRICITY
from actions.tasks.state import Frame
from knowledge.factor_units import fold
from knowledge.methodology_book import Book
from knowledge.schema_tasks import Task

Heard = dict[str, Reading]
PAIRS = (("el_before", "el_after"), ("fuels.before", "fuels.after"))
ASKED_FOR_ENERGY = ("activity", "formula")


def energies(task: Task, text: str, found: list[Amount], frame: Frame, book: Book) -> Heard:
    """The amounts before and after, and the fuels they are of."""
    amounts = _with_roles(found, frame)
    heard: Heard = {}
    for amount in amounts:
        heard |= _answers(task, amount)
    heard |= _fuels(amounts) | _new_fuel(task, text, amounts, book)
    if {"fuels.before", "el_after"} <= set(heard) and not {"fuels.after", "el_before"} & set(heard):
        heard["fuels.after"] = Reading("0", 0.85, task.texts["replaced"])
    return heard | _by_share(task, text, heard)


def fuel_alone(text: str, frame: Frame, book: Book) -> Heard:
    """「灯油」 by itself, where an energy may be meant."""
    if not frame.asked or frame.asked[0] not in ASKED_FOR_ENERGY:
        return {}
    name = fuel_in(book, text) or (ELECTRICITY if ELECTRICITY in text else None)
    return {"fuels.fuel": Reading(name, 0.85, name)} if name else {}


def _with_roles(found: list[Amount], frame: Frame) -> list[Amount]:
    """A lone amount is what is used today; of 「前は重油30kL、今は灯油10kL」 the second is what came after."""
    said = [amount for amount in found if amount.energy]
    known = any(name in frame.values for name, _ in PAIRS)
    if len(said) == 1 and said[0].role is None and not known:
        return [replace(said[0], role="before")]
    if len(said) == 2 and all(amount.role == "before" for amount in said):
        return [said[0], replace(said[1], role="after")]
    return [amount for amount in said if amount.role]


def _answers(task: Task, amount: Amount) -> Heard:
    """One amount as answers: 「5万kWh減った」 and 「1万kWh増える」 say only the difference."""
    before, after = PAIRS[0] if amount.energy == ELECTRICITY else PAIRS[1]
    if amount.role == "saved":
        shown = task.texts["saved"].format(amount=amount.shown)
        return {before: Reading(amount.value, 0.85, shown), after: Reading("0", 0.85, task.texts["saved_after"])}
    if amount.role == "added":
        shown = task.texts["added"].format(amount=amount.shown)
        return {before: Reading("0", 0.85, task.texts["added_before"]), after: Reading(amount.value, 0.85, shown)}
    return {before if amount.role == "before" else after: amount.reading}


def _fuels(amounts: list[Amount]) -> Heard:
    """The fuel before, and the one that takes its place."""
    burnt = [amount for amount in amounts if amount.energy != ELECTRICITY]
    first = next((a for a in burnt if a.role != "after"), burnt[0] if burnt else None)
    last = next((a for a in burnt if a.role == "after"), None)
    heard: Heard = {}
    if first and first.energy:
        heard["fuels.fuel"] = Reading(first.energy, 0.9, first.energy)
    if first and last and last.energy and last.energy != first.energy:
        heard["fuels.fuel_after"] = Reading(last.energy, 0.9, last.energy)
    return heard


def _new_fuel(task: Task, text: str, amounts: list[Amount], book: Book) -> Heard:
    """「重油40kLをLNGに替えたい」: the fuel after the change, where no amount of it is said."""
    burnt = [amount for amount in amounts if amount.energy != ELECTRICITY]
    if not burnt or any(amount.role == "after" for amount in burnt):
        return {}
    said = fold(text)
    for word, name in sorted(book.fuel_by_word.items(), key=lambda pair: -len(pair[0])):
        at = said.find(word)
        if at >= 0 and name != burnt[0].energy and task.says("new_fuel_mark").search(said[at + len(word) :]):
            return {"fuels.fuel_after": Reading(name, 0.85, name)}
    return {}


def _by_share(task: Task, text: str, heard: Heard) -> Heard:
    """「300MWhを2割減らしたい」: what comes after, from what was before."""
    more: Heard = {}
    for before, after in PAIRS:
        if before in heard and after not in heard:
            told = told_by_before(task, text, str(heard[before].value))
            more |= {after: told} if told else {}
    return more

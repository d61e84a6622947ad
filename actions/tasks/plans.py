"""Tells a message that describes the person's own plan from a question about the scheme."""

from __future__ import annotations

import re
from typing import Literal

from actions.readers import dates
from actions.readers.common import plain
from actions.readers.quantities import read_quantities
from actions.tasks.candidates import candidates_in
from actions.tasks.world import World
from actions.turn import Turn
from knowledge.schema_tasks import Task

Plainness = Literal["asked", "own", "firm"]
SENTENCE = re.compile(r"(?<=[。!?！？\n])")
ASIDE = re.compile(r"^(.*(?:が|けど|けれど|けれども|ので|から|、))")
"""What stands before the question proper: 「LEDに替える予定ですが、」."""
PLACES = ("home", "business", "one_site", "many_sites")
SUBSIDY = ("no_subsidy", "subsidy")


def tells_a_plan(turn: Turn, world: World) -> Plainness | None:
    """Whether the person says what they do or will do, and asks nothing else than whether it is eligible.

    `asked` with that question, `own` where something makes the plan the person's own, `firm` where it is only a plan.
    """
    task = world.knowledge.tasks["qualify"]
    told, asked = _told_and_asked(task, plain(turn.text))
    if not task.says("tells").search(told) or task.says("general").search(plain(turn.text)):
        return None
    named, own = bool(candidates_in(turn, world)), _is_own(task, told, world)
    if asked and (named or (own and task.says("equipment").search(told))):
        return "asked"
    if named and own:
        return "own"
    return "firm" if named and task.says("firm").search(told) else None


def asks_a_question(turn: Turn, world: World) -> bool:
    """Whether any sentence of the message asks something."""
    task = world.knowledge.tasks["qualify"]
    return any(_is_question(task, sentence) for sentence in _sentences(plain(turn.text)))


def _sentences(text: str) -> list[str]:
    return [part for part in (part.strip() for part in SENTENCE.split(text)) if part]


def _told_and_asked(task: Task, text: str) -> tuple[str, bool]:
    """What is told, and whether it is asked if that is eligible. Nothing is told where something else is asked."""
    told, asked = "", False
    for sentence in _sentences(text):
        if not _is_question(task, sentence):
            told += sentence
        elif task.says("eligible").search(sentence):
            asked, told = True, told + _aside(sentence)
        else:
            return "", False
    return told, asked


def _is_question(task: Task, sentence: str) -> bool:
    return bool(task.says("asking").search(sentence) or task.says("eligible").search(sentence))


def _aside(sentence: str) -> str:
    found = ASIDE.match(sentence)
    return found[1] if found else ""


def _is_own(task: Task, text: str, world: World) -> bool:
    """A day, an amount, a subsidy, a place or a person of its own."""
    if task.says("mine").search(text) or any(task.says(name).search(text) for name in PLACES):
        return True
    if any(task.says(name).search(text) for name in SUBSIDY):
        return True
    return bool(read_quantities(text)) or dates.read(text, world.context()) is not None

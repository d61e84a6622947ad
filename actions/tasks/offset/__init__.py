"""「使いたい」: from what is offset to a plan after the five items of the support service, and the booking."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Any

from actions import reply
from actions.readers.numbers import amount
from actions.readers.quantities import plain_number
from actions.tasks.logic import TaskLogic, register
from actions.tasks.state import Given
from actions.tasks.world import Finish, Values, World
from actions.turn import Reply
from knowledge.schema_tasks import Task

BRIEFING, ESTIMATE = "briefing", "estimate"


def finish(task: Task, values: Values, world: World) -> Finish:
    """The plan; for a briefing the way to book one."""
    kind = str(values["what"].value)
    text = task.texts["briefing"] if kind == BRIEFING else _plan(task, values, kind)
    known = [world.knowledge.answers[i] for i in task.settings["answers"][kind] if i in world.knowledge.answers]
    shown = [source for answer in known for source in reply.sources(world.knowledge, answer)]
    sources = list({source["title"]: source for source in shown}.values())
    ids = [answer.id for answer in known]
    return Finish([_message(task, world, kind, text, knowledge=ids, sources=sources)])


def _message(task: Task, world: World, kind: str, text: str, **parts: Any) -> Reply:
    labels, topic = task.settings["buttons"], task.texts[f"topic_{kind}"]
    also = [world.knowledge.answers[i] for i in task.settings["also"] if i in world.knowledge.answers]
    buttons = [
        reply.choice(labels["book"], {"type": "task", "task": "book", "values": {"topic": topic}}),
        *([] if kind == BRIEFING else [reply.answer_choice(answer) for answer in also]),
        reply.choice(labels["other"], {"type": "task", "task": task.id, "op": "fresh"}),
        reply.choice(labels["correct"], {"type": "task", "task": task.id, "op": "correct"}),
    ]
    return reply.message("answer", text, choices=buttons, **parts)


def _plan(task: Task, values: Values, kind: str) -> str:
    say, tonnes = task.texts, _tonnes(values)
    when = values["when"].shown if "when" in values else ""
    kind_of_credit = str(values["credits"].value or "open") if "credits" in values else "open"
    lines = [
        say[f"lead_{kind}"].format(when=say["when"].format(when=when) if when else ""),
        say["plan"],
        say[f"count_estimate_{kind}"] if tonnes is None else say["count_known"].format(t=plain_number(tonnes)),
        say[f"buy_{kind_of_credit}"].format(supply=say["supply"]) + _need(task, tonnes),
        say["certificate"],
        say["publicity"],
        say[f"example_{kind}"],
        say["prepare"].format(papers=say[f"prepare_{kind}"]),
        say["caution"],
    ]
    return "\n".join(lines)


def _need(task: Task, tonnes: Decimal | None) -> str:
    """Whole credits: a part of a tonne needs a whole one."""
    if tonnes is None or tonnes <= 0:
        return ""
    return task.texts["need"].format(credits=plain_number(tonnes.to_integral(ROUND_CEILING)))


def _tonnes(values: Values) -> Decimal | None:
    """The tonnes that were said; None when they are to be worked out."""
    given = values.get("co2")
    if given is None or given.value in (None, ESTIMATE):
        return None
    number, unit = amount(given.value)
    return number / 1000 if unit.startswith("kg") else number


def hand_over(task: Task, values: Values, world: World, to: str) -> dict[str, Given]:
    """The topic to the booking."""
    if to != "book" or values.get("what") is None or values["what"].value is None:
        return {}
    topic = task.texts[f"topic_{values['what'].value}"]
    return {"topic": Given(value=topic, shown=topic)}


register("offset", TaskLogic(finish=finish, hand_over=hand_over))

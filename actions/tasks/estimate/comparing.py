"""Two activities side by side: one estimate after the other, then both together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions import reply
from actions.calculator import Estimate
from actions.tasks.asking import source_shown
from actions.tasks.estimate.calculation import tonnes
from actions.tasks.state import Given
from actions.tasks.world import Finish, Values, World
from actions.turn import Reply
from knowledge.schema_tasks import Task

# `compare` holds {"next": [methodology ids still to work out], "done": [{"name", "reduction"}]}.


def after_result(task: Task, values: Values, world: World, found: Estimate, message: Reply) -> Finish:
    """The result alone, the next one of a comparison, or the comparison."""
    compare = values["compare"].value if "compare" in values else None
    if not compare:
        return Finish([message])
    name = values["activity"].shown
    done = [*compare["done"], {"name": name, "reduction": str(found.reduction_tco2)}]
    if compare["next"]:
        following, *rest = compare["next"]
        methodology = world.book.methodologies[following]
        text = task.texts["compare_next"].format(name=methodology.name)
        return Finish(
            [{**message, "choices": []}, reply.message("notice", text)],
            next_values={
                "activity": Given(value=following, shown=methodology.name),
                "compare": Given(value={"next": rest, "done": done}, shown=""),
            },
        )
    return Finish([message, _side_by_side(task, done)])


def registered(task: Task, values: Values, world: World) -> list[Reply]:
    """What registered projects of both kinds expect, as a first orientation before anybody gave numbers."""
    compare = values["compare"].value if "compare" in values else None
    if not compare or compare["done"] or not compare["next"] or "activity" not in values:
        return []
    ids = [str(values["activity"].value), *compare["next"]]
    found = [world.book.methodologies[i] for i in ids if i in world.book.methodologies]
    known = [m for m in found if m.registered_2024_01.median_t_per_year is not None]
    if len(known) < 2:
        return []
    lines = "、".join(
        task.texts["compare_line"].format(
            name=m.name, median=m.registered_2024_01.median_t_per_year, count=m.registered_2024_01.counted
        )
        for m in known
    )
    as_of = task.settings["registered_as_of"]
    source = source_shown(world, known[0].registered_2024_01.source, as_of, "verified")
    text = task.texts["compare_registered"].format(as_of=as_of, lines=lines)
    return [reply.message("answer", text, knowledge=[m.id for m in known], sources=[source])]


def _side_by_side(task: Task, done: list[dict[str, Any]]) -> Reply:
    first, second = done[-2:]
    amounts = [Decimal(first["reduction"]), Decimal(second["reduction"])]
    parts = {
        "first": first["name"],
        "second": second["name"],
        "first_reduction": tonnes(amounts[0]),
        "second_reduction": tonnes(amounts[1]),
        "larger": first["name"] if amounts[0] > amounts[1] else second["name"],
    }
    name = "compare_same" if amounts[0] == amounts[1] else "compare_result"
    return reply.message("answer", task.texts[name].format(**parts))

"""The calculation, told in words with its factors and assumptions, and what can be done next."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions import reply
from actions.calculator import Estimate
from actions.tasks.estimate.calculation import calculate, tonnes
from actions.tasks.estimate.comparing import after_result
from actions.tasks.estimate.inputs import ENERGY, formula_of
from actions.tasks.state import Given
from actions.tasks.world import Finish, Values, World
from actions.turn import Reply
from knowledge.methodology_schema import Formula
from knowledge.schema_tasks import Task

FACTORS_TOLD = 2
NOT_INPUTS = ("activity", "formula", "compare", "fiscal_year", "fuels.fuel", "fuels.fuel_after")


def finish(task: Task, values: Values, world: World) -> Finish:
    """The estimate's message, and the next round of a comparison. Raises InvalidInput with the fields."""
    formula = formula_of(task, values, world.book)
    if formula is None:
        return Finish([_no_formula(task, values, world)])
    found = calculate(task, formula, values, world)
    return after_result(task, values, world, found, _message(task, formula, values, world, found))


def _message(task: Task, formula: Formula, values: Values, world: World, found: Estimate) -> Reply:
    card = found.as_dict()
    assumed = [given.assumed for given in values.values() if given.assumed]
    card["assumptions"] = [*assumed, *card["assumptions"]]
    lines = [
        task.texts[_headline(found.reduction_tco2)].format(reduction=tonnes(found.reduction_tco2)),
        _inputs_line(task, values, world),
        *(_factor_line(task, factor) for factor in card["factors"][:FACTORS_TOLD]),
        task.texts["result_assumed"].format(assumed="、".join(assumed)) if assumed else "",
        task.texts["result_credit"].format(creditable=found.creditable_tco2) if found.creditable_tco2 else "",
        task.texts["result_caution"],
        task.texts["next"],
    ]
    known = [*([found.methodology_id] if found.methodology_id else []), formula.id, *(f.id for f in found.factors)]
    return reply.message(
        "estimate",
        "\n".join(line for line in lines if line),
        knowledge=list(dict.fromkeys(known)),
        sources=_sources(card["factors"]),
        choices=_buttons(task, formula),
        card=card,
        command={"type": "case", "data": card},
    )


def _headline(reduction: Decimal) -> str:
    if reduction <= 0:
        return "result_none"
    return "result_small" if reduction < 1 else "result"


def hand_over(task: Task, values: Values, world: World, to: str) -> dict[str, Given]:
    """The amounts to the check whether the plan is eligible, the topic to the booking."""
    activity = values.get("activity")
    if activity is None or activity.value in (None, ENERGY):
        return {}
    if to == "qualify":
        return {name: given for name, given in values.items() if not given.assumed and name != "compare"}
    if to == "book":
        topic = task.texts["topic"].format(what=activity.shown)
        return {"topic": Given(value=topic, shown=topic)}
    return {}


def _inputs_line(task: Task, values: Values, world: World) -> str:
    from actions.tasks.logic import logic_of  # the plan knows the labels

    fields = logic_of(task.id).plan(task, values, world).fields
    shown = [
        f"{item.label} {values[item.id].shown}"
        for item in fields
        if item.id in values and item.id not in NOT_INPUTS and values[item.id].shown
    ]
    return task.texts["result_how"].format(inputs="、".join(shown)) if shown else ""


def _factor_line(task: Task, factor: Mapping[str, Any]) -> str:
    return (
        task.texts["result_factor"]
        .format(label=factor["label"], value=factor["value"], unit=factor["unit"], year="", source=factor["source"])
        .replace(" -（", "（")
    )


def _sources(factors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = {f["source"]: {"title": f["source"], "as_of": f["as_of"], "status": f["status"]} for f in factors}
    return list(shown.values())


def _buttons(task: Task, formula: Formula) -> list[dict[str, Any]]:
    labels = task.settings["buttons"]
    change = {"type": "task", "task": task.id, "op": "correct"}
    dated = [i for i in formula.inputs if i.rows or (i.default_from and i.default_from.factor)]
    factor = next((item for item in dated if item.is_factor), None)
    buttons = [reply.choice(labels["year"], {**change, "field": "fiscal_year"})] if dated else []
    if factor:
        buttons.append(reply.choice(labels["factor"], {**change, "field": factor.name}))
    return [
        *buttons,
        reply.choice(labels["correct"], change),
        reply.choice(labels["other"], {"type": "task", "task": task.id, "op": "fresh"}),
        reply.choice(labels["qualify"], {"type": "task", "task": "qualify"}),
        reply.choice(labels["book"], {"type": "task", "task": "book"}),
    ]


def _no_formula(task: Task, values: Values, world: World) -> Reply:
    """An activity that no formula is known for."""
    activity = values.get("activity", Given())
    text = task.texts["no_formula"].format(name=activity.shown)
    labels = task.settings["buttons"]
    energy = {"type": "task", "task": task.id, "op": "fresh", "values": {"activity": ENERGY}}
    option = next(o for item in task.fields if item.id == "activity" for o in item.choices if o.value == ENERGY)
    buttons = [reply.choice(option.label, energy), reply.choice(labels["book"], {"type": "task", "task": "book"})]
    return reply.message("decline", text, knowledge=[str(activity.value)], choices=buttons)

"""The messages of the engine: questions, summaries, and its own words from knowledge/tasks/repairs.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import reply
from actions.tasks.planning import Question, progress
from actions.tasks.state import Frame, Given
from actions.tasks.world import Plan, Scene, World
from actions.turn import Reply
from knowledge.schema_tasks import Option, TaskField, Why

NONE_OF_THESE = "none_of_these"


def say(world: World, name: str, **parts: Any) -> str:
    """One of the engine's own sentences."""
    return world.knowledge.repairs.texts[name].format(**parts)


def title(world: World, task_id: str) -> str:
    """How a task is called."""
    task = world.knowledge.tasks.get(task_id)
    return task.title if task else world.knowledge.repairs.tasks.get(task_id, task_id)


def question_message(scene: Scene, question: Question, lead: str = "", *, again: bool = False) -> Reply:
    """The question with how far we are, its buttons, and what is being asked for."""
    world, frame = scene.world, scene.frame
    at, total = progress(scene.plan, frame, question)
    mark = say(world, "progress", at=at, total=total) if total > 1 and not frame.editing else ""
    text = mark + (question.again if again else question.ask)
    return reply.message(
        question.kind,
        "\n".join(part for part in (lead, text) if part),
        choices=_choices(scene, question),
        ask=_ask(question),
    )


def options_message(scene: Scene, question: Question, lead: str) -> Reply:
    """The same question, narrowed to the near meanings of what was said."""
    item = question.first
    buttons = [_field_choice(item.id, Option(label=o["label"], value=o["value"])) for o in scene.frame.options]
    text = "\n".join(part for part in (lead, say(scene.world, "which_is_it")) if part)
    return reply.message(
        "question", text, choices=buttons + _helps(scene, question), ask={**_ask(question), "type": "choice"}
    )


def unsure_message(scene: Scene, question: Question, lead: str = "") -> Reply:
    """Asks whether what was understood is right."""
    world, unsure = scene.world, scene.frame.unsure
    lines = [
        say(world, "is_it_right", label=item.label, shown=unsure[item.id].shown)
        for item in scene.plan.fields
        if item.id in unsure
    ]
    labels = world.knowledge.repairs.labels
    buttons = [
        reply.choice(labels["right"], {"type": "op", "op": "right", "fields": sorted(unsure)}),
        reply.choice(labels["wrong"], {"type": "op", "op": "wrong", "fields": sorted(unsure)}),
    ]
    text = "\n".join(part for part in (lead, *lines) if part)
    return reply.message(
        "question", text, choices=buttons + _helps(scene, question), ask={**_ask(question), "type": "choice"}
    )


def summary_message(scene: Scene, lead: str = "") -> Reply:
    """Everything that was understood, to be confirmed or corrected before the end."""
    world, labels = scene.world, scene.world.knowledge.repairs.labels
    lines = [*summary_lines(scene.plan, scene.frame, world), scene.task.confirm or say(world, "summary")]
    buttons = [
        reply.choice(labels["confirm"], {"type": "op", "op": "confirm"}),
        reply.choice(labels["edit"], {"type": "op", "op": "correct"}),
        reply.choice(labels["back"], {"type": "op", "op": "back"}),
        reply.choice(labels["stop"], {"type": "op", "op": "stop"}),
    ]
    ask = {"field": "confirm", "type": "choice"}
    return reply.message("question", "\n".join([lead, *lines] if lead else lines), choices=buttons, ask=ask)


def summary_lines(plan: Plan, frame: Frame, world: World) -> list[str]:
    """One line an answer; assumptions are marked."""
    return [
        say(world, "summary_line", label=item.label, shown=shown_of(frame.values[item.id], world))
        for item in plan.fields
        if item.id in frame.values and not item.on_request
    ]


def shown_of(given: Given, world: World) -> str:
    """An answer as people read it, marked when it is an assumption."""
    if given.value is None and not given.shown:
        return say(world, "none_given")
    return given.shown + (say(world, "assumed_mark") if given.assumed else "")


def which_message(scene: Scene) -> Reply:
    """Asks which answer is to be corrected."""
    labels = scene.world.knowledge.repairs.labels
    buttons = [
        reply.choice(
            f"{item.label}：{shown_of(scene.frame.values[item.id], scene.world)}",
            {"type": "op", "op": "correct", "field": item.id},
        )
        for item in scene.plan.fields
        if item.id in scene.frame.values
    ]
    keep = reply.choice(labels["keep"], {"type": "op", "op": "keep"})
    ask = {"field": "correct", "type": "choice"}
    return reply.message("question", say(scene.world, "which_to_correct"), choices=[*buttons, keep], ask=ask)


def why_message(scene: Scene, question: Question) -> Reply:
    """The reason for the question, with its source, date and status."""
    why = (question.bundle.why if question.bundle else None) or question.first.why
    text = why.text if why else say(scene.world, "why_default")
    return reply.message("answer", text, sources=why_sources(scene.world, why))


def why_sources(world: World, why: Why | None) -> list[dict[str, Any]]:
    """The source of a reason as people see it."""
    if why is None or why.source is None:
        return []
    return [source_shown(world, why.source, why.as_of, why.status)]


def source_shown(world: World, source_id: str, as_of: str | None, status: str) -> dict[str, Any]:
    """A source by its id in sources.yaml or in the methodologies' list."""
    found = world.knowledge.sources.get(source_id)
    if found is not None:
        shown = {"title": found.title, "as_of": as_of or "", "status": status}
        return {**shown, "url": str(found.url)} if found.url else shown
    dated = world.book.sources[source_id]
    return {"title": dated.title, "as_of": as_of or dated.as_of, "status": status}


def notice(text: str, **parts: Any) -> Reply:
    """A sentence by itself."""
    return reply.message("notice", text, **parts)


def person_choice(world: World) -> dict[str, Any]:
    """The button that leads to a person."""
    return reply.choice(world.knowledge.repairs.labels["person"], {"type": "task", "task": "handoff"})


def _choices(scene: Scene, question: Question) -> list[dict[str, Any]]:
    if question.type == "checks" and question.bundle:
        boxes = [
            reply.choice(item.box.label, {"type": "field", "field": item.id, "value": item.box.value})
            for item in question.fields
            if item.box
        ]
        none = question.bundle.none or scene.world.knowledge.repairs.labels["none"]
        ref = {"type": "field", "field": question.first.id, "value": NONE_OF_THESE}
        return [*boxes, reply.choice(none, ref)]
    if question.bundle and question.bundle.choices:
        return _bundle_choices(question) + _helps(scene, question)
    return [_field_choice(question.first.id, option) for option in question.choices] + _helps(scene, question)


def _bundle_choices(question: Question) -> list[dict[str, Any]]:
    """Buttons that answer every fact of the bundle at once."""
    assert question.bundle is not None
    return [
        reply.choice(
            option.label,
            {
                "type": "many",
                "refs": [{"type": "field", "field": name, "value": option.values[name]} for name in question.ids],
            },
        )
        for option in question.bundle.choices
    ]


def _field_choice(name: str, option: Option) -> dict[str, Any]:
    return reply.choice(option.label, {"type": "field", "field": name, "value": option.value})


def _helps(scene: Scene, question: Question) -> list[dict[str, Any]]:
    """わからない, なぜ聞くの？, 戻る: only those that lead somewhere."""
    labels = scene.world.knowledge.repairs.labels
    can_skip = all(item.typical or item.optional for item in question.fields)
    ops = (["unknown"] if can_skip else []) + ["why"] + (["back"] if scene.frame.history else ["stop"])
    return [reply.choice(labels[op], {"type": "op", "op": op}) for op in ops]


def _ask(question: Question) -> dict[str, Any]:
    ask: dict[str, Any] = {"field": question.first.id, "type": question.type}
    if len(question.fields) > 1:
        ask["fields"] = list(question.ids)
    if question.first.unit and question.type == "number":
        ask["unit"] = question.first.unit
    if question.optional:
        ask["optional"] = True
    return ask


def left_empty(item: TaskField, given: Given) -> bool:
    """A box that was not ticked: nothing that anybody said."""
    return item.box is not None and given.value == item.box.otherwise


def kept_shown(plan: Plan, values: Mapping[str, Given], world: World) -> str:
    """The answers so far, in one line."""
    return "、".join(
        f"{item.label} {shown_of(values[item.id], world)}"
        for item in plan.fields
        if item.id in values and not (item.on_request or item.quiet) and not left_empty(item, values[item.id])
    )

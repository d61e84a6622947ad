"""Which questions are open, in which order, and how far a task has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.tasks.logic import logic_of
from actions.tasks.state import Frame, State
from actions.tasks.world import Plan, Scene, World
from knowledge.schema_tasks import AskType, Bundle, Option, TaskField


@dataclass(frozen=True)
class Question:
    """One thing that is asked: a field, or several that people give in one breath."""

    fields: Sequence[TaskField]
    bundle: Bundle | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.fields)

    @property
    def first(self) -> TaskField:
        return self.fields[0]

    @property
    def type(self) -> AskType:
        return self.bundle.type if self.bundle else self.first.type

    @property
    def ask(self) -> str:
        return self.bundle.ask if self.bundle else self.first.ask

    @property
    def again(self) -> str:
        return (self.bundle.again if self.bundle else self.first.again) or self.ask

    @property
    def choices(self) -> list[Option]:
        return [] if self.bundle else self.first.choices

    @property
    def optional(self) -> bool:
        return all(item.optional for item in self.fields)


def scene_of(state: State, world: World) -> Scene | None:
    """The task that talks now, with its plan; None when nothing is open or its file is gone."""
    frame = state.top
    task = world.knowledge.tasks.get(frame.task) if frame else None
    if frame is None or task is None:
        return None
    return Scene(state, frame, task, logic_of(task.id).plan(task, frame.values, world), world)


def next_question(plan: Plan, frame: Frame) -> Question | None:
    """The first open question; a bundle of which only one fact is open is asked as that fact alone."""
    for item in plan.fields:
        if item.on_request or not is_open(item, frame):
            continue
        if not item.bundle or item.bundle not in plan.bundles:
            return Question([item])
        mates = [m for m in plan.fields if m.bundle == item.bundle and m.id not in frame.values]
        return _bundled(plan, mates)
    return None


def is_open(item: TaskField, frame: Frame) -> bool:
    """Whether a fact is still to be asked: not given, or given by an answer that only leads to the question."""
    given = frame.values.get(item.id)
    return given is None or (item.opens is not None and given.value == item.opens)


def question_for(plan: Plan, names: Sequence[str]) -> Question | None:
    """The question that asked for these fields; None when none of them applies any more."""
    fields = [item for name in names if (item := plan.get(name))]
    if not fields:
        return None
    return _bundled(plan, fields) if len(fields) > 1 else _alone(plan, fields[0])


def _bundled(plan: Plan, fields: Sequence[TaskField]) -> Question:
    bundle = plan.bundles.get(fields[0].bundle or "")
    if bundle is None or (len(fields) == 1 and bundle.type != "checks"):
        return Question([fields[0]])
    return Question(fields, bundle)


def _alone(plan: Plan, item: TaskField) -> Question:
    bundle = plan.bundles.get(item.bundle or "")
    return Question([item], bundle) if bundle and bundle.type == "checks" else Question([item])


def progress(plan: Plan, frame: Frame, question: Question) -> tuple[int, int]:
    """(number of this question, number of all): a bundle counts once, what was said unasked does not count."""
    keys = {item.id: item.bundle or item.id for item in plan.fields if not item.on_request}
    asked = set(question.ids)
    mine = {keys[name] for name in asked if name in keys}
    said = {name for names in frame.history for name in names}
    answered = {key for name, key in keys.items() if name in said and name in frame.values and name not in asked} - mine
    still = {key for name, key in keys.items() if name not in frame.values} - mine - answered
    return len(answered) + 1, len(answered) + 1 + len(still)

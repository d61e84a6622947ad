"""What a task may add to its data in code, and the registry of those additions. A task without any needs none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from simpleeval import SimpleEval

from actions import reply
from actions.readers.common import Reading
from actions.tasks.state import Frame, Given
from actions.tasks.world import Finish, Plan, Values, World
from actions.turn import Reply, Turn
from knowledge.schema_tasks import Task, TaskField


def plan_from_data(task: Task, values: Values, world: World) -> Plan:
    """The fields of the task's file whose condition holds, in the file's order."""
    return Plan([item for item in task.fields if holds(item.when, values)], task.bundles)


def end_from_data(task: Task, values: Values, world: World) -> Finish:
    """The file's last words, with the answers put in."""
    if task.end is None:
        return Finish([])
    shown = {name: given.shown for name, given in values.items()}
    text = task.end.text.format_map(_Shown(shown, world.knowledge.repairs.texts["none_given"]))
    return Finish([reply.message(task.end.kind, text, knowledge=[])])


def nothing(task: Task, turn: Turn, frame: Frame, world: World) -> dict[str, Reading]:
    """Nothing beyond what the fields' own readers find."""
    return {}


def silence(task: Task, values: Values, world: World) -> list[Reply]:
    """Nothing is said first."""
    return []


def keep_to_itself(task: Task, values: Values, world: World, to: str) -> dict[str, Given]:
    """Nothing but the shared fields goes over to another task."""
    return {}


@dataclass(frozen=True)
class TaskLogic:
    """The pure functions of one task.

    `plan`    which fields apply now, in order (answered ones included)
    `hear`    what a whole message says, by field
    `finish`  the result. May raise InvalidInput; its `fields` are asked again
    `open`    what is said first when the task begins
    `hand_over`  what its end gives to the task that is named, beyond the shared fields
    """

    plan: Callable[[Task, Values, World], Plan] = plan_from_data
    hear: Callable[[Task, Turn, Frame, World], dict[str, Reading]] = nothing
    finish: Callable[[Task, Values, World], Finish] = end_from_data
    open: Callable[[Task, Values, World], list[Reply]] = silence
    hand_over: Callable[[Task, Values, World, str], Mapping[str, Given]] = keep_to_itself


_LOGIC: dict[str, TaskLogic] = {}
_ONLY_DATA = TaskLogic()


def register(task_id: str, logic: TaskLogic) -> None:
    """Gives a task its functions. Registered once, at import."""
    _LOGIC[task_id] = logic


def logic_of(task_id: str) -> TaskLogic:
    """The functions of a task; the plain ones when none are registered."""
    return _LOGIC.get(task_id, _ONLY_DATA)


def holds(condition: str | None, values: Values) -> bool:
    """Whether a field's condition is true of the values: names are fields, `v('S6-1.w_bl')` is one with any id."""
    if condition is None:
        return True
    plain = {name: given.value for name, given in values.items()}
    evaluator = SimpleEval(functions={"v": plain.get, "len": len}, names=lambda node: _name(node.id, plain))
    return bool(evaluator.eval(condition, previously_parsed=_parsed(condition)))


@lru_cache(maxsize=1024)
def _parsed(condition: str) -> Any:
    return SimpleEval.parse(condition)


def _name(name: str, values: Mapping[str, Any]) -> Any:
    return {"true": True, "false": False, "none": None}.get(name.lower(), values.get(name))


class _Shown(dict[str, str]):
    """Answers by field; a field without one reads as the given words."""

    def __init__(self, shown: Mapping[str, str], none: str) -> None:
        super().__init__({name: text or none for name, text in shown.items()})
        self._none = none

    def __missing__(self, key: str) -> str:
        return self._none


def applicable(plan: Plan, values: Values) -> dict[str, Any]:
    """Only the values of fields that apply now, in the plan's order: the same facts give the same result."""
    return {item.id: values[item.id] for item in plan.fields if item.id in values}


def field_shown(item: TaskField, value: Any) -> str:
    """How a value from a button is shown: its choice's label, else the value itself."""
    if item.box and value in (item.box.value, item.box.otherwise):
        return item.box.label if value == item.box.value else item.box.otherwise_label
    return next((option.label for option in item.choices if option.value == value), str(value))

"""What passes between the engine and the API beside the messages: commands, and answers that were refused."""

from __future__ import annotations

from actions.tasks.logic import logic_of
from actions.tasks.state import Frame, State
from actions.tasks.world import Outcome, World
from actions.turn import Turn


def with_commands(before: Frame | None, outcome: Outcome) -> Outcome:
    """The outcome; its last message carries what the open task wants to have stored now."""
    top = outcome.state.top
    if top is None or not outcome.messages or outcome.messages[-1].get("command"):
        return outcome
    command = logic_of(top.task).keep(before if before and before.task == top.task else None, top)
    if command is None:
        return outcome
    *rest, last = outcome.messages
    return Outcome([*rest, {**last, "command": command}], outcome.state, outcome.open, outcome.talk)


def reopened(turn: Turn, state: State, world: World) -> State:
    """The state with the question open that the API put instead of ours, because the answer could not be kept.

    `context.refused` is {"task", "field"}. The same object comes back when there is nothing to change.
    """
    refused = turn.context.get("refused") or {}
    task_id, field = refused.get("task"), refused.get("field")
    frame = _frame_of(state, task_id)
    if frame is None or field is None or frame.asked == (field,):
        return state
    others = tuple(f for f in state.stack if f.task != task_id)
    again = frame.without([field]).settled().but(asked=(field,), stage="asking")
    return state.but(stack=(*others, again))


def _frame_of(state: State, task_id: str | None) -> Frame | None:
    if task_id is None:
        return None
    return next((f for f in reversed(state.stack) if f.task == task_id), None) or state.recent.get(task_id)

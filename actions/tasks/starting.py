"""How a task begins: by a button, by words, by intent, in the middle of another one or after its own end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import reply
from actions.answering import Answered, answer_turn
from actions.readers.common import plain
from actions.readers.quantities import read_quantities
from actions.tasks import asking, repairs
from actions.tasks.asking import say
from actions.tasks.hearing import SURE, Heard, also_said, hear
from actions.tasks.logic import field_shown, logic_of
from actions.tasks.moving import go_on, proceed, repeat, with_frame
from actions.tasks.planning import next_question, scene_of
from actions.tasks.plans import asks_a_question, tells_a_plan
from actions.tasks.state import Frame, Given, State
from actions.tasks.world import Outcome, Scene, World
from actions.turn import Turn
from knowledge.asked_for import asked_for
from knowledge.schema_tasks import Task

TASKS = ("qualify", "estimate", "book", "offset", "handoff")
CHECK, ESTIMATE, OFFSET = "qualify", "estimate", "offset"
ANSWERING = (CHECK, ESTIMATE, OFFSET)


def started_by(turn: Turn, world: World, *, least: float, words_only: bool = False) -> str | None:
    """The task that the message asks for: by its own words, else by an intent at least this sure.

    A hint counts unless the message is a question with its answer.
    """
    said, asks = plain(turn.text), clearly_asks(turn, world)
    for task in world.knowledge.tasks.values():
        if task.unless and task.other.search(said):
            continue
        if task.start.search(said) or (not asks and task.hint.search(said)):
            return task.id
    if not words_only and turn.intent in TASKS and turn.confidence >= least:
        return turn.intent
    return None


def opened_by(turn: Turn, world: World, *, words_only: bool = False) -> str | None:
    """The task that a message outside every task begins; a plan that somebody describes begins the check."""
    plan = tells_a_plan(turn, world)
    if asks_beyond_doubt(turn, world) and plan != "asked":
        return None
    if by_words := started_by(turn, world, least=0.0, words_only=True):
        return by_words
    if gives_amounts(turn, world):
        return ESTIMATE
    meant = turn.intent if turn.intent in TASKS else None
    if plan and (meant in (None, CHECK) or (plan == "asked" and meant == ESTIMATE and not asks_amount(turn, world))):
        return CHECK
    return None if words_only else meant


def gives_amounts(turn: Turn, world: World) -> bool:
    """Whether the words ask for an amount and bring amounts of the person's own: 「田んぼ30haで何トン？」."""
    said = plain(turn.text)
    return bool(read_quantities(said)) and bool(world.knowledge.tasks[ESTIMATE].hint.search(said))


def asks_amount(turn: Turn, world: World) -> bool:
    """Whether the words ask for an amount: then it is the estimate that is wanted, not the check."""
    return asked_for(world.knowledge.root).kind_of(turn.text) is not None


def said_first(task_id: str, turn: Turn, world: World) -> Answered:
    """What is said before a task begins: the answer to what is asked besides, or what a mere plan names.

    A question back means that the task does not begin: it is one of the buttons.
    """
    if turn.choice or task_id not in ANSWERING or not _asks_besides(task_id, turn, world):
        return [], {}
    said, talk = answer_turn(turn, world.knowledge)
    if answers := [{**one, "choices": []} for one in said if one["kind"] == "answer"]:
        return answers, talk
    if said[0]["kind"] != "clarify" or not said[0]["choices"] or started_by(turn, world, least=0.0, words_only=True):
        return [], {}
    label = say(world, "begin", title=world.knowledge.tasks[task_id].title)
    button = reply.choice(label, {"type": "task", "task": task_id})
    *near, none = said[0]["choices"]
    return [{**said[0], "choices": [*near, button, none]}], talk


def _asks_besides(task_id: str, turn: Turn, world: World) -> bool:
    """Whether the message asks for something that the task itself does not give."""
    plan = tells_a_plan(turn, world)
    if plan in ("asked", "own"):
        return is_answered_besides(turn, world)
    if plan is None:
        amount = task_id == ESTIMATE and asks_amount(turn, world)
        return is_answered_besides(turn, world) if amount else asks_a_question(turn, world)
    return True


def asks_beyond_doubt(turn: Turn, world: World) -> bool:
    """Whether the message is a question with so sure an answer that it begins nothing."""
    return turn.intent == "ask" and turn.sure >= world.knowledge.thresholds.question_at


def is_answered_besides(turn: Turn, world: World) -> bool:
    """Whether a plan is told in a message that has its answer all the same: then it is answered, and checked."""
    return turn.intent == "ask" and turn.sure >= world.knowledge.thresholds.besides_at


def clearly_asks(turn: Turn, world: World) -> bool:
    """Whether the message is a question about the scheme that has its answer."""
    limits = world.knowledge.thresholds
    return turn.sure >= limits.answer_at and turn.intent == "ask" and turn.confidence >= limits.intent_at


def start(task_id: str, turn: Turn, state: State, world: World, known: Heard | None = None) -> Outcome:
    """Begins a task, or goes on with it where a button says so. `known` was heard already."""
    ref: Mapping[str, Any] = turn.choice if turn.choice and turn.choice.get("type") == "task" else {}
    if ref.get("op") == "resume":
        return repairs.resume(state, world)
    if task_id not in world.knowledge.tasks:
        return _not_there(state, world)
    if ref.get("op") == "correct" and (found := _brought_up(task_id, state)):
        return _changed(found, ref, world)
    top = state.top
    if top and top.task == task_id and top.stage != "done" and not (ref.get("values") or ref.get("op") == "fresh"):
        return go_on(state, world, say(world, "already", title=asking.title(world, task_id)))
    return _begin(task_id, turn, ref, state, world, known or {})


def _begin(task_id: str, turn: Turn, ref: Mapping[str, Any], state: State, world: World, known: Heard) -> Outcome:
    """A fresh frame, filled with what other tasks know, what the button carries and what the message says."""
    task, lead = world.knowledge.tasks[task_id], ""
    if state.top and state.top.stage == "done":
        state = state.popped()
    elif state.top:
        other = asking.title(world, state.top.task)
        lead = say(world, "switched", other=other, title=task.title)
    known_before = {} if ref.get("op") == "fresh" else _known_before(task, turn, state, world)
    frame = Frame(task=task_id, values=known_before)
    state = state.but(stack=(*(f for f in state.stack if f.task != task_id), frame))
    frame = frame.with_values(_carried(ref, state, world))
    state = state.with_top(frame)
    scene = scene_of(state, world)
    assert scene is not None
    heard: Heard = {}
    if not turn.choice:
        heard = {**hear(scene, turn, None), **known}
        frame = frame.with_values({n: Given.of(r) for n, r in heard.items() if r.sure >= SURE and not r.options})
        scene = scene_of(state.with_top(frame), world)
        assert scene is not None
        more = {name: Given.of(r) for name, r in also_said(scene, turn.text, heard).items()}
        scene = with_frame(scene, frame.with_values(more))
    parts = [lead, task.opening or "", _understood(scene)]
    if not turn.choice and (asked := _undecided(scene, heard)):
        return asked
    said = logic_of(task_id).open(task, scene.frame.values, world)
    return proceed(scene.state, world, "\n".join(part for part in parts if part), said)


def _undecided(scene: Scene, heard: Heard) -> Outcome | None:
    """The first question narrowed to what the opening message may mean."""
    question = next_question(scene.plan, scene.frame)
    options = heard[question.first.id].options if question and question.first.id in heard else ()
    if question is None or not options:
        return None
    near = tuple(option.model_dump(include={"label", "value"}) for option in options)
    return repeat(with_frame(scene, scene.frame.but(asked=question.ids, options=near)))


def _understood(scene: Scene) -> str:
    """What the opening message said, in one line."""
    shown = asking.kept_shown(scene.plan, scene.frame.values, scene.world)
    return say(scene.world, "echo", shown=shown) if shown else ""


def _shared(task_id: str, state: State, world: World) -> dict[str, Given]:
    """Values of shared fields that another task knows; the latest wins."""
    frames = [*state.parked, *state.recent.values(), *state.stack]
    found: dict[str, Given] = {}
    for frame in frames:
        task = world.knowledge.tasks.get(frame.task)
        if task is None or frame.task == task_id:
            continue
        fields = logic_of(task.id).plan(task, frame.values, world).fields
        found |= {
            f.id: frame.values[f.id]
            for f in fields
            if f.shared and f.id in frame.values and not frame.values[f.id].assumed
        }
    return found


def _known_before(task: Task, turn: Turn, state: State, world: World) -> dict[str, Given]:
    """What other tasks know; nothing where the message is about something else."""
    found = {**_shared(task.id, state, world), **_handed(task.id, state, world)}
    said = {} if turn.choice or not found else logic_of(task.id).hear(task, turn, Frame(task=task.id), world)
    for item in task.fields:
        if item.fresh and item.id in found and item.id in said:
            meant = [said[item.id].value, *(option.value for option in said[item.id].options)]
            if found[item.id].value not in meant:
                return {}
    return found


def _handed(task_id: str, state: State, world: World) -> dict[str, Given]:
    """What the task that was open last, or ended last, gives to this one."""
    frames = [frame for frame in (*state.recent.values(), *state.stack) if frame.task in world.knowledge.tasks]
    found: dict[str, Given] = {}
    for frame in frames:
        task = world.knowledge.tasks[frame.task]
        if frame.task != task_id:
            found |= logic_of(task.id).hand_over(task, frame.values, world, task_id)
    return found


def _carried(ref: Mapping[str, Any], state: State, world: World) -> dict[str, Given]:
    """The values that a button brings: `{"values": {field: value}}`."""
    given: Mapping[str, Any] = ref.get("values") or {}
    scene = scene_of(state, world)
    plan = scene.plan if scene else None
    found = {}
    for name, value in given.items():
        item = plan.get(name) if plan else None
        shown = (ref.get("shown") or {}).get(name) or (field_shown(item, value) if item else str(value))
        found[name] = Given(value=value, shown=shown)
    return found


def _brought_up(task_id: str, state: State) -> State | None:
    """The state with this task's open or last finished frame on top."""
    top = state.top
    if top and top.task == task_id:
        return state
    frame = next((f for f in reversed(state.stack) if f.task == task_id), None) or state.recent.get(task_id)
    if frame is None:
        return None
    if top and top.stage == "done":
        state = state.popped()
    return state.but(stack=(*(f for f in state.stack if f.task != task_id), frame))


def _changed(state: State, ref: Mapping[str, Any], world: World) -> Outcome:
    """「年度を変える」: asks for that fact anew, or takes the value that the button brings and shows the result."""
    scene = scene_of(state, world)
    assert scene is not None
    if ref.get("values"):
        given = _carried(ref, state, world)
        return proceed(state.with_top(scene.frame.with_values(given).settled().but(stage="asking")), world)
    return repairs.edit(scene, str(ref.get("field")))


def _not_there(state: State, world: World) -> Outcome:
    """A task without a data file: the contact, and the task that was open goes on."""
    said = [reply.phrase(world.knowledge, "handoff")]
    if state.top and state.top.stage != "done":
        return go_on(state, world, say(world, "returned", title=asking.title(world, state.top.task)), said)
    state = state.popped() if state.top else state
    return Outcome(said, state, False)

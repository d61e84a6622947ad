"""One step of the conversation: who handles a turn, in which order. Pure: same turn, state and world, same outcome."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from actions import reply
from actions.answering import answer_turn
from actions.readers.choice import is_choice
from actions.readers.common import plain
from actions.readers.quantities import read_quantities
from actions.readers.registry import READERS
from actions.tasks import asking, catalogue, repairs  # noqa: F401 - the catalogue registers the tasks
from actions.tasks.asking import say
from actions.tasks.hearing import SURE, Heard, hear, hear_again, hear_choice
from actions.tasks.moving import accept, go_on, proceed, repeat, take, with_frame
from actions.tasks.planning import question_for, scene_of
from actions.tasks.refused import reopened, with_commands
from actions.tasks.starting import opened_by, said_first, start, started_by
from actions.tasks.state import State
from actions.tasks.world import Outcome, Scene, World
from actions.turn import Reply, Turn

Handler = Callable[[Scene, Turn, Heard], Outcome | None]
WHOLE = ("stop", "resume", "restart", "back", "why", "unknown", "person")
TALK = ("greet", "thanks", "goodbye", "complaint", "smalltalk", "language", "more")
OF_QUESTIONS = ("field", "op", "many")
SHORT = 16
"""A longer sentence with a denial in it tells something else than 「ありません」."""
END = re.compile(r"[\s。．.!！、,〜~ー…]+$")
POLITE_END = re.compile(r"(です|ます)?(けど|けれど|が|ね|よ|な|のう|なあ|わ)*$")


def step(turn: Turn, state: State, world: World) -> Outcome:
    """The messages for one turn and the state after it."""
    state = reopened(turn, state, world)
    return with_commands(state.top, _step(turn, state, world))


def _step(turn: Turn, state: State, world: World) -> Outcome:
    scene = scene_of(state, world)
    if turn.choice and turn.choice.get("type") == "task":
        return start(turn.choice["task"], turn, state, world)
    if scene is None:
        return _nothing_open(turn, state.but(stack=()), world)
    if turn.choice:
        return _pressed(scene, turn)
    question = question_for(scene.plan, scene.frame.asked)
    heard = {} if _operation(scene, turn.text) else hear(scene, turn, question)
    for handle in HANDLERS:
        outcome = handle(scene, turn, heard)
        if outcome is not None:
            return outcome
    return _not_read(scene)


def operation_of(text: str, world: World) -> str | None:
    """The repair that the whole message asks for: 「戻る」「やめたいです」."""
    patterns = world.knowledge.repairs.patterns
    return _whole(text, {name: patterns[name] for name in WHOLE})


def _operation(scene: Scene, text: str) -> str | None:
    """The same in a task: in its own words first; what is the name of a choice is an answer."""
    question = question_for(scene.plan, scene.frame.asked)
    if question and is_choice(text, question.choices):
        return None
    return _whole(text, scene.task.own_repairs) or operation_of(text, scene.world)


def _whole(text: str, patterns: Mapping[str, re.Pattern[str]]) -> str | None:
    said = END.sub("", plain(text))
    for name, pattern in patterns.items():
        if pattern.fullmatch(said) or pattern.fullmatch(POLITE_END.sub("", said)):
            return name
    return None


def _nothing_open(turn: Turn, state: State, world: World) -> Outcome:
    if turn.choice and turn.choice.get("type") in OF_QUESTIONS:
        return repairs.resume(state, world) if state.parked else Outcome([_none_open(world)], state, False)
    if turn.intent == "resume" or operation_of(turn.text, world) == "resume":
        return repairs.resume(state, world)
    if task_id := opened_by(turn, world):
        first, talk = said_first(task_id, turn, world)
        if any(said["kind"] == "clarify" for said in first):
            return Outcome(first, state, False, talk)
        begun = start(task_id, turn, state, world)
        return Outcome([*first, *begun.messages], begun.state, begun.open, begun.talk)
    messages, talk = answer_turn(turn, world.knowledge)
    return Outcome(messages, state, False, talk)


def _none_open(world: World) -> Reply:
    return reply.phrase(world.knowledge, "nothing_open")


def belongs_here(turn: Turn, world: World) -> bool:
    """Whether a turn outside every task is the engine's all the same: by its words, or by a button of a question."""
    if turn.choice:
        return turn.choice.get("type") in (*OF_QUESTIONS, "task")
    if operation_of(turn.text, world) == "resume":
        return bool(State.read(turn.task).parked)
    state = State.read(turn.task)
    if reopened(turn, state, world) is not state:
        return True
    return opened_by(turn, world, words_only=True) is not None


def _pressed(scene: Scene, turn: Turn) -> Outcome:
    """A button: an answer, an operation, something from outside, or one of a former question."""
    ref = turn.choice or {}
    if (answers := hear_choice(scene, ref)) is not None:
        return accept(scene, answers)
    if ref.get("type") == "op":
        return _operate(scene, turn, ref)
    if ref.get("type") in ("answer", "detail"):
        return _aside(scene, turn)
    return repeat(scene, say(scene.world, "old_button") if scene.frame.stage != "done" else say(scene.world, "closed"))


def _operate(scene: Scene, turn: Turn, ref: dict[str, object]) -> Outcome:
    name, field = str(ref.get("op")), ref.get("field")
    if name in ("right", "wrong") and "fields" in ref:
        return _decided(scene, yes=name == "right") if ref["fields"] == sorted(scene.frame.unsure) else _old(scene)
    if name == "confirm":
        return _confirmed(scene) if scene.frame.stage == "confirming" else _old(scene)
    if name == "correct" and isinstance(field, str):
        return repairs.edit(scene, field)
    if name == "resume":
        return repairs.resume(scene.state, scene.world)
    if name == "person":
        return start("handoff", turn, scene.state, scene.world)
    operation = repairs.operations().get(name)
    return operation(scene) if operation else _aside(scene, turn)


def _old(scene: Scene) -> Outcome:
    return repeat(scene, say(scene.world, "old_button"))


def _said_operation(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """「戻る」「なぜ聞くの？」 … as the whole message."""
    name = _operation(scene, turn.text)
    if name is None:
        return None
    if name == "resume":
        return repairs.resume(scene.state, scene.world)
    if name == "person":
        return start("handoff", turn, scene.state, scene.world)
    if name in ("why", "unknown") and not scene.frame.asked:
        return None
    return repairs.operations()[name](scene)


def _said_yes_or_no(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """The answer to 「〜で合っていますか」 or to the summary."""
    if not scene.frame.unsure and scene.frame.stage != "confirming":
        return None
    said = END.sub("", plain(turn.text))
    if scene.world.knowledge.repairs.patterns["confirm"].fullmatch(said):
        return _decided(scene, yes=True) if scene.frame.unsure else _confirmed(scene)
    if scene.world.knowledge.repairs.patterns["wrong"].fullmatch(said) or said in ("いいえ", "いや", "no"):
        return _decided(scene, yes=False) if scene.frame.unsure else repairs.which(scene)
    return None


def _decided(scene: Scene, *, yes: bool) -> Outcome:
    if yes:
        return accept(scene, scene.frame.unsure)
    frame = scene.frame.but(unsure={}, tries=scene.frame.tries + 1)
    return repeat(with_frame(scene, frame), say(scene.world, "ask_once_more"), again=frame.tries > 1)


def _confirmed(scene: Scene) -> Outcome:
    return proceed(scene.state.with_top(scene.frame.but(stage="confirmed")), scene.world)


def _corrected(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """A correction of an earlier answer."""
    return repairs.corrected(scene, turn, heard)


def _after_the_end(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """After the result: another round, a what-if, or something else altogether."""
    if scene.frame.stage != "done":
        return None
    other = started_by(turn, scene.world, least=scene.world.knowledge.thresholds.intent_at)
    if other and other != scene.task.id:
        return start(other, turn, scene.state, scene.world)
    patterns = scene.world.knowledge.repairs.patterns
    what_if = bool(patterns["what_if"].search(turn.text)) or repairs.says_so(scene, turn.text, {})
    if _about_the_scheme(scene, turn) and not what_if:
        return _aside(scene, turn)
    amounts = read_quantities(turn.text)
    measured = any(amount.unit for amount in amounts)
    if amounts and not measured and not what_if:
        return _aside(scene, turn)  # a bare number after the result corrects nothing
    changed = hear_again(scene, turn, said_so=what_if or measured)
    if any(item.fresh and item.id in changed and _differs(scene, item.id, changed) for item in scene.plan.fields):
        return start(scene.task.id, turn, scene.state, scene.world, changed)
    changed = {name: r for name, r in changed.items() if r.sure >= SURE and not r.options}
    if changed:
        return repairs.correct(scene, changed)
    if what_if:
        return repairs.which(scene)
    if other:
        return start(other, turn, scene.state, scene.world)
    return _aside(scene, turn)


def _differs(scene: Scene, name: str, changed: Heard) -> bool:
    given = scene.frame.values.get(name)
    return given is None or given.value != changed[name].value


def _switched(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """Another task in the middle of this one, unless the text answers the question."""
    other = started_by(turn, scene.world, least=scene.world.knowledge.thresholds.intent_at, words_only=bool(heard))
    if other is None or other == scene.task.id or any(r.sure > 0.6 for r in heard.values()):
        return None
    return start(other, turn, scene.state, scene.world)


def _asked_about_the_scheme(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """A question about the scheme: answered, then ours again. What answers our question is one only in form of one."""
    if not _about_the_scheme(scene, turn) or (heard and not _is_question(scene, turn)):
        return None
    return _aside(scene, turn)


def _answered(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """An answer, to this question or to others."""
    return take(scene, heard) if heard else None


def _small_talk(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """Thanks, a greeting, a complaint or another language, then our question again."""
    sure = turn.confidence >= scene.world.knowledge.thresholds.intent_at
    if (turn.intent in TALK and sure) or (turn.intent == "out_of_scope" and sure and _is_question(scene, turn)):
        return _aside(scene, turn)
    return None


def _gone_without(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """「ありません」 to something that need not be given."""
    question = question_for(scene.plan, scene.frame.asked)
    if question is None or not question.optional or question.type in ("choice", "checks"):
        return None
    denied = READERS["yes_no"](turn.text, scene.world.context()) if len(turn.text) <= SHORT else None
    return repairs.unknown(scene) if denied and denied.value is False else None


def _said_wrong(scene: Scene, turn: Turn, heard: Heard) -> Outcome | None:
    """「違います」 that answers no question: which answer is meant?"""
    patterns, said = scene.world.knowledge.repairs.patterns, END.sub("", plain(turn.text))
    if scene.frame.values and (patterns["wrong"].fullmatch(said) or patterns["correct"].search(said)):
        return repairs.which(scene)
    return None


HANDLERS: tuple[Handler, ...] = (
    _said_operation,
    _said_yes_or_no,
    _after_the_end,
    _corrected,
    _switched,
    _asked_about_the_scheme,
    _answered,
    _gone_without,
    _said_wrong,
    _small_talk,
)


def _about_the_scheme(scene: Scene, turn: Turn) -> bool:
    limits, best = scene.world.knowledge.thresholds, turn.sure
    asks = turn.intent == "ask" and turn.confidence >= limits.intent_at
    return best >= limits.answer_at or (asks and best >= limits.clarify_at and _is_question(scene, turn))


def _is_question(scene: Scene, turn: Turn) -> bool:
    return bool(scene.world.knowledge.repairs.patterns["question"].search(END.sub("", plain(turn.text))))


def _aside(scene: Scene, turn: Turn) -> Outcome:
    """The answer from the knowledge, then the open question once more."""
    messages, talk = answer_turn(turn, scene.world.knowledge)
    if scene.frame.stage == "done":
        return Outcome(messages, scene.state, True, talk)
    again = go_on(scene.state, scene.world, say(scene.world, "back_to_question"), messages)
    return Outcome(again.messages, again.state, again.open, talk)


def _not_read(scene: Scene) -> Outcome:
    """Nothing fits: once more, then in another way with an example, then a person."""
    tries = scene.frame.tries + 1
    scene = with_frame(scene, scene.frame.but(tries=tries))
    question = question_for(scene.plan, scene.frame.asked)
    if tries < 3:
        lead = (question and question.first.unread) or say(scene.world, "not_read")
        return repeat(scene, lead if tries == 1 else say(scene.world, "not_read_again"), again=tries > 1)
    can_skip = question is not None and all(item.typical or item.optional for item in question.fields)
    labels = scene.world.knowledge.repairs.labels
    way_on = [reply.choice(labels["skip"], {"type": "op", "op": "unknown"})] if can_skip else []
    ways = [asking.person_choice(scene.world), *way_on, reply.choice(labels["stop"], {"type": "op", "op": "stop"})]
    outcome = repeat(scene, say(scene.world, "not_read_person" if can_skip else "not_read_person_needed"), again=True)
    *rest, last = outcome.messages
    others = [choice for choice in last["choices"] if choice not in ways]
    return Outcome([*rest, {**last, "choices": [*ways, *others]}], outcome.state, True)

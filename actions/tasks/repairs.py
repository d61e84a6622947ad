"""The repairs that every task has: 戻る, なぜ, わからない, やめる, 続きから, 訂正, a person."""

from __future__ import annotations

from collections.abc import Callable

from actions import reply
from actions.readers.common import kana, plain
from actions.tasks import asking
from actions.tasks.asking import say
from actions.tasks.hearing import Heard, hear_again, takes_back
from actions.tasks.moving import accept, go_on, proceed, put, repeat, with_frame
from actions.tasks.planning import Question, question_for, scene_of
from actions.tasks.state import Frame, Given, State
from actions.tasks.world import Outcome, Scene, World
from actions.turn import Turn
from knowledge.schema_tasks import TaskField

SHORT = 24


def back(scene: Scene) -> Outcome:
    """The question before this one, with the answer it had."""
    frame = scene.frame.settled()
    groups = list(frame.history)
    while groups and not any(scene.plan.get(name) for name in groups[-1]):
        groups.pop()
    if not groups:
        return repeat(with_frame(scene, frame), say(scene.world, "first_question"))
    names = groups.pop()
    old = "、".join(asking.shown_of(frame.values[name], scene.world) for name in names if name in frame.values)
    state = scene.state.with_top(frame.without(names).but(history=tuple(groups), stage="asking", asked=names))
    lead = say(scene.world, "went_back") + (say(scene.world, "went_back_answer", shown=old) if old else "")
    again = scene_of(state, scene.world)
    question = question_for(again.plan, names) if again else None
    return put(again, question, lead) if again and question else proceed(state, scene.world, lead)


def why(scene: Scene) -> Outcome:
    """The reason with its source, then the question again."""
    question = question_for(scene.plan, scene.frame.asked)
    if question is None:
        return repeat(scene)
    return repeat(scene, before=[asking.why_message(scene, question)])


def unknown(scene: Scene) -> Outcome:
    """A typical value as a marked assumption, or on without it, or how to find out."""
    question = question_for(scene.plan, scene.frame.asked)
    if question is None:
        return repeat(scene)
    given = {item.id: found for item in question.fields if (found := _instead(item))}
    if len(given) < len(question.fields):
        return _needed(scene, question)
    assumed = "、".join(dict.fromkeys(g.shown for g in given.values() if g.assumed))
    lead = say(scene.world, "assumed", shown=assumed) if assumed else say(scene.world, "gone_without")
    return accept(scene, given, lead)


def stop(scene: Scene) -> Outcome:
    """Ends the talk about tasks and says what is kept."""
    if scene.frame.stage == "done" and len(scene.state.stack) == 1:
        return Outcome([asking.notice(say(scene.world, "closed"))], scene.state.popped(), False)
    kept = asking.kept_shown(scene.plan, scene.frame.values, scene.world)
    names = [asking.title(scene.world, frame.task) for frame in reversed(scene.state.stack)]
    name = "」と「".join(names)
    text = say(scene.world, "stopped", title=name, kept=kept) if kept else say(scene.world, "stopped_empty", title=name)
    fresh = {frame.task for frame in scene.state.stack}
    parked = (*(f for f in scene.state.parked if f.task not in fresh), *scene.state.stack)
    resume_it = reply.choice(
        scene.world.knowledge.repairs.labels["resume"], {"type": "task", "task": scene.task.id, "op": "resume"}
    )
    said = asking.notice(text, choices=[resume_it, asking.person_choice(scene.world)])
    return Outcome([said], scene.state.but(stack=(), parked=parked), False)


def resume(state: State, world: World) -> Outcome:
    """The stopped tasks again; with none, says so."""
    if state.top and state.top.stage != "done":
        return go_on(state, world, say(world, "already", title=asking.title(world, state.top.task)))
    if state.top and not state.parked:
        return Outcome([reply.phrase(world.knowledge, "nothing_open")], state, True)
    parked = tuple(frame for frame in state.parked if frame.task in world.knowledge.tasks)
    state = state.but(parked=())
    if not parked:
        return Outcome([reply.phrase(world.knowledge, "nothing_open")], state.but(stack=()), False)
    if state.top:
        state = state.popped()
    state = state.but(stack=parked)
    scene = scene_of(state, world)
    assert scene is not None
    kept = asking.kept_shown(scene.plan, scene.frame.values, world)
    lead = (
        say(world, "resumed_with", title=scene.task.title, kept=kept)
        if kept
        else say(world, "resumed", title=scene.task.title)
    )
    return repeat(scene, lead)


def restart(scene: Scene) -> Outcome:
    """The same task from its first question."""
    return proceed(scene.state.with_top(Frame(task=scene.task.id)), scene.world, say(scene.world, "restarted"))


def which(scene: Scene) -> Outcome:
    """Asks which answer is to be corrected."""
    if not any(item.id in scene.frame.values for item in scene.plan.fields):
        return repeat(scene, say(scene.world, "nothing_to_correct"))
    return Outcome([asking.which_message(scene)], scene.state, True)


def edit(scene: Scene, name: str) -> Outcome:
    """Asks for one fact anew, whether it was asked before or not."""
    item = scene.plan.get(name)
    question = question_for(scene.plan, [name])
    if item is None or question is None:
        return which(scene)
    old = scene.frame.values.get(name)
    lead = say(scene.world, "went_back_answer", shown=asking.shown_of(old, scene.world)) if old else ""
    frame = scene.frame.settled().but(editing=True)
    return put(with_frame(scene, frame), question, lead)


def correct(scene: Scene, heard: Heard) -> Outcome:
    """New values for facts that were known, and the result or the open question again."""
    answers = {name: Given.of(reading) for name, reading in heard.items()}
    labels = {item.id: item.label for item in scene.plan.fields}
    lead = "".join(
        say(scene.world, "corrected", label=labels[name], shown=given.shown)
        for name, given in answers.items()
        if name in labels and given.shown
    )
    frame = scene.frame.settled().but(editing=True)
    return accept(with_frame(scene, frame), answers, lead, tell=True)


def corrected(scene: Scene, turn: Turn, answers: Heard) -> Outcome | None:
    """A correction in words: 「さっきのは間違い、2年前」「やっぱり4万kWh」; None when the text is none."""
    if not says_so(scene, turn.text, answers):
        return None
    heard = {n: r for n, r in hear_again(scene, turn, said_so=True).items() if r.sure >= 0.5 and not r.options}
    known = {name: reading for name, reading in heard.items() if name in scene.frame.values}
    if known:
        return correct(scene, heard)
    named = _named(scene, turn.text)
    return edit(scene, named) if named else None


def _named(scene: Scene, text: str) -> str | None:
    """The one answer that a short message calls wrong by its name: 「メールを間違えた」."""
    said = kana(text)
    if len(said) > SHORT:
        return None
    known = [item for item in scene.plan.fields if item.id in scene.frame.values and not item.on_request]
    found = [item.id for item in known if any(kana(name) in said for name in [item.label, *item.called])]
    return found[0] if len(found) == 1 else None


def says_so(scene: Scene, text: str, answers: Heard) -> bool:
    """Whether the text takes something back; 「リースではなく購入」 does so only where it is no answer by itself."""
    patterns = scene.world.knowledge.repairs.patterns
    if patterns["correct"].search(text) or scene.task.says("change").search(plain(text)):
        return True
    if not patterns["instead"].search(text):
        return False
    return not any(name in answers for name in scene.frame.asked) or takes_back(scene, text)


def keep(scene: Scene) -> Outcome:
    """Nothing is corrected after all."""
    return repeat(scene, say(scene.world, "kept"))


def operations() -> dict[str, Callable[[Scene], Outcome]]:
    """What words and buttons of that name do in an open task."""
    return {
        "back": back,
        "why": why,
        "unknown": unknown,
        "stop": stop,
        "restart": restart,
        "correct": which,
        "wrong": which,
        "keep": keep,
    }


def _instead(item: TaskField) -> Given | None:
    """What stands in for an answer that nobody knows."""
    if item.typical:
        return Given(value=item.typical.value, shown=item.typical.shown, sure=0.5, assumed=item.typical.text)
    return Given(value=None, shown="", sure=0.0) if item.optional else None


def _needed(scene: Scene, question: Question) -> Outcome:
    """Nothing can stand in: how to find out, and the ways out."""
    how = next((item.how_to_find for item in question.fields if item.how_to_find), None)
    lead = say(scene.world, "needed_find", how=how.rstrip("。")) if how else say(scene.world, "needed")
    outcome = repeat(scene, lead)
    labels = scene.world.knowledge.repairs.labels
    ways = [asking.person_choice(scene.world), reply.choice(labels["stop"], {"type": "op", "op": "stop"})]
    *rest, last = outcome.messages
    new = [way for way in ways if way not in last["choices"]]
    return Outcome([*rest, {**last, "choices": [*last["choices"], *new]}], outcome.state, True)

"""What comes next: the following question, the summary, the result, or the task below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions.tasks import asking
from actions.tasks.asking import left_empty, say
from actions.tasks.hearing import SURE, Heard
from actions.tasks.logic import applicable, logic_of
from actions.tasks.planning import Question, next_question, question_for, scene_of
from actions.tasks.state import Frame, Given, State
from actions.tasks.world import Outcome, Scene, World
from actions.turn import Reply
from core.errors import InvalidInput

Messages = Sequence[Reply]


def proceed(state: State, world: World, lead: str = "", before: Messages = (), *, tell: bool = False) -> Outcome:
    """Asks what is open; with nothing open, confirms or finishes. `tell`: the lead is said before a result, too."""
    scene = scene_of(state, world)
    if scene is None:
        return Outcome(before, state.but(stack=()), False)
    question = next_question(scene.plan, scene.frame)
    if question is not None:
        return put(scene, question, lead, before)
    if scene.task.confirm and scene.plan.confirm and scene.frame.stage != "confirmed":
        scene = with_frame(scene, scene.frame.but(stage="confirming", asked=()))
        return Outcome([*before, asking.summary_message(scene, lead)], scene.state, True)
    return finish(scene, [*before, asking.notice(lead)] if tell and lead else before)


def put(scene: Scene, question: Question, lead: str = "", before: Messages = (), *, again: bool = False) -> Outcome:
    """Puts this question."""
    scene = with_frame(scene, scene.frame.but(asked=question.ids, stage="asking"))
    return Outcome([*before, asking.question_message(scene, question, lead, again=again)], scene.state, True)


def repeat(scene: Scene, lead: str = "", before: Messages = (), *, again: bool = False) -> Outcome:
    """The open question once more, in whatever form it stands."""
    frame = scene.frame
    question = question_for(scene.plan, frame.asked)
    if question and frame.unsure:
        return Outcome([*before, asking.unsure_message(scene, question, lead)], scene.state, True)
    if question and frame.options:
        return Outcome([*before, asking.options_message(scene, question, lead)], scene.state, True)
    if question:
        return put(scene, question, lead, before, again=again)
    if frame.stage == "done":
        return Outcome(before or [asking.notice(lead)], scene.state, True)
    return proceed(scene.state, scene.world, lead, before)


def accept(scene: Scene, answers: Mapping[str, Given], lead: str = "", *, tell: bool = False) -> Outcome:
    """Keeps answers and goes on."""
    frame = scene.frame
    answered = tuple(name for name in frame.asked if name in answers)
    history = frame.history if frame.editing or not answered else (*frame.history, answered)
    stage = "asking" if frame.stage in ("done", "confirming", "confirmed") else frame.stage
    frame = frame.with_values(answers).settled().but(history=history, stage=stage)
    return proceed(scene.state.with_top(frame), scene.world, lead, tell=tell)


def take(scene: Scene, heard: Heard, lead: str = "") -> Outcome:
    """Keeps what was heard for sure; asks back for the rest of it."""
    question = question_for(scene.plan, scene.frame.asked)
    options = next((r.options for name, r in heard.items() if r.options and name in scene.frame.asked), ())
    sure = {name: Given.of(r) for name, r in heard.items() if r.sure >= SURE and not r.options}
    unsure = {name: Given.of(r) for name, r in heard.items() if r.sure < SURE and not r.options}
    if question and options and not any(name in sure for name in question.ids):
        frame = scene.frame.with_values(sure).but(
            options=tuple(o.model_dump(include={"label", "value"}) for o in options)
        )
        scene = with_frame(scene, frame)
        return Outcome([asking.options_message(scene, question, lead)], scene.state, True)
    if question and unsure and any(name in unsure for name in question.ids):
        scene = with_frame(scene, scene.frame.with_values(sure).but(unsure=unsure))
        return Outcome([asking.unsure_message(scene, question, lead)], scene.state, True)
    return accept(scene, sure, lead or echo(scene, sure))


def echo(scene: Scene, answers: Mapping[str, Given]) -> str:
    """What was understood, said back."""
    told = [item for item in scene.plan.fields if item.id in answers and not left_empty(item, answers[item.id])]
    shown = [(item.label, answers[item.id].shown) for item in told if answers[item.id].shown]
    if not shown:
        return ""
    if len(shown) == 1:
        return say(scene.world, "echo_one", label=shown[0][0], shown=shown[0][1])
    return say(scene.world, "echo", shown="、".join(f"{label} {value}" for label, value in shown))


def finish(scene: Scene, before: Messages = ()) -> Outcome:
    """The result; then the task below goes on, or the result stays open to what-ifs."""
    values = applicable(scene.plan, scene.frame.values)
    try:
        done = logic_of(scene.task.id).finish(scene.task, values, scene.world)
    except InvalidInput as error:
        return _refused(scene, error, before)
    said = [*before, *done.messages]
    if done.next_values is not None:
        again = Frame(task=scene.task.id, values=dict(done.next_values))
        return proceed(scene.state.with_top(again), scene.world, before=said)
    frame = Frame(task=scene.task.id) if done.forget else scene.frame.settled()
    state = scene.state.with_top(frame.but(stage="done", asked=()))
    if len(state.stack) > 1:
        state = state.popped()
        lead = say(scene.world, "returned", title=asking.title(scene.world, state.stack[-1].task))
        return go_on(state, scene.world, lead, said)
    if scene.task.after == "close":
        return Outcome(said, state.popped(), False)
    return Outcome(said, state, True)


def go_on(state: State, world: World, lead: str, before: Messages = ()) -> Outcome:
    """The top task from where it stood."""
    scene = scene_of(state, world)
    if scene is None:
        return Outcome(before, state.but(stack=()), False)
    return repeat(scene, lead, before)


def with_frame(scene: Scene, frame: Frame) -> Scene:
    """The scene with another frame on top; its plan stays."""
    return Scene(scene.state.with_top(frame), frame, scene.task, scene.plan, scene.world)


def _refused(scene: Scene, error: InvalidInput, before: Messages) -> Outcome:
    """Says what does not fit and asks for it again; a result that cannot be had leaves correcting and a person."""
    names = [name for name in error.fields if scene.plan.get(name)]
    question = question_for(scene.plan, names)
    if question is None:
        scene = with_frame(scene, scene.frame.but(stage="confirming", asked=()))
        lead = say(scene.world, "cannot_finish", reason=error.message)
        summary = asking.summary_message(scene, lead)
        return Outcome(
            [*before, {**summary, "choices": [*summary["choices"][1:], asking.person_choice(scene.world)]}],
            scene.state,
            True,
        )
    tries = scene.frame.tries + 1
    scene = with_frame(scene, scene.frame.without(names).but(tries=tries))
    lead = "\n".join(dict.fromkeys(error.fields[name] for name in names))
    return put(scene, question, lead, before, again=tries > 1)

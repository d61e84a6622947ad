"""What a text or a button answers: the open question first, then whatever else the person said by the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.readers import numbers
from actions.readers.common import Reading, kana
from actions.readers.registry import READERS
from actions.tasks.asking import NONE_OF_THESE
from actions.tasks.logic import field_shown, logic_of
from actions.tasks.planning import Question
from actions.tasks.state import Given
from actions.tasks.world import Scene
from actions.turn import Turn
from knowledge.schema_tasks import Option, TaskField

CLAUSE = re.compile(r"[、。,，\n!！]|(?<=て)、|(?<=で)、")
TOPIC = re.compile(r"^.*[はがをも、]")
SELF_EVIDENT = ("email", "tel")
WORDY = ("text", "organisation", "person")
SURE = 0.5
"""Below this an answer is asked back before it counts."""

Heard = dict[str, Reading]


def hear(scene: Scene, turn: Turn, question: Question | None) -> Heard:
    """All that the text answers, by field: what the task's own ears find wins over the single readers."""
    own = logic_of(scene.task.id).hear(scene.task, turn, scene.frame, scene.world)
    asked = _asked(scene, turn.text, question, own) if question else {}
    return {**_besides(by_the_way(scene, turn.text, question), {**asked, **own}), **asked, **own}


def also_said(scene: Scene, text: str, heard: Heard) -> Heard:
    """What a message says about fields that only came up because of its other answers."""
    return _besides(by_the_way(scene, text, None), heard)


def _besides(more: Heard, heard: Heard) -> Heard:
    """What was said by the way, without amounts and names that are answers already."""
    taken = {reading.value for reading in heard.values() if isinstance(reading.value, str)}
    return {name: reading for name, reading in more.items() if _hashable(reading.value) not in taken}


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str) else None


def _asked(scene: Scene, text: str, question: Question, own: Heard) -> Heard:
    """The open question's answer; where the task heard a part of it, only what follows from that part."""
    known = {name: reading for name, reading in own.items() if name in question.ids}
    return _said_by_another(scene, text, question, known) if known else hear_question(scene, text, question)


def hear_question(scene: Scene, text: str, question: Question) -> Heard:
    """The answer to the open question."""
    if scene.frame.options and (found := _near(scene, text, question.first)):
        return {question.first.id: found}
    if question.type == "checks" and question.bundle:
        return _ticked(scene, text, question)
    if len(question.fields) > 1:
        return _several(scene, text, question)
    found = read_field(scene, question.first, text)
    return {question.first.id: found} if found else {}


def read_field(scene: Scene, item: TaskField, text: str) -> Reading | None:
    """The text as an answer to this field: one of its choices, else what its reader makes of it."""
    context = scene.world.context(item, scene.frame.values)
    if (
        item.choices
        and item.reads_with != "choice"
        and (chosen := READERS["choice"](text, context))
        and chosen.sure >= SURE
    ):
        return chosen
    return READERS[item.reads_with](text, context)


def by_the_way(scene: Scene, text: str, question: Question | None) -> Heard:
    """Facts that were not asked for but said: by the field's cue words, or because they can be nothing else."""
    asked = question.ids if question else ()
    found: Heard = {}
    for item in scene.plan.fields:
        if item.id in asked or item.id in scene.frame.values:
            continue
        if reading := _cued(scene, item, text):
            found[item.id] = reading
    return found


def hear_again(scene: Scene, turn: Turn, *, said_so: bool) -> Heard:
    """New values for facts that are known already: by role, by cue or label, else the latest that fits."""
    known = [item for item in scene.plan.fields if item.id in scene.frame.values]
    text = _after_instead(scene, turn.text)
    own = logic_of(scene.task.id).hear(scene.task, replace(turn, text=text), scene.frame, scene.world)
    found = {name: reading for name, reading in own.items() if scene.plan.get(name)}
    for item in known:
        if item.id not in found and (
            reading := _cued(scene, item, text) or (_labelled(scene, item, text) if said_so else None)
        ):
            found[item.id] = reading
    if found or not said_so:
        return found
    return _latest(scene, turn.text)


def hear_choice(scene: Scene, ref: Mapping[str, Any]) -> dict[str, Given] | None:
    """The answers of a pressed button or of ticked boxes; None when they belong to another question."""
    refs = list(ref["refs"]) if ref.get("type") == "many" else [ref]
    if any(one.get("type") != "field" for one in refs):
        return None
    asked = scene.frame.asked
    if not refs or any(one.get("field") not in asked for one in refs):
        return None
    items = [scene.plan.get(name) for name in asked]
    if all(item and item.box for item in items) and len(items) >= 1:
        ticked = (
            {} if any(one.get("value") == NONE_OF_THESE for one in refs) else {r["field"]: r["value"] for r in refs}
        )
        return {item.id: _box(item, item.id in ticked) for item in items if item and item.box}
    answers = {}
    for one in refs:
        item = scene.plan.get(one["field"])
        if item is None or not _offered(scene, item, one.get("value")):
            return None
        answers[item.id] = Given(value=one["value"], shown=_label(scene, item, one["value"]))
    return answers


def clauses(text: str) -> list[str]:
    """The parts of a message between commas and full stops."""
    return [part.strip() for part in CLAUSE.split(text) if part.strip()]


def _offered(scene: Scene, item: TaskField, value: Any) -> bool:
    return any(o.value == value for o in item.choices) or any(o["value"] == value for o in scene.frame.options)


def _label(scene: Scene, item: TaskField, value: Any) -> str:
    near = next((o["label"] for o in scene.frame.options if o["value"] == value), None)
    return near or field_shown(item, value)


def _near(scene: Scene, text: str, item: TaskField) -> Reading | None:
    options = [Option(label=o["label"], value=o["value"]) for o in scene.frame.options]
    found = READERS["choice"](text, scene.world.choosing(options))
    return found if found and found.sure >= SURE else None


def _cued(scene: Scene, item: TaskField, text: str) -> Reading | None:
    if item.reads_with in SELF_EVIDENT and item.id not in scene.frame.asked:
        return read_field(scene, item, text)
    if item.cue is None:
        return None
    for part in clauses(text):
        if item.cue.search(part) and (reading := read_field(scene, item, part)) and reading.sure >= SURE:
            return reading
    return None


def _labelled(scene: Scene, item: TaskField, text: str) -> Reading | None:
    label = kana(item.label)
    if label not in kana(text):
        return None
    at = kana(text).index(label) + len(label)
    rest = re.sub(r"^(は|を|が|：|:|、|\s)+", "", text[at:]) if len(kana(text)) == len(text) else text
    return read_field(scene, item, rest or text)


def _latest(scene: Scene, text: str) -> Heard:
    """The answer given last that can be what the text says; one that the text takes back comes first."""
    known = _known(scene)
    taken_back = _taken_back(scene, text, known)
    said = _after_instead(scene, text)
    correct = scene.world.knowledge.repairs.patterns["correct"]
    rest = "、".join(part for part in clauses(said) if not correct.search(part))
    for item in [*taken_back, *known]:
        for part in dict.fromkeys((rest, said)):
            reading = read_field(scene, item, part) if part else None
            if reading and reading.sure >= SURE and _new(scene, item.id, reading):
                return {item.id: reading}
    return {}


def _taken_back(scene: Scene, text: str, known: Sequence[TaskField]) -> list[TaskField]:
    """The answers that 「6万じゃなくて」 names by their value."""
    head, *rest = scene.world.knowledge.repairs.patterns["instead"].split(text)
    if not rest:
        return []
    readings = [(item, read_field(scene, item, head)) for item in known]
    return [item for item, reading in readings if reading and not _new(scene, item.id, reading)]


def takes_back(scene: Scene, text: str) -> bool:
    """Whether the text names a known answer to take it back."""
    return bool(_taken_back(scene, text, _known(scene)))


def _known(scene: Scene) -> list[TaskField]:
    """The answered fields, the latest first; free text is left out, since it can be anything."""
    known = [item for item in scene.plan.fields if item.id in scene.frame.values and item.reads_with not in WORDY]
    places = {item.id: place for place, item in enumerate(scene.plan.fields)}
    return sorted(known, key=lambda item: (scene.frame.values[item.id].at, places[item.id]), reverse=True)


def _new(scene: Scene, name: str, reading: Reading) -> bool:
    """A yes or no that says nothing new is no correction."""
    return bool(reading.value != scene.frame.values[name].value)


def _after_instead(scene: Scene, text: str) -> str:
    """「前は19万じゃなくて18万」 → 「前は18万」."""
    head, *rest = scene.world.knowledge.repairs.patterns["instead"].split(text)
    said = next((part for part in reversed(rest) if part and part.strip()), None)
    if said is None:
        return text
    kept = TOPIC.match(head)
    return (kept[0] if kept else "") + said


def _several(scene: Scene, text: str, question: Question) -> Heard:
    """Answers given in one breath: by cue words, else in the order in which they were asked."""
    found = {item.id: reading for item in question.fields if (reading := _cued(scene, item, text))}
    if found and len(found) == len(question.fields):
        return found
    first = question.first
    if first.reads_with != "number":
        return found or _one_each(scene, text, question)
    readings = numbers.read_all(text, scene.world.context(first))
    rest = [item for item in question.fields if item.id not in found]
    left = [r for r in readings if r.value not in {f.value for f in found.values()}]
    if len(left) == 1 and not found and question.bundle and question.bundle.one_for_all:
        return {item.id: left[0] for item in rest}
    found |= {item.id: reading for item, reading in zip(rest, left, strict=False) if _fits(scene, item, reading)}
    return {**found, **_said_by_another(scene, text, question, found)}


def _said_by_another(scene: Scene, text: str, question: Question, found: Heard) -> Heard:
    """「20万kWhが半分に」: an amount that is told by the other one."""
    known = {**scene.frame.values, **{name: Given.of(reading) for name, reading in found.items()}}
    more: Heard = {}
    for item in question.fields:
        if found and item.id not in found and item.reads_with != "number":
            reading = READERS[item.reads_with](text, scene.world.context(item, known))
            if reading and reading.value not in {r.value for r in found.values()}:
                more[item.id] = reading
    return more


def _fits(scene: Scene, item: TaskField, reading: Reading) -> bool:
    """Whether the amount's unit is of the kind that is asked for."""
    return numbers.fits(reading, item.unit, item.accepts)


def _one_each(scene: Scene, text: str, question: Question) -> Heard:
    parts = clauses(text)
    if len(parts) != len(question.fields):
        return {}
    pairs = [(item, read_field(scene, item, part)) for item, part in zip(question.fields, parts, strict=True)]
    return {item.id: reading for item, reading in pairs if reading}


def _ticked(scene: Scene, text: str, question: Question) -> Heard:
    """The boxes that the words name; the others are left empty. Nothing when no word fits."""
    bundle = question.bundle
    assert bundle is not None
    options = [Option(label=i.box.label, value=i.id, words=i.box.words) for i in question.fields if i.box]
    named = {name for part in clauses(text) for name in _named(scene, part, options)}
    none = any(kana(word) in kana(text) for word in [*bundle.none_words, bundle.none or NONE_OF_THESE])
    denied = READERS["yes_no"](text, scene.world.context())
    if not named and not none and not (denied and denied.value is False):
        return {}
    sure = 0.9 if named or none else 0.8
    return {i.id: _box_reading(i, i.id in named, sure) for i in question.fields if i.box}


def _named(scene: Scene, part: str, options: Iterable[Option]) -> list[str]:
    chosen = READERS["choice"](part, scene.world.choosing(list(options)))
    if chosen is None:
        return []
    return [str(option.value) for option in chosen.options] if chosen.options else [str(chosen.value)]


def _box(item: TaskField, ticked: bool) -> Given:
    return Given.of(_box_reading(item, ticked, 1.0))


def _box_reading(item: TaskField, ticked: bool, sure: float) -> Reading:
    assert item.box is not None
    value = item.box.value if ticked else item.box.otherwise
    return Reading(value, sure, field_shown(item, value))

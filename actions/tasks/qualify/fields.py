"""The questions that can still decide, in the order that decides soonest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.tasks.estimate.fields import plan as estimate_plan
from actions.tasks.estimate.inputs import ENERGY
from actions.tasks.qualify.facts import OTHER, Facts
from actions.tasks.qualify.judging import applies, can_change, level, outcome_of
from actions.tasks.qualify.reckoning import estimate_values
from actions.tasks.world import Plan, Values, World
from knowledge.schema_screening import Part, Rule, Verdict
from knowledge.schema_tasks import Bundle, Option, Task, TaskField, Typical, Why

WHO, TOGETHER, AGE, PAYBACK = "C09", "C19", "C04", "C08"
YEARS = "年"


def plan(task: Task, values: Values, world: World) -> Plan:
    """The activity, every answer that counts, and the questions that can still change the verdict."""
    own = {item.id: item for item in task.fields}
    facts = Facts(values, world)
    first = [_activity(own["activity"], task, facts), own["application_date"]]
    if facts.value("activity") in (None, ENERGY):
        return Plan(first)
    reached = level(facts)
    rules = list(_in_order(facts))
    wanted = {rule.id for rule in rules if reached != "unlikely" and _is_wanted(rule, facts, reached)}
    if TOGETHER in wanted and not any(rule.bundle == "checks" and rule.id in wanted - {TOGETHER} for rule in rules):
        wanted.discard(TOGETHER)
    fields = [item for rule in rules for item in _fields_of(rule, facts, asked=rule.id in wanted)]
    return Plan([*first, *fields, *_amounts(facts, {item.id for item in fields})], _bundles(task, facts))


def _in_order(facts: Facts) -> Iterable[Rule]:
    """The rules that are asked, in the order of common.yaml."""
    common = {rule.id: rule for rule in facts.book.common.rules}
    own = [rule for rule in (facts.own.rules if facts.own else []) if rule.is_asked]
    for name in facts.book.common.order:
        if name in common:
            yield common[name]
        else:
            yield from (rule for rule in own if rule.excludes == (name == "own.excluding"))


def _is_wanted(rule: Rule, facts: Facts, reached: Verdict) -> bool:
    """It can change the verdict; or it decides the way to go: a home, or several small ones together."""
    if rule.id == WHO:
        return not facts.given(WHO) and bool(facts.own and facts.own.home)
    if rule.id == TOGETHER:
        return not facts.given(TOGETHER) and not facts.at_home
    if rule.needed_when and outcome_of(rule, facts) is None and facts.holds(rule.needed_when, {}):
        return True
    return can_change(rule, facts, reached)


def _fields_of(rule: Rule, facts: Facts, *, asked: bool) -> list[TaskField]:
    """The rule's fields; those that are not needed only take what is said unasked."""
    if not applies(rule, facts):
        return []
    if rule.parts:
        return _part_fields(rule, facts, asked=asked)
    field = _field(rule, facts)
    return [field if asked or facts.given(rule.id) else _by_the_way(field)]


def _part_fields(rule: Rule, facts: Facts, *, asked: bool) -> list[TaskField]:
    """The numbers of a rule: those that were given, and while it is open the others."""
    if facts.given(rule.id):
        return [_direct(rule)]
    found = []
    for part in rule.parts:
        field, given = _part(rule, part, facts), facts.given(f"{rule.id}.{part.id}")
        if given or (asked and not facts.given(part.id) and _is_open(rule, part, facts)):
            found.append(field)
        elif not facts.given(part.id):
            found.append(_by_the_way(field))
    return found


def _by_the_way(field: TaskField) -> TaskField:
    """Never asked, but heard when somebody says it."""
    return field.model_copy(update={"on_request": True})


def _is_open(rule: Rule, part: Part, facts: Facts) -> bool:
    """The useful life is in the table and the subsidy may be none: they are asked along with the others only."""
    if rule.id == AGE and part.id == "useful_life":
        return not facts.given("C04.age") or facts.useful_life() is None
    if rule.id == PAYBACK and part.id == "subsidy":
        return not facts.given("C10") and not (facts.given("C08.capex") and facts.given("C08.saving"))
    return True


def _field(rule: Rule, facts: Facts) -> TaskField:
    """A rule as a question. One whose box only leads to it is asked by itself."""
    led = rule.opens is not None and facts.value(rule.id) == rule.opens
    box = None if led or rule.bundle is None else rule.box
    return TaskField(
        id=rule.id,
        label=rule.label,
        ask=rule.ask or rule.label,
        again=rule.again,
        type="checks" if box else rule.type,
        unit=rule.unit,
        choices=rule.choices,
        box=box,
        bundle=None if led else rule.bundle,
        opens=rule.opens,
        optional=True,
        why=_why(rule.why, rule, facts),
        how_to_find=rule.how_to_find,
    )


def _direct(rule: Rule) -> TaskField:
    """The rule's own number, said instead of its parts: the payback in years."""
    return TaskField(id=rule.id, label=rule.label, ask=rule.label, type="number", unit=YEARS, optional=True)


def _part(rule: Rule, part: Part, facts: Facts) -> TaskField:
    name = f"{rule.id}.{part.id}"
    return TaskField(
        id=name,
        label=part.label,
        ask=part.ask,
        type="number",
        unit=part.unit,
        bundle=rule.bundle,
        cues=part.cues,
        optional=True,
        typical=_typical(facts) if part.id == "useful_life" else None,
        why=_why(rule.why, rule, facts),
        how_to_find=rule.how_to_find,
    )


def _typical(facts: Facts) -> Typical | None:
    found = facts.book.useful_life(facts.methodology_id)
    if found is None:
        return None
    text = facts.world.knowledge.tasks["qualify"].texts["life_assumed"]
    shown = f"{found.years}{YEARS}"
    return Typical(value=f"{found.years} {YEARS}", shown=shown, text=text.format(asset=found.asset, years=found.years))


def _why(text: str | None, rule: Rule, facts: Facts) -> Why | None:
    """The reason of a question with the first source that every part of the house knows."""
    if text is None:
        return None
    known = {*facts.world.knowledge.sources, *facts.world.book.sources}
    source = next((code for code in rule.basis if code in known), None)
    as_of = facts.book.sources[source].as_of or None if source else None
    return Why(text=text, source=source, as_of=as_of, status=rule.status)


def _activity(item: TaskField, task: Task, facts: Facts) -> TaskField:
    """The activity with its everyday names."""
    none = Option(label=task.texts["other"], value=OTHER, words=task.settings["other_words"])
    typical = Typical(value=OTHER, shown=task.texts["other_shown"], text=task.texts["other_assumed"])
    known = facts.value("activity") != OTHER
    return item.model_copy(
        update={"choices": [*item.choices, none], "typical": typical, "opens": ENERGY, "shared": known}
    )


def _amounts(facts: Facts, taken: set[str]) -> list[TaskField]:
    """What was said about amounts for the estimate; never asked."""
    task = facts.world.knowledge.tasks["estimate"]
    if facts.value("activity") == OTHER:
        return []
    fields = estimate_plan(task, estimate_values(facts), facts.world).fields
    return [
        item.model_copy(update={"on_request": True, "bundle": None})
        for item in fields
        if item.id in facts.values and item.id not in taken and item.id != "activity"
    ]


def _bundles(task: Task, facts: Facts) -> Mapping[str, Bundle]:
    """What is asked in one breath; the old equipment's question names the useful life that is taken."""
    found: dict[str, Any] = {**facts.book.common.bundles, **(facts.own.bundles if facts.own else {})}
    life = facts.book.useful_life(facts.methodology_id)
    if life is not None:
        ask = found["old"].ask + task.texts["life_note"].format(asset=life.asset, years=life.years)
        found["old"] = found["old"].model_copy(update={"ask": ask})
    if facts.given("C10"):
        found["amounts"] = found["amounts"].model_copy(update={"ask": task.texts["amounts_without_subsidy"]})
    return found

"""What a message says about a plan: the activity, when, who, subsidies, amounts; and what answers the question."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from actions.readers import dates
from actions.readers.common import Reading
from actions.readers.plain_text import plain_text
from actions.tasks.candidates import candidates_in, label_of
from actions.tasks.estimate.hearing import hear as hear_estimate
from actions.tasks.estimate.inputs import ENERGY
from actions.tasks.hearing import clauses
from actions.tasks.qualify.answers import answers
from actions.tasks.qualify.facts import FUTURE, OTHER, Facts
from actions.tasks.qualify.money import money_said
from actions.tasks.qualify.reckoning import LAMPS_RULE
from actions.tasks.state import Frame, Given
from actions.tasks.world import World
from actions.turn import Turn
from knowledge.factor_units import fold
from knowledge.schema_tasks import Option, Task

Heard = dict[str, Reading]
SAID = 0.85
EARLY = ("activity", "C09", "C01", "C11")
"""While these are asked, a date still is the start; later it may be of the old equipment."""
DATE_ALONE = 12
"""A part of a sentence no longer than this is a date by itself: 「去年の10月に」."""
FROM_THEN = 20
LAMPS = "EN-S-006"
NOT_AMOUNTS = ("activity", "formula", "compare")


def hear(task: Task, turn: Turn, frame: Frame, world: World) -> Heard:
    """All that the message says; what is known already only where the person changes it."""
    text = plain_text(turn.text).text
    facts = Facts(frame.values, world)
    heard = _activity(task, turn, text, frame, world)
    asked = answers(task, text, frame, facts)
    said: Heard = {}
    for find in EARS:
        said |= find(task, text, frame, facts)
    amounts = {} if asked else _amounts(turn, frame, facts, heard)
    return {**_new(said, frame, text, world), **_new(amounts, frame, text, world), **heard, **asked}


def _new(found: Heard, frame: Frame, text: str, world: World) -> Heard:
    """Without what is known, unless the person says that it changes, or the result is there already."""
    patterns = world.knowledge.repairs.patterns
    changes = frame.stage == "done" or patterns["correct"].search(text) or patterns["what_if"].search(text)
    return found if changes else {name: r for name, r in found.items() if name not in frame.values}


def _activity(task: Task, turn: Turn, text: str, frame: Frame, world: World) -> Heard:
    """The methodology that is meant; several are left to choose from, with everyday names."""
    known = frame.values.get("activity")
    if known is not None and known.value != ENERGY and frame.stage != "done" and "activity" not in frame.asked:
        return {}
    found = candidates_in(turn, world, strict=True)
    if frame.options:
        return _one_of(found, frame, world)
    if len(found) != 1 and (run_only := _operation_only(task, text)):
        return run_only
    if not found:
        return {}
    named = {i: label_of(i, world) for i in found}
    if len(found) == 1:
        return {"activity": Reading(found[0], 0.9, named[found[0]])}
    options = tuple(Option(label=label, value=i) for i, label in named.items())
    return {"activity": Reading(None, 0.3, "、".join(named.values()), options=options)}


def _one_of(found: list[str], frame: Frame, world: World) -> Heard:
    """Another word for one of the buttons; where it leaves several open once more, the likeliest."""
    offered = [option["value"] for option in frame.options]
    kept = [i for i in found if i in offered]
    return {"activity": Reading(kept[0], 0.9 if len(kept) == 1 else 0.6, label_of(kept[0], world))} if kept else {}


def _operation_only(task: Task, text: str) -> Heard:
    """Saving by habits alone needs no equipment and no methodology."""
    if (
        not task.says("operation_only").search(text)
        or task.says("renewal").search(text)
        or task.says("new").search(text)
    ):
        return {}
    return {"activity": Reading(OTHER, 0.7, task.texts["other_shown"])}


def _when(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    """When it started or will start, and when the application is planned."""
    heard: Heard = {}
    context, patterns = facts.world.context(), facts.world.knowledge.repairs.patterns
    opening = not frame.asked or frame.asked[0] in EARLY or bool(patterns["correct"].search(text))
    for part in _sentences(text):
        if task.says("application").search(part) and (reading := dates.read(part, context)):
            heard["application_date"] = reading
        elif opening and "C02" not in heard and _is_change(task, part):
            heard |= {"C02": reading} if (reading := dates.read(part, context)) else {}
    if opening and "C02" not in heard and task.says("started").search(text) and not task.says("older").search(text):
        alone = (dates.read(part, context) for part in _sentences(text) if len(part) <= DATE_ALONE)
        heard |= {"C02": reading} if (reading := next((found for found in alone if found), None)) else {}
    if opening and "C02" not in heard:
        heard |= _date_alone(task, text, facts)
    if opening and "C02" not in heard and frame.stage != "done" and task.says("planned").search(text):
        parts = [part for part in _sentences(text) if not task.says("application").search(part)]
        reading = dates.read("、".join(parts), context)
        future = reading is not None and dates.span_of(reading.value)[0] > facts.today
        heard["C02"] = reading if future and reading else Reading(FUTURE, SAID, _label(facts, "C02", FUTURE))
    return heard


def _is_change(task: Task, text: str) -> bool:
    """「来年の4月にボイラーを更新」, but not what is said of the old equipment."""
    changes = any(task.says(name).search(text) for name in ("started", "renewal", "new"))
    return changes and not task.says("older").search(text)


def _date_alone(task: Task, text: str, facts: Facts) -> Heard:
    """「来年10月から。」 as a sentence by itself."""
    for part in _sentences(text):
        alone = len(part) <= FROM_THEN and task.says("from_then").search(part)
        if alone and (reading := dates.read(part, facts.world.context())):
            return {"C02": reading}
    return {}


def _who(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    """A home or a business, and whether several small ones are put together."""
    heard: Heard = {}
    home, business = task.says("home").search(text), task.says("business").search(text)
    if bool(home) != bool(business):
        value = "yes" if home else "no"
        heard["C09"] = Reading(value, SAID, _label(facts, "C09", value))
    if task.says("many_sites").search(text):
        heard["C19"] = _box(facts, "C19", ticked=True)
    elif task.says("one_site").search(text):
        heard["C19"] = _box(facts, "C19", ticked=False)
    return heard


def _renewal(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    if "C03" in frame.asked:
        return {}
    new, renewal = task.says("new").search(text), task.says("renewal").search(text)
    value = "new" if new else "renewal" if renewal else None
    return {"C03": Reading(value, SAID, _label(facts, "C03", value))} if value else {}


def _subsidy(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    """Whether there is a subsidy; a question about subsidies says nothing."""
    about = [part for part in _sentences(text) if task.says("about_subsidy").search(part)]
    parts = [part for part in about if not task.says("asks_subsidy").search(part)]
    for words, value in SUBSIDIES:
        if any(task.says(words).search(part) for part in parts) and (value == "none" or "C10" not in frame.asked):
            return {"C10": Reading(value, SAID, _label(facts, "C10", value))}
    return {}


SUBSIDIES = (("no_registering", "moe_restricted"), ("no_subsidy", "none"), ("subsidy", "national_or_local"))


def _exclusions(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    """What excludes or complicates, said unasked."""
    if any(name in frame.asked for name in ("C01", "C11", "C12", "C13", "C17", "C18")):
        return {}
    heard: Heard = {}
    for name, words in UNASKED.items():
        found = task.says(words).search(text)
        if found and not task.says("not_so").match(text[found.end() :]):
            heard[name] = _box(facts, name, ticked=True)
    if "C17" not in heard and task.says("owned").search(text):
        heard["C17"] = _box(facts, "C17", ticked=False)
    for words, value in (("by_ordinance", "yes_ordinance"), ("by_law", "yes_law")):
        if task.says("duty").search(text) and task.says(words).search(text) and "C13" not in heard:
            heard["C13"] = Reading(value, SAID, _label(facts, "C13", value))
    return heard


UNASKED = {"C01": "abroad", "C11": "elsewhere", "C12": "operation_only", "C17": "lease", "C18": "reporting"}


def _old(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    """The old equipment's age and state, said unasked."""
    if "C04.age" in frame.asked or "C07" in frame.asked or not task.says("old_age").search(text):
        return {}
    return answers(task, text, frame.but(asked=("C04.age", "C07"), stage="asking"), facts)


def _fuels(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    """「重油から都市ガスに」: whether the new fuel gives off less CO2 for the same heat."""
    book, said = facts.world.book, fold(text)
    found: list[tuple[int, str]] = []
    for word in sorted(book.fuel_by_word, key=len, reverse=True):
        at = said.find(word)
        if at >= 0:
            found.append((at, book.fuel_by_word[word]))
            said = said[:at] + "\0" * len(word) + said[at + len(word) :]
    fuels = [name for _, name in sorted(found)]
    if len(fuels) != 2 or not task.says("renewal").search(text):
        return {}
    carbon = [_carbon(name, facts) for name in fuels]
    if fuels[0] == fuels[1] or carbon[0] is None or carbon[1] is None:
        return {}
    value = "to_lower_carbon" if carbon[1] < carbon[0] else "to_higher_carbon"
    return {"S1-1": Reading(value, SAID, task.texts["fuels"].format(before=fuels[0], after=fuels[1]))}


def _carbon(fuel: str, facts: Facts) -> Decimal | None:
    """The carbon in a unit of heat, by the first set that knows the fuel."""
    sets = sorted(
        (s for s in facts.world.book.fuel_sets if s.rank is not None), key=lambda s: (s.rank or 0, -s.span[1])
    )
    return next((s.fuels[fuel].cef for s in sets if fuel in s.fuels and s.fuels[fuel].cef is not None), None)


def _money(task: Task, text: str, frame: Frame, facts: Facts) -> Heard:
    """Amounts of money that say themselves what they are."""
    return money_said(task, text, in_order=False)


def _amounts(turn: Turn, frame: Frame, facts: Facts, heard: Heard) -> Heard:
    """Amounts for the estimate, under the names of the open questions."""
    activity = heard["activity"].value if "activity" in heard else facts.value("activity")
    if activity in (None, OTHER) or frame.asked[:1] == ("C02",):
        return {}
    estimate = facts.world.knowledge.tasks["estimate"]
    values = {"activity": Given(value=activity, shown="")}
    found = hear_estimate(estimate, turn, Frame(task="estimate", values=values), facts.world)
    found = {name: reading for name, reading in found.items() if name not in NOT_AMOUNTS and reading.sure >= 0.5}
    if activity == LAMPS:
        parts = {part.id for rule in facts.book.sets[LAMPS].rules if rule.id == LAMPS_RULE for part in rule.parts}
        found = {f"{LAMPS_RULE}.{name}" if name in parts else name: reading for name, reading in found.items()}
    return found


def _sentences(text: str) -> list[str]:
    return [part for part in clauses(text) if part] or [text]


def _label(facts: Facts, rule_id: str, value: object) -> str:
    rule = next(rule for rule in facts.book.common.rules if rule.id == rule_id)
    return next((option.label for option in rule.choices if option.value == value), str(value))


def _box(facts: Facts, rule_id: str, *, ticked: bool) -> Reading:
    rule = next(rule for rule in facts.book.common.rules if rule.id == rule_id)
    assert rule.box is not None
    return Reading(
        rule.box.value if ticked else rule.box.otherwise,
        SAID,
        facts.world.knowledge.tasks["qualify"].texts["ticked" if ticked else "unticked"],
    )


Ear = Callable[[Task, str, Frame, Facts], Heard]
EARS: tuple[Ear, ...] = (_when, _who, _renewal, _subsidy, _exclusions, _old, _fuels, _money)

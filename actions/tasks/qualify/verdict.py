"""The verdict: told in words, with its reasons and sources, what to do next, and the case that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import reply
from actions.calculator import Estimate
from actions.tasks.estimate.calculation import tonnes
from actions.tasks.estimate.fields import plan as estimate_plan
from actions.tasks.qualify.facts import OTHER, Facts
from actions.tasks.qualify.judging import ORDER, Finding, applies, finding, outcome_of, worst
from actions.tasks.qualify.names import shown
from actions.tasks.qualify.reckoning import estimate_values, reduction
from actions.tasks.state import Given
from actions.tasks.world import Finish, Values, World
from knowledge.schema_screening import Rule, Verdict
from knowledge.schema_tasks import Task

MOST_SOURCES = 4


def finish(task: Task, values: Values, world: World) -> Finish:
    """The verdict's message."""
    facts = Facts(values, world)
    found = sorted(_findings(facts), key=lambda item: -ORDER.index(item.verdict))
    verdict = worst(item.verdict for item in found)
    estimate = reduction(facts)
    card = _card(task, facts, found, verdict, estimate)
    text = _text(task, facts, found, card, estimate)
    sources = [_source(facts, item.rule) for item in _decisive(found, verdict)]
    return Finish(
        [
            reply.message(
                "verdict",
                text,
                knowledge=card["methodology_ids"],
                sources=_distinct(sources)[:MOST_SOURCES],
                choices=_buttons(task, facts, found, verdict, estimate),
                card=card,
                command={"type": "case", "kind": "verdict", "data": {**card, **_kept(facts, found)}},
            )
        ]
    )


def _findings(facts: Facts) -> list[Finding]:
    """What the rules say, and that nothing more is known where a methodology has no rules of its own."""
    found = [item for rule in facts.rules if (item := finding(rule, facts))]
    return found if facts.own else [*found, _no_own_rules(facts)]


def _no_own_rules(facts: Facts) -> Finding:
    logic = facts.book.logic
    text = logic.no_own_rules if facts.methodology else logic.no_methodology
    name = facts.methodology_id or "methodology"
    basis = facts.methodology.sources if facts.methodology else ["M1"]
    rule = Rule.model_construct(id=name, label=name, status="reference", basis=basis[:1], computed=True, outcomes=[])
    return Finding(rule, "needs_check", text, next=text)


def project_form(facts: Facts, estimate: Estimate | None) -> str:
    """normal, program or either, from who it is, how many sites and how much."""
    logic, together = facts.book.logic, facts.value("C19")
    if facts.at_home or together == "yes":
        return "program"
    if estimate is not None and 0 < estimate.reduction_tco2 < logic.program_below_t:
        return "program" if together is None else "either"
    if estimate is not None and estimate.reduction_tco2 >= logic.normal_from_t:
        return "normal"
    if together == "no":
        return "either" if facts.own and facts.own.small else "normal"
    return "either"


def _card(
    task: Task, facts: Facts, found: list[Finding], verdict: Verdict, estimate: Estimate | None
) -> dict[str, Any]:
    return {
        "type": "verdict",
        "id": "",
        "print_url": "",
        "verdict": verdict,
        "project_form": project_form(facts, estimate),
        "methodology_ids": [facts.methodology_id] if facts.methodology_id else [],
        "reasons": [_reason(facts, item) for item in found],
        "todo": _todo(task, facts, found, verdict),
        "estimate": estimate.as_dict() if estimate else None,
    }


def _reason(facts: Facts, item: Finding) -> dict[str, Any]:
    """One rule's outcome with all its sources, their dates and how sure they are."""
    cited = [facts.book.sources[code] for code in item.rule.basis]
    titles = "／".join(f"{one.title}（{one.as_of}）" if one.as_of else one.title for one in cited)
    as_of = next((one.as_of for one in cited if one.as_of), facts.book.sources["K"].as_of)
    return {
        "rule_id": item.rule.id,
        "outcome": item.verdict,
        "text": item.reason,
        "source": titles,
        "as_of": as_of,
        "status": item.rule.status,
    }


def _todo(task: Task, facts: Facts, found: list[Finding], verdict: Verdict) -> list[str]:
    """What to do tomorrow: first what the outcomes ask for, then what was not needed for the verdict."""
    steps = [item.next for item in found if item.next and (item.verdict == verdict or verdict != "unlikely")]
    if verdict == "unlikely":
        return list(dict.fromkeys([*steps, task.texts["todo_other"]]))
    open_rules = [r for r in facts.rules if r.todo and applies(r, facts) and outcome_of(r, facts) is None]
    later = [rule.todo for rule in open_rules if rule.todo]
    listed = [*steps, *later][: task.settings["most_todo"] - 1]
    return list(dict.fromkeys([*listed, task.texts["todo_consult"]]))


def _text(task: Task, facts: Facts, found: list[Finding], card: dict[str, Any], estimate: Estimate | None) -> str:
    verdict, say = card["verdict"], task.texts
    decisive = _decisive(found, verdict)
    most = task.settings["most_reasons"]
    assumed = "、".join(given.assumed for given in facts.values.values() if given.assumed)
    lines = [
        say[f"headline_{verdict}"].format(what=_what(task, facts)),
        say[f"why_{verdict}"],
        *(say["reason"].format(reason=item.reason, rule_id=item.rule.id) for item in decisive[:most]),
        say["more_reasons"].format(count=len(decisive) - most) if len(decisive) > most else "",
        say[f"form_{'unlikely_' if verdict == 'unlikely' else ''}{card['project_form']}"],
        say["estimate"].format(reduction=tonnes(estimate.reduction_tco2)) if estimate else "",
        "" if any(item.rule.id == "C02" for item in decisive[:most]) else _deadline(task, facts),
        say["next"].format(todo=card["todo"][0]) if card["todo"] else "",
        say["assumed"].format(assumed=assumed) if assumed else "",
        say["caution"],
    ]
    return "\n".join(line for line in lines if line)


def _decisive(found: list[Finding], verdict: Verdict) -> list[Finding]:
    """The outcomes that make the verdict; of a good one those that people ask about most."""
    decisive = [item for item in found if item.verdict == verdict]
    if verdict != "likely":
        return sorted(decisive, key=lambda item: item.unknown)
    first = ("C02", "C08", "C15", "C11", "C04")
    return sorted(decisive, key=lambda item: first.index(item.rule.id) if item.rule.id in first else len(first))


def _what(task: Task, facts: Facts) -> str:
    if facts.methodology is None:
        return task.texts["what_other"]
    return task.texts["what"].format(name=facts.methodology.name, id=facts.methodology.id)


def _deadline(task: Task, facts: Facts) -> str:
    """How many days remain for applying."""
    if facts.deadline is None or facts.is_forest:
        return ""
    left = (facts.deadline - facts.today).days
    name = "deadline" if left >= 0 else "deadline_over"
    return task.texts[name].format(days=left, **shown({"deadline": facts.deadline}))


def _source(facts: Facts, rule: Rule) -> dict[str, Any]:
    cited = facts.book.sources[rule.basis[0]]
    shown_source = {"title": cited.title, "as_of": cited.as_of, "status": rule.status}
    return {**shown_source, "url": cited.url} if cited.url else shown_source


def _distinct(sources: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({item["title"]: item for item in sources}.values())


def _buttons(
    task: Task, facts: Facts, found: list[Finding], verdict: Verdict, estimate: Estimate | None
) -> list[dict[str, Any]]:
    labels, fresh = task.settings["buttons"], {"type": "task", "task": task.id, "op": "fresh"}
    names = facts.book.candidates.labels
    instead = dict.fromkeys(i for item in found if item.verdict == verdict for i in item.instead)
    others = [
        reply.choice(task.texts["instead"].format(label=names.get(i, i)), {**fresh, "values": {"activity": i}})
        for i in instead
    ]
    amounts = {name: given.value for name, given in _for_estimate(facts).items()}
    calculate = {"type": "task", "task": "estimate", "values": amounts}
    topic = _topic(task, facts)
    known = facts.methodology_id is not None
    return [
        *others,
        *([reply.choice(labels["estimate" if estimate else "calculate"], calculate)] if known else []),
        reply.choice(labels["other"], fresh),
        reply.choice(labels["book"], {"type": "task", "task": "book", "values": {"topic": topic}}),
        reply.choice(labels["save"], {"type": "task", "task": "save_result"}),
        reply.choice(labels["correct"], {"type": "task", "task": task.id, "op": "correct"}),
    ]


def hand_over(task: Task, values: Values, world: World, to: str) -> dict[str, Given]:
    """The amounts to the estimate, the topic to the booking."""
    facts = Facts(values, world)
    if to == "estimate":
        return _for_estimate(facts)
    if to == "book" and facts.value("activity") is not None:
        topic = _topic(task, facts)
        return {"topic": Given(value=topic, shown=topic)}
    return {}


def _topic(task: Task, facts: Facts) -> str:
    return task.texts["topic"].format(what=_what(task, facts).strip("「」"))


def _for_estimate(facts: Facts) -> dict[str, Given]:
    """The answers that the estimate can go on with."""
    task = facts.world.knowledge.tasks["estimate"]
    values = estimate_values(facts)
    names = {item.id for item in estimate_plan(task, values, facts.world).fields}
    return {name: given for name, given in values.items() if name in names and given.value != OTHER}


def _kept(facts: Facts, found: list[Finding]) -> dict[str, Any]:
    """What staff see of the case: the answers, each rule's outcome and the release of the rules."""
    return {
        "answers": {name: {"value": g.value, "shown": g.shown} for name, g in sorted(facts.values.items())},
        "outcomes": {item.rule.id: item.verdict for item in found},
        "application_date": facts.application.isoformat(),
        "release": facts.world.release,
    }

"""From facts to outcomes: which rules apply, what each says, and which could still change the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.tasks.qualify.facts import Facts
from actions.tasks.qualify.names import names_for, shown
from knowledge.schema_screening import MISSING, Outcome, Rule, Verdict

ORDER: tuple[Verdict, ...] = ("likely", "needs_check", "unlikely")


@dataclass(frozen=True)
class Finding:
    """What one rule says about the plan. `lowered`: it spoke against the plan but is not verified."""

    rule: Rule
    verdict: Verdict
    reason: str
    next: str | None = None
    instead: Sequence[str] = ()
    lowered: bool = False
    unknown: bool = False


def applies(rule: Rule, facts: Facts) -> bool:
    """Whether a rule is about this plan at all."""
    if rule.unless and facts.holds(rule.unless, {}):
        return False
    logic, methodology = facts.book.logic, facts.methodology
    name = facts.methodology_id or ""
    equipment = name.startswith("EN-") and name not in logic.not_equipment
    match rule.scope:
        case "equipment":
            return equipment
        case "renewal":
            return equipment and facts.renewal
        case "heat":
            return name in logic.heat and facts.renewal
        case "paid":
            return equipment and not facts.at_home
        case "energy_saving":
            return methodology is None or methodology.category == logic.energy_saving_category
        case "all":
            return True


def answer_of(rule: Rule, facts: Facts) -> object:
    """The rule's answer: as given, else what follows from other answers. None when there is none."""
    if facts.value(rule.id) is not None:
        return facts.value(rule.id)
    names = (names_for(rule, facts) or {}) if rule.known else {}
    return next((item.value for item in rule.known if facts.holds(item.when, names)), None)


def outcome_of(rule: Rule, facts: Facts) -> Outcome | None:
    """What the answers mean for this rule; None while it is open."""
    if rule.id == "C02" and facts.is_forest:
        return rule.outcome("forest")
    if rule.choices or rule.box or rule.known:
        answer = answer_of(rule, facts)
        if answer == rule.opens and rule.opens is not None:
            return None
        if answer is not None and (found := rule.outcome(str(answer))):
            return found
        if rule.type != "date":
            return rule.outcome(MISSING) if facts.given(rule.id) and answer is None else None
    names = names_for(rule, facts)
    if names is not None:
        conditions = (item for item in rule.outcomes if item.when not in (MISSING, "forest"))
        return next((item for item in conditions if facts.holds(item.when, names)), None)
    return rule.outcome(MISSING) if _nobody_knows(rule, facts) else None


def finding(rule: Rule, facts: Facts) -> Finding | None:
    """The rule's outcome with its words; None while it is open or does not apply."""
    if not applies(rule, facts):
        return None
    outcome = outcome_of(rule, facts)
    if outcome is None:
        return None
    words = shown(names_for(rule, facts) or {})
    lowered = outcome.verdict == "unlikely" and rule.status != "verified"
    return Finding(
        rule=rule,
        verdict="needs_check" if lowered else outcome.verdict,
        reason=outcome.reason.format(**words) + (facts.book.logic.lowered if lowered else ""),
        next=outcome.next.format(**words) if outcome.next else None,
        instead=tuple(outcome.instead),
        lowered=lowered,
        unknown=outcome.when == MISSING,
    )


def findings(facts: Facts) -> list[Finding]:
    """What all rules say that can be decided."""
    return [found for rule in facts.rules if (found := finding(rule, facts))]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of all together: one against it decides, then one that is open."""
    return max(verdicts, key=ORDER.index, default="likely")


def level(facts: Facts) -> Verdict:
    """The best verdict that the plan can still get."""
    sure = [item.verdict for item in findings(facts)]
    if facts.own is None:
        sure.append("needs_check")
    still = [_best(rule) for rule in facts.rules if applies(rule, facts) and outcome_of(rule, facts) is None]
    return worst([*sure, *still])


def can_change(rule: Rule, facts: Facts, reached: Verdict) -> bool:
    """Whether an answer to this rule could make the verdict worse than what is reached."""
    if not rule.is_asked or not applies(rule, facts) or outcome_of(rule, facts) is not None:
        return False
    return any(ORDER.index(_capped(rule, item)) > ORDER.index(reached) for item in rule.outcomes)


def _nobody_knows(rule: Rule, facts: Facts) -> bool:
    """Everything was asked for, and something of it is not known."""
    return facts.given(rule.id) or any(
        facts.given(name) and facts.value(name) is None for name in (f"{rule.id}.{part.id}" for part in rule.parts)
    )


def _best(rule: Rule) -> Verdict:
    """What the rule says at best, as long as nobody knows; computed ones do not count before they are known."""
    if rule.computed:
        return "likely"
    return min((_capped(rule, item) for item in rule.outcomes), key=ORDER.index)


def _capped(rule: Rule, outcome: Outcome) -> Verdict:
    return "needs_check" if outcome.verdict == "unlikely" and rule.status != "verified" else outcome.verdict

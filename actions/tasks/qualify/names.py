"""The numbers and days that the conditions of a rule speak of, by rule; None when something is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.tasks.qualify.facts import FUTURE, Facts
from actions.tasks.qualify.reckoning import reduction
from knowledge.schema_screening import Rule

Names = Mapping[str, Any]
MANY = 10
"""From here on one decimal place is enough. Numbers are cut, not rounded: 2.996 years are not shown as 3."""


def names_for(rule: Rule, facts: Facts) -> Names | None:
    """What the rule's conditions and reasons may name; None while it cannot be decided."""
    found = _NAMES.get(rule.id)
    if found:
        return found(facts)
    if rule.parts:
        return _of_parts(rule, facts)
    value = facts.number(rule.id) if rule.type == "number" else None
    return {"days": value} if value is not None else None


def _start(facts: Facts) -> Names | None:
    days = {"application": facts.application, "two_years_before": facts.two_years_before}
    if facts.value("C02") == FUTURE:
        return {**days, "future": True, "earliest": facts.application, "latest": facts.application}
    if facts.start is None or facts.deadline is None:
        return None
    earliest, latest = facts.start
    left = (facts.deadline - facts.today).days
    shown = facts.values["C02"].shown
    more = {"deadline": facts.deadline, "days_left": left, "start": shown}
    return {**days, **more, "future": False, "earliest": earliest, "latest": latest}


def _age(facts: Facts) -> Names | None:
    age, life = facts.number("C04.age"), facts.useful_life()
    return {"age": age, "useful_life": life} if age is not None and life is not None else None


def _times(facts: Facts) -> Names | None:
    times = facts.number("C06")
    return {"times": times} if times is not None else None


def _payback(facts: Facts) -> Names | None:
    saving = facts.number("C08.saving")
    if facts.value("C08") is None and saving is not None and saving <= 0:
        return {"saving_stops": True, "years": Decimal("Infinity")}
    years = facts.payback_years
    return {"saving_stops": False, "years": years} if years is not None else None


def _subsidy(facts: Facts) -> Names:
    return {"subsidy": facts.number("C08.subsidy")}


def _reduction(facts: Facts) -> Names | None:
    found = reduction(facts)
    return {"er": found.reduction_tco2} if found else None


def _period(facts: Facts) -> Names:
    end = facts.application + relativedelta(years=facts.book.logic.crediting_years)
    return {"remaining_days": (end - facts.application).days}


def _ancillary(facts: Facts) -> Names | None:
    share = facts.number("C20")
    return {"share": share, "omitted": Decimal(0)} if share is not None else None


def _of_parts(rule: Rule, facts: Facts) -> Names | None:
    found = {part.id: facts.number(f"{rule.id}.{part.id}") for part in rule.parts}
    return {**found, "complete": True} if all(value is not None for value in found.values()) else None


def shown(names: Names) -> dict[str, str]:
    """The names as people read them: days in Japanese, numbers without needless zeros."""
    return {name: _shown(value) for name, value in names.items()}


def _shown(value: Any) -> str:
    if hasattr(value, "strftime"):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal) and value.is_finite():
        places = Decimal("0.1") if abs(value) >= MANY else Decimal("0.01")
        return f"{value.quantize(places, ROUND_FLOOR).normalize():,f}"
    return str(value)


_NAMES: dict[str, Callable[[Facts], Names | None]] = {
    "C02": _start,
    "C04": _age,
    "C06": _times,
    "C08": _payback,
    "C10": _subsidy,
    "C15": _reduction,
    "C16": _period,
    "C20": _ancillary,
    "SF1-5": _reduction,
}

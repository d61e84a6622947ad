"""What is known about a plan, as the rules see it: answers by rule, numbers, days, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from dateutil.relativedelta import relativedelta
from simpleeval import SimpleEval

from actions.readers import dates
from actions.readers.numbers import amount
from actions.tasks.world import Values, World
from knowledge.methodology_schema import Methodology
from knowledge.schema_screening import Rule, RuleSet
from knowledge.screening_book import ScreeningBook, load_screening

OTHER = "other"
"""The activity that is none of the known ones."""
FUTURE = "future"


@dataclass(frozen=True)
class Facts:
    """The answers to a plan, on a day."""

    values: Values
    world: World

    @cached_property
    def book(self) -> ScreeningBook:
        return load_screening(self.world.knowledge.root)

    @cached_property
    def methodology(self) -> Methodology | None:
        return self.world.book.methodologies.get(str(self.value("activity")))

    @property
    def methodology_id(self) -> str | None:
        return self.methodology.id if self.methodology else None

    @cached_property
    def own(self) -> RuleSet | None:
        return self.book.sets.get(self.methodology_id or "")

    @cached_property
    def rules(self) -> list[Rule]:
        return self.book.rules_for(self.methodology_id)

    def value(self, name: str) -> Any:
        given = self.values.get(name)
        return given.value if given else None

    def given(self, name: str) -> bool:
        """Whether this was answered, be it by 「わからない」."""
        return name in self.values

    def number(self, name: str) -> Decimal | None:
        """A number that was answered, without its unit."""
        value = self.value(name)
        return amount(value)[0] if value is not None else None

    @property
    def is_forest(self) -> bool:
        return bool(self.methodology_id) and str(self.methodology_id).startswith("FO-")

    @property
    def at_home(self) -> bool:
        return bool(self.value("C09") == "yes")

    @property
    def renewal(self) -> bool:
        return bool(self.value("C03") == "renewal")

    @cached_property
    def today(self) -> date:
        return self.world.now.date()

    @cached_property
    def application(self) -> date:
        """The planned application date; today when nobody named one. A month or year counts from its first day."""
        planned = self.value("application_date")
        return max(dates.span_of(planned)[0], self.today) if planned else self.today

    @property
    def two_years_before(self) -> date:
        return self.application - relativedelta(years=self.book.logic.years_back)

    @cached_property
    def start(self) -> tuple[date, date] | None:
        """The first and last day on which the plan may have started."""
        value = self.value("C02")
        return dates.span_of(value) if value and value != FUTURE else None

    @property
    def deadline(self) -> date | None:
        """The last day for applying: two years after the start, as far as that is sure."""
        return self.start[0] + relativedelta(years=self.book.logic.years_back) if self.start else None

    @cached_property
    def payback_years(self) -> Decimal | None:
        """(capex - subsidy) / saving, or the years that were said."""
        if (years := self.number("C08")) is not None:
            return years
        capex, saving = self.number("C08.capex"), self.number("C08.saving")
        if capex is None or saving is None or saving <= 0:
            return None
        return max(capex - (self.number("C08.subsidy") or Decimal(0)), Decimal(0)) / saving

    def useful_life(self) -> Decimal | None:
        """As answered, else that of the table."""
        if (years := self.number("C04.useful_life")) is not None:
            return years
        found = self.book.useful_life(self.methodology_id)
        return Decimal(found.years) if found else None

    def holds(self, condition: str, names: Mapping[str, Any]) -> bool:
        """Whether a condition of a rule is true; a name that is not known makes it false."""
        functions = {"v": self.value, "number": self.number}
        evaluator = SimpleEval(functions=functions, names={"true": True, "none": None, **names})
        try:
            return bool(evaluator.eval(condition, previously_parsed=_parsed(condition)))
        except TypeError:
            return False


@lru_cache(maxsize=512)
def _parsed(condition: str) -> Any:
    return SimpleEval.parse(condition)

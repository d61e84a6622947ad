"""The state of one calculation while it is being worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from actions.calculator.picks import Pick
from actions.calculator.result import Step, UsedFactor
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Formula


@dataclass
class Working:
    """What is being worked out: the numbers by name, and what to show of them."""

    book: Book
    formula: Formula
    methodology_id: str | None
    picks: list[Pick]
    asked: int | None
    year: int | None
    names: dict[str, Decimal] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    factors: list[UsedFactor] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    silent: frozenset[str] = frozenset()
    """Names that play no part this time and are left out of what is shown."""

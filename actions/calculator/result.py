"""What an estimate is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from knowledge.schema import Status

PLACES = 9
"""Decimal places kept; the noise of division beyond them must not tip the cut to whole tonnes."""


OWN_SOURCE = "ご入力の値（出典は確かめていません）"


@dataclass(frozen=True)
class Step:
    """One line of the working, with the person's numbers put in."""

    id: str
    label: str
    expression: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class UsedFactor:
    """One factor: where its value comes from and how sure it is. `input` is the input it was used for."""

    id: str
    label: str
    value: Decimal
    unit: str
    source: str
    as_of: str
    status: Status
    input: str


@dataclass(frozen=True)
class Estimate:
    """The outcome of one formula, in tCO2 a year. `creditable_tco2` is whole, cut off, never negative."""

    formula_id: str
    methodology_id: str | None
    fiscal_year: int | None
    baseline_tco2: Decimal | None
    project_tco2: Decimal | None
    reduction_tco2: Decimal
    creditable_tco2: int
    steps: list[Step]
    factors: list[UsedFactor]
    assumptions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The Estimate of the chat contract, ready for JSON."""
        card: dict[str, Any] = {"type": "estimate", "methodology_id": self.methodology_id}
        card |= {"formula_id": self.formula_id, "fiscal_year": self.fiscal_year}
        if self.baseline_tco2 is not None:
            card["baseline_tco2"] = as_number(self.baseline_tco2)
        if self.project_tco2 is not None:
            card["project_tco2"] = as_number(self.project_tco2)
        card |= {"reduction_tco2": as_number(self.reduction_tco2), "creditable_tco2": self.creditable_tco2}
        card["steps"] = [vars(step) | {"value": as_number(step.value)} for step in self.steps]
        card["factors"] = [vars(factor) | {"value": as_number(factor.value)} for factor in self.factors]
        return card | {"assumptions": list(self.assumptions), "warnings": list(self.warnings)}


def as_number(value: Decimal) -> int | float:
    """A JSON number without needless digits."""
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number

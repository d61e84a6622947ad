"""The calculator through the front door: estimates, and what the methodologies ask for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from actions import calculator

router = APIRouter(prefix="/api", tags=["estimates"])
Name = Annotated[str, Field(max_length=64)]


class EstimateRequest(BaseModel):
    """A formula with the person's numbers: 「190,000 kWh」 or plain numbers in the formula's unit."""

    model_config = ConfigDict(extra="forbid")

    formula_id: Name
    inputs: Annotated[dict[Name, Any], Field(max_length=60)]
    fiscal_year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    factors: Annotated[dict[Name, Any], Field(max_length=60)] | None = None


@router.post("/estimates")
def estimate(asked: EstimateRequest) -> dict[str, Any]:
    """The tonnes of CO2 with every step, factor, assumption and warning."""
    return calculator.estimate(asked.formula_id, asked.inputs, asked.fiscal_year, asked.factors).as_dict()


@router.get("/methodologies")
def methodologies() -> dict[str, Any]:
    """All methodologies, a line each."""
    return {"methodologies": calculator.methodologies()}


@router.get("/methodologies/{methodology_id}")
def methodology(methodology_id: str) -> dict[str, Any]:
    """One methodology: conditions, formulas with inputs, factors, sources."""
    return calculator.describe(methodology_id)

"""The published cases beside what the formulas give."""

from __future__ import annotations

import pytest

from actions import calculator
from knowledge.methodology_book import load_book, load_cases
from knowledge.methodology_schema import Case, CaseEstimate
from tests.actions.calculator.case_files import by_hand

CASES = load_cases()
ESTIMATES = [(case, each) for case in CASES for each in case.estimates]


def test_the_three_cases_of_the_region_are_there_with_their_published_tonnes() -> None:
    published = {case.id: int(case.published_tco2) for case in CASES}
    assert published == {"okayama_airport": 80, "unnan_chip_boiler": 150, "tsuyama_solar": 390}


@pytest.mark.parametrize(("case", "each"), ESTIMATES, ids=[each.label for _, each in ESTIMATES])
def test_a_case_shows_what_the_formula_gives_and_its_arithmetic(case: Case, each: CaseEstimate) -> None:
    got = calculator.estimate(
        each.formula_id, each.inputs, each.fiscal_year, each.factors, methodology_id=case.methodology_id
    )
    assert float(got.reduction_tco2) == pytest.approx(float(each.reduction_tco2), abs=1e-5)
    assert float(by_hand(each.arithmetic)) == pytest.approx(float(each.reduction_tco2), abs=1e-5)
    assert got.methodology_id == case.methodology_id


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_says_why_the_tonnes_differ(case: Case) -> None:
    assert case.methodology_id in load_book().methodologies
    assert len(case.why_different) > 40
    assert any(abs(each.reduction_tco2 - case.published_tco2) > case.published_tco2 / 20 for each in case.estimates)

"""Plays the cases of tests/calculations/ against the calculator."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

import pytest

from actions import calculator
from core.errors import InvalidInput
from knowledge.methodology_book import load_book
from tests.actions.calculator.case_files import all_cases, by_hand

CASES = all_cases()
RESULTS = {"baseline": "baseline_tco2", "project": "project_tco2", "reduction": "reduction_tco2"}


def run(case: dict[str, Any]) -> calculator.Estimate:
    return calculator.estimate(case["formula_id"], case["inputs"], case.get("fiscal_year"), case.get("factors"))


@pytest.mark.parametrize("case", [c for c in CASES if "expected" in c], ids=lambda case: case["name"])
def test_a_case_gives_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    card = run(case).as_dict()
    json.dumps(card)
    for name in (*RESULTS.values(), "creditable_tco2", "fiscal_year"):
        if name in case["expected"]:
            assert card[name] == pytest.approx(case["expected"][name], abs=1e-5), name
    for step, value in case["expected"].get("step", {}).items():
        assert next(each["value"] for each in card["steps"] if each["id"] == step) == pytest.approx(value)
    if "warns" in case["expected"]:
        assert bool(card["warnings"]) is case["expected"]["warns"], card["warnings"]


@pytest.mark.parametrize("case", [c for c in CASES if "error" in c], ids=lambda case: case["name"])
def test_an_input_that_does_not_fit_is_refused_by_name(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        run(case)
    assert refusal.value.error_code == case["error"]["code"]
    assert set(refusal.value.fields) == set(case["error"]["fields"])
    assert refusal.value.message.endswith("。")


@pytest.mark.parametrize("case", [c for c in CASES if "arithmetic" in c], ids=lambda case: case["name"])
def test_the_arithmetic_in_the_file_comes_to_what_is_expected(case: dict[str, Any]) -> None:
    for name, arithmetic in case["arithmetic"].items():
        assert float(by_hand(arithmetic)) == pytest.approx(case["expected"][RESULTS[name]], abs=1e-5)
    assert case["expected"]["creditable_tco2"] == max(0, math.floor(by_hand(case["arithmetic"]["reduction"])))


def test_every_formula_has_at_least_three_cases_one_of_them_an_error() -> None:
    counts = Counter(case["formula_id"] for case in CASES)
    refused = {case["formula_id"] for case in CASES if "error" in case}
    assert set(counts) == set(load_book().formulas)
    assert min(counts.values()) >= 3
    assert refused == set(counts)


def test_no_two_cases_share_a_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))

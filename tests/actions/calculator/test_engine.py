"""What an estimate shows, and how kindly it refuses."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from actions import calculator
from core.errors import InvalidInput, NotFound
from knowledge.methodology_book import load_book

SCREEN = "COMMON-SCREEN-ENERGY"
LIGHTS = {"el_before": "190,000 kWh", "el_after": "40,000 kWh"}


def refusal(formula_id: str, inputs: Mapping[str, object], year: int | None = None) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        calculator.estimate(formula_id, inputs, year)
    return caught.value


def test_an_estimate_shows_each_step_with_the_person_s_numbers_put_in() -> None:
    card = calculator.estimate(SCREEN, LIGHTS).as_dict()
    assert card["type"] == "estimate"
    assert [step["expression"] for step in card["steps"]][:3] == [
        "190,000 × 0.42 ÷ 1000",
        "40,000 × 0.42 ÷ 1000",
        "79.8 − 16.8",
    ]
    assert [step["unit"] for step in card["steps"]] == ["tCO2"] * 4
    assert (card["baseline_tco2"], card["project_tco2"], card["reduction_tco2"], card["creditable_tco2"]) == (
        79.8,
        16.8,
        63,
        63,
    )


def test_a_factor_shows_value_unit_source_date_and_status() -> None:
    [factor] = calculator.estimate(SCREEN, LIGHTS).as_dict()["factors"]
    assert (factor["id"], factor["value"], factor["unit"]) == ("electricity.national_average", 0.42, "kgCO2/kWh")
    assert "2023年度" in factor["source"]
    assert factor["as_of"] == "2026-11-23"
    assert factor["status"] == "verified"


def test_the_year_used_is_told_when_none_was_asked_for() -> None:
    estimate = calculator.estimate(SCREEN, LIGHTS)
    assert estimate.fiscal_year == 2023
    assert any("年度の指定がなかった" in line and "2023年度" in line for line in estimate.assumptions)


def test_a_year_without_a_value_says_which_years_there_are() -> None:
    error = refusal(SCREEN, dict(LIGHTS), 2020)
    assert error.error_code == "no_value_for_year"
    assert "2013年度" in error.fields["cef_elec"]
    assert "2022〜2023年度" in error.fields["cef_elec"]


def test_a_factor_can_be_overridden_by_input_name_or_factor_id() -> None:
    by_name = calculator.estimate(SCREEN, LIGHTS, factors={"cef_elec": "0.5 kgCO2/kWh"})
    by_id = calculator.estimate(SCREEN, LIGHTS, factors={"electricity.national_average": 0.5})
    assert by_name.reduction_tco2 == by_id.reduction_tco2 == 75
    assert by_name.factors[0].source.startswith("ご入力の値")


def test_factors_may_carry_inputs() -> None:
    assert calculator.estimate(SCREEN, {"el_before": 190000}, factors={"el_after": 40000}).creditable_tco2 == 63


def test_tonnes_are_cut_off_and_never_negative() -> None:
    assert calculator.estimate("COMMON-ER", {"EM_BL": 35.5, "EM_PJ_main": 0}).creditable_tco2 == 35
    worse = calculator.estimate("COMMON-ER", {"EM_BL": 10, "EM_PJ_main": 20.5})
    assert (float(worse.reduction_tco2), worse.creditable_tco2) == (-10.5, 0)
    assert "増える" in worse.warnings[0]


def test_division_noise_does_not_cost_a_tonne() -> None:
    thirds = calculator.estimate("EN-S-006-O", {"EL_pj": 3000, "P_bl": 4, "P_pj": 3, "cef_elec": 1})
    assert thirds.creditable_tco2 == 1


def test_a_formula_that_no_published_case_checks_says_so() -> None:
    boiler = {"F": 10, "HV": 38.9, "CEF_pj": 0.07, "CEF_bl": 0.07, "eps_pj": 92, "eps_bl": 80}
    assert any("公表事例で検算されていない式" in line for line in calculator.estimate("EN-S-001-O", boiler).warnings)
    assert calculator.estimate(SCREEN, LIGHTS).warnings == []


def test_money_is_a_range_with_date_and_source_and_no_promise() -> None:
    estimate = calculator.estimate("EN-S-006-S", {"w_bl": 400, "n_bl": 150, "w_pj": 100, "n_pj": 100})
    [line] = [line for line in estimate.assumptions if "円" in line]
    assert "1,600〜4,700円" in line
    assert "2025年7月" in line
    assert "約束するものではありません" in line


def test_a_shared_formula_names_the_methodology_it_is_used_for() -> None:
    assert calculator.estimate(SCREEN, LIGHTS, methodology_id="EN-S-006").methodology_id == "EN-S-006"
    assert calculator.estimate(SCREEN, LIGHTS, methodology_id="AG-005").methodology_id is None
    assert calculator.estimate("EN-S-004-O", {"EL": 1, "cop_pj": 5, "cop_bl": 3}).methodology_id == "EN-S-004"


EVERYDAY = {"Ａ重油": "A重油", "重油": "A重油", "プロパン": "LPG", "ＬＰガス": "LPG", "都市ガス13A": "都市ガス"}
EVERYDAY |= {"レギュラー": "ガソリン", "灯油": "灯油", "ディーゼル": "軽油", "液化天然ガス": "LNG"}


@pytest.mark.parametrize(("written", "fuel"), EVERYDAY.items())
def test_fuels_go_by_their_everyday_names(written: str, fuel: str) -> None:
    rows = [{"fuel": written, "before": 5, "after": 1}]
    assert calculator.estimate(SCREEN, {"fuels": rows}).steps[0].label == f"{fuel}（前）の排出量"


def test_a_unit_of_another_kind_is_refused_with_an_example() -> None:
    error = refusal("EN-S-006-O", {"EL_pj": "5 kL", "P_bl": 100, "P_pj": 50})
    assert error.error_code == "invalid_unit"
    assert "kL" in error.fields["EL_pj"]
    assert "40,000 kWh" in error.fields["EL_pj"]


def test_an_unknown_unit_is_refused() -> None:
    assert refusal(SCREEN, {"el_before": "5 ホゲ", "el_after": 1}).error_code == "invalid_unit"


@pytest.mark.parametrize(
    "value",
    ["たくさん", "-5 kWh", "1e999", float("nan"), float("inf"), True, {"a": 1}, "10〜12 kWh", "3 kWh と 5 kWh", 10**40],
)
def test_a_value_that_is_no_single_fitting_number_is_refused(value: object) -> None:
    error = refusal(SCREEN, {"el_before": value, "el_after": 1})
    assert error.error_code in ("invalid_value", "invalid_unit")
    assert set(error.fields) == {"el_before"}


def test_a_month_and_a_day_are_made_a_year_and_told() -> None:
    estimate = calculator.estimate(SCREEN, {"el_before": "月あたり1,000 kWh", "el_after": "1日あたり10kWh"})
    assert float(estimate.reduction_tco2) == pytest.approx((12000 - 3650) * 0.42 / 1000)
    assert any("12 倍" in line for line in estimate.assumptions)
    assert any("365 倍" in line for line in estimate.assumptions)


def test_heat_written_for_electricity_is_turned_into_it_and_told() -> None:
    estimate = calculator.estimate(SCREEN, {"el_before": "684 GJ", "el_after": 0})
    assert float(estimate.reduction_tco2) == pytest.approx(190000 * 0.42 / 1000)
    assert any("0.0036" in line for line in estimate.assumptions)


def test_a_share_and_per_cent_are_the_same() -> None:
    heat = {"EL": 50000, "CEF_bl": 0.0686}
    results = {
        calculator.estimate("EN-S-002-O", heat | {"eps_bl": eps}).reduction_tco2
        for eps in (92, 0.92, "92%", "0.92", "9割2分")
    }
    assert len(results) == 1


def test_a_share_beside_a_bare_per_cent_is_refused_as_unclear() -> None:
    boiler = {"F": 50, "HV": 36.5, "CEF_pj": 0.07, "CEF_bl": 0.07}
    error = refusal("EN-S-001-O", boiler | {"eps_pj": 88, "eps_bl": 0.75})
    assert set(error.fields) == {"eps_bl"}
    assert calculator.estimate("EN-S-001-O", boiler | {"eps_pj": "88%", "eps_bl": 0.75}).creditable_tco2 == 22


def test_unknown_ids_are_not_found() -> None:
    with pytest.raises(NotFound):
        calculator.estimate("EN-X-999-O", {})
    with pytest.raises(NotFound):
        calculator.describe("EN-X-999")


def test_all_methodologies_are_listed_and_described_ready_for_json() -> None:
    import json

    listed = calculator.methodologies()
    assert len(listed) == 79
    for line in listed:
        described = calculator.describe(line["id"])
        json.dumps(described, allow_nan=False)
        assert described["conditions"]
        assert described["sources"]
        assert [formula["id"] for formula in described["formulas"]] == line["formula_ids"]


def test_a_description_tells_inputs_factors_and_where_they_come_from() -> None:
    lighting = calculator.describe("EN-S-006")
    inputs = {item["name"]: item for item in lighting["inputs"]["EN-S-006-S"]}
    assert inputs["w_bl"]["unit"] == "W"
    assert inputs["hours"]["default"] == 3000
    assert inputs["cef_elec"]["default_factor"] == "electricity.national_average"
    assert lighting["factors"][0]["years"] == "2013年度、2022〜2023年度"
    assert lighting["baseline"]["treated_as_new"]


def test_an_estimate_takes_less_than_five_milliseconds() -> None:
    load_book()
    calculator.estimate(SCREEN, LIGHTS)
    start = time.perf_counter()
    for _ in range(50):
        calculator.estimate(SCREEN, LIGHTS | {"fuels": [{"fuel": "A重油", "before": "32kL", "after": "4kL"}]})
    assert (time.perf_counter() - start) / 50 < 0.005

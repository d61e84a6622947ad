"""What must hold whatever the numbers are."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import calculator
from core.errors import JCreditError
from knowledge.methodology_book import load_book
from knowledge.methodology_schema import Formula, Input

BOOK = load_book()
EVERY_INPUT = [
    (formula.id, item.name) for formula in BOOK.formulas.values() for item in formula.inputs if item.rows is None
]
LESS_IS_BETTER = """
COMMON-ER EM_PJ_main, COMMON-SCREEN-ENERGY el_after, EN-S-005-O EL_pj, EN-S-005-S r, EN-S-006-O P_pj,
EN-S-006-S w_pj, EN-S-006-S n_pj, EN-S-007-O F, EN-S-008-O Wi_pj, EN-S-008-O Wc_pj, EN-S-010-O E_aux, EN-S-011-O E_aux,
EN-S-012-O el_kwh, EN-S-012-O fuel_pj_l, TRANSPORT-FE-O fuel_l, TRANSPORT-ACT-O fuel_pj_l, PROD-INTENSITY-O F,
PROD-INTENSITY-O EL, FUEL-SWITCH-O EM_sub, EMACHINE-O el_kwh, GENSET-O F, CEMENT-O c_pj, CO2GREENHOUSE-O EL, H2-O F_h2, EN-R-001-O EM_sub,
EN-R-002-O E_sold, IN-GWP-O m_pj, AG-001-O n_pj, AG-006-O ef_pj, WA-001-O sl_pj, FO-001-O EM_harvest
"""
MORE_IS_BETTER = """
EN-S-001-O eps_pj, EN-S-004-O cop_pj, PUMP-EFF-O eta_pj, REFRIG-O ratio_bl_over_pj, WATER-O dV, EN-R-002-S kw,
EN-R-004-O F_bio, AG-004-O B, AG-005-O area_ha, AG-007-O red, IN-002-O destr, WA-002-O W, WA-003-O kl, FO-001-O area_ha
"""


def pairs(written: str) -> list[tuple[str, str]]:
    return [(formula, name) for formula, name in (pair.split() for pair in written.split(","))]


def middle(item: Input) -> float:
    """A value well inside of what is usual."""
    most = float(min(item.usual.upto, item.at_most or item.usual.upto))
    return most * 0.4 if item.unit != "%" else 70


def usual_inputs(formula: Formula) -> dict[str, Any]:
    numbers = [item for item in formula.inputs if item.rows is None]
    inputs: dict[str, Any] = {item.name: middle(item) * (1 + 0.03 * place) for place, item in enumerate(numbers)}
    if formula.id == "COMMON-CEFELEC":
        inputs["f"] = 0.5
    if formula.id == "EN-R-002-O":
        inputs |= {"E_sold": inputs["E_gen"] * 0.3, "E_loss": inputs["E_gen"] * 0.01}
    return inputs


def tonnes(formula_id: str, inputs: dict[str, Any]) -> Decimal:
    return calculator.estimate(formula_id, inputs).reduction_tco2


@pytest.mark.parametrize(("formula_id", "name"), EVERY_INPUT, ids=lambda value: str(value))
def test_every_input_changes_the_outcome(formula_id: str, name: str) -> None:
    inputs = usual_inputs(BOOK.formulas[formula_id])
    changed = inputs | {name: 1 if (formula_id, name) == ("COMMON-CEFELEC", "f") else inputs[name] * 1.05}
    before, after = calculator.estimate(formula_id, inputs), calculator.estimate(formula_id, changed)
    last = -1 if before.steps[-1].id != "creditable" else -2
    assert before.steps[last].value != after.steps[last].value


@pytest.mark.parametrize(("formula_id", "name"), pairs(LESS_IS_BETTER), ids=lambda value: str(value))
@given(less=st.floats(0.01, 1), more=st.floats(0.01, 1))
@settings(max_examples=15, deadline=None)
def test_saving_more_never_gives_fewer_tonnes(formula_id: str, name: str, less: float, more: float) -> None:
    formula = BOOK.formulas[formula_id]
    inputs = usual_inputs(formula)
    low, high = sorted((less, more))
    used_little, used_much = (inputs | {name: inputs[name] * share} for share in (low, high))
    assert tonnes(formula_id, used_little) >= tonnes(formula_id, used_much)


@pytest.mark.parametrize(("formula_id", "name"), pairs(MORE_IS_BETTER), ids=lambda value: str(value))
@given(less=st.floats(0.05, 1), more=st.floats(0.05, 1))
@settings(max_examples=15, deadline=None)
def test_doing_more_never_gives_fewer_tonnes(formula_id: str, name: str, less: float, more: float) -> None:
    inputs = usual_inputs(BOOK.formulas[formula_id]) | {"EM_sub": 0, "EM_harvest": 0, "ST_BL": 0}
    inputs = {key: value for key, value in inputs.items() if key in {i.name for i in BOOK.formulas[formula_id].inputs}}
    low, high = sorted((less, more))
    # 1.2 and below would be read as a share where per cent are asked for
    floor = 5 if BOOK.formulas[formula_id].input(name).unit == "%" else 0
    little, much = (inputs | {name: max(inputs[name] * share, floor)} for share in (low, high))
    assert tonnes(formula_id, much) >= tonnes(formula_id, little)


def kanji(number: int) -> str:
    from kanjize import number2kanji

    return str(number2kanji(number))


@given(thousands=st.integers(1, 99_999))
@settings(max_examples=150, deadline=None)
def test_all_notations_of_one_amount_give_the_same_tonnes(thousands: int) -> None:
    kwh = thousands * 1000
    wide = str(kwh).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    mega, ten_thousands, giga = thousands, Decimal(thousands) / 10, Decimal(thousands) / 1000
    notations: list[object] = [kwh, float(kwh), Decimal(kwh)]
    notations += [f"{kwh} kWh", f"{kwh:,}kWh", f"{wide}ｋＷｈ", f"{mega}MWh", f"{mega}千kWh", f"{giga}GWh"]
    notations += [
        f"{ten_thousands}万kWh",
        f"{kanji(kwh)}キロワット時",
        f"約{kwh}kWhくらい",
        f"年間{kwh}kWh",
        f"{kwh} kWh/年",
    ]
    results = {tonnes("COMMON-SCREEN-ENERGY", {"el_before": written, "el_after": "0"}) for written in notations}
    assert len(results) == 1


odd_text = st.text(max_size=30) | st.sampled_from(["19万kWh", "-5", "1e400", "十"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | odd_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data())
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_garbage_never_raises_anything_but_our_own_errors(data: st.DataObject) -> None:
    formula = BOOK.formulas[data.draw(st.sampled_from(sorted(BOOK.formulas)))]
    names = st.sampled_from([item.name for item in formula.inputs]) | st.text(max_size=8)
    values = json_values | st.integers(0, 10**6) | st.floats(0, 10**6) | st.sampled_from(["A重油", "3 kL", "50%"])
    rows = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(("fuel", "before", "after", "hv", "cef"), values)))
    inputs = data.draw(st.dictionaries(names, values | rows, max_size=8) | json_values)
    year = data.draw(st.none() | st.integers(1980, 2120) | json_values)
    factors = data.draw(st.none() | st.dictionaries(names, values, max_size=3) | json_values)
    outcome = outcome_of(formula.id, inputs, year, factors)
    if isinstance(outcome, JCreditError):
        assert outcome.message
        assert outcome.fields
    else:
        json.dumps(outcome, allow_nan=False)
        assert outcome["creditable_tco2"] >= 0


def outcome_of(formula_id: str, inputs: Any, year: Any, factors: Any) -> JCreditError | dict[str, Any]:
    """The card, or our own refusal; anything else goes through and fails the test."""
    try:
        return calculator.estimate(formula_id, inputs, year, factors).as_dict()
    except JCreditError as refusal:
        return refusal


@given(formula_id=json_values)
@settings(max_examples=50, deadline=None)
def test_any_unknown_formula_is_not_found(formula_id: object) -> None:
    with pytest.raises(JCreditError) as refusal:
        calculator.estimate(formula_id, {})  # type: ignore[arg-type]
    assert refusal.value.error_code == "not_found"

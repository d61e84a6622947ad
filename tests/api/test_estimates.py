"""The calculator's endpoints: tonnes with steps, and errors that name the input."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.soak import count

SCREEN = "COMMON-SCREEN-ENERGY"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


def post(client: TestClient, formula: Any, inputs: Any, **more: Any) -> Any:
    return client.post("/api/estimates", json={"formula_id": formula, "inputs": inputs, **more})


def test_an_estimate_shows_tonnes_steps_and_factors(client: TestClient) -> None:
    card = post(client, SCREEN, {"el_before": "19万kWh", "el_after": "40,000 kWh"}).json()
    assert card["type"] == "estimate"
    assert card["reduction_tco2"] == pytest.approx(150_000 * 0.42 / 1000, rel=0.05)
    assert isinstance(card["creditable_tco2"], int)
    assert card["steps"]
    assert all(factor["source"] and factor["as_of"] for factor in card["factors"])


def test_a_missing_input_is_named(client: TestClient) -> None:
    response = post(client, SCREEN, {"el_before": "190,000 kWh"})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "missing_input")
    assert "el_after" in response.json()["error"]["fields"]


def test_a_unit_of_the_wrong_kind_is_named(client: TestClient) -> None:
    response = post(client, SCREEN, {"el_before": "19 kL", "el_after": "4 kWh"})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "invalid_unit")
    assert "el_before" in response.json()["error"]["fields"]


def test_an_unknown_formula_is_not_found(client: TestClient) -> None:
    assert post(client, "NOPE", {}).status_code == 404


def test_a_year_without_a_value_says_which_years_exist(client: TestClient) -> None:
    response = post(client, SCREEN, {"el_before": "2万kWh", "el_after": "1万kWh"}, fiscal_year=1995)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "no_value_for_year")


def test_every_methodology_can_be_described(client: TestClient) -> None:
    lines = client.get("/api/methodologies").json()["methodologies"]
    assert len(lines) == 79
    for line in lines:
        assert client.get(f"/api/methodologies/{line['id']}").json()["sources"]


def test_an_unknown_methodology_is_not_found(client: TestClient) -> None:
    assert client.get("/api/methodologies/EN-X-999").status_code == 404


FORMULAS = st.sampled_from([SCREEN, "EN-S-006-O", "EN-S-006-S", "EN-R-001-O", "FO-001-O", "NOPE"])
NAMES = st.sampled_from(["el_before", "el_after", "fuels", "EL_pj", "P_bl", "w_bl", "hours", "growth", "cef_elec"])


@settings(max_examples=count(200, 10_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(formula=FORMULAS, inputs=st.dictionaries(NAMES | st.text(max_size=8), ANYTHING, max_size=6))
def test_no_input_makes_the_server_fail(client: TestClient, formula: str, inputs: dict[str, Any]) -> None:
    response = client.post(
        "/api/estimates",
        content=dumps({"formula_id": formula, "inputs": inputs}),
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code in {200, 404, 415, 422}


def dumps(body: Any) -> bytes:
    import json

    return json.dumps(body).encode("utf-8", "surrogatepass")

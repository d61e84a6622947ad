"""Quantities as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.readers.quantities import read_quantities, read_quantity

ONE = [
    ("190,000 kWh", "190000", "kWh", None),
    ("19万kWh", "190000", "kWh", None),
    ("十九万キロワット時", "190000", "kWh", None),
    ("１９０ＭＷｈ", "190", "MWh", None),
    ("0.19GWh", "0.19", "GWh", None),
    ("320千kWh", "320000", "kWh", None),
    ("19万5千kWh", "195000", "kWh", None),
    ("2.5万km", "25000", "km", None),
    ("32kL", "32", "kL", None),
    ("32KL", "32", "kL", None),
    ("32,000リットル", "32000", "L", None),
    ("32,000ﾘｯﾄﾙ", "32000", "L", None),
    ("500㎥", "500", "m3", None),
    ("5千m3", "5000", "m3", None),
    ("2トン", "2", "t", None),
    ("3㌧", "3", "t", None),
    ("3トン半", "3.5", "t", None),
    ("3反", "3", "反", None),
    ("1.5町歩", "1.5", "町", None),
    ("三十町", "30", "町", None),
    ("5畝", "5", "畝", None),
    ("30ha", "30", "ha", None),
    ("５０アール", "50", "a", None),
    ("150灯", "150", "灯", None),
    ("20台", "20", "台", None),
    ("百頭", "100", "頭", None),
    ("効率92%", "92", "%", None),
    ("９２パーセント", "92", "%", None),
    ("3割", "30", "%", None),
    ("3割5分", "35", "%", None),
    ("半分", "0.5", "-", None),
    ("四分の一", "0.25", "-", None),
    ("1億2千万円", "120000000", "円", None),
    ("3.5", "3.5", "", None),
    ("38.9 GJ/kL", "38.9", "GJ/kL", None),
    ("0.42kg-CO2/kWh", "0.42", "kgCO2/kWh", None),
    ("燃費は15 km/L です", "15", "km/L", None),
    ("月あたり1,000kWh", "1000", "kWh", "month"),
    ("毎月 20 kL", "20", "kL", "month"),
    ("1か月で50kL", "50", "kL", "month"),
    ("1,200kWh/月", "1200", "kWh", "month"),
    ("1日あたり8時間", "8", "h", "day"),
    ("1日に300リットル", "300", "L", "day"),
    ("年間19万kWhです", "190000", "kWh", "year"),
    ("32kL/年", "32", "kL", "year"),
    ("9.7 m3/ha/年", "9.7", "m3/ha", "year"),
    ("マイナス5t", "-5", "t", None),
    ("▲3 kWh", "-3", "kWh", None),
    ("約80t-CO2/年", "80", "tCO2", "year"),
]


@pytest.mark.parametrize(("text", "value", "unit", "period"), ONE, ids=[case[0] for case in ONE])
def test_one_quantity_is_read_with_its_unit_and_period(text: str, value: str, unit: str, period: str | None) -> None:
    [found] = read_quantities(text)
    assert (found.value, found.unit, found.period) == (Decimal(value), unit, period)
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ありません",
        "千葉県です",
        "十分です",
        "EN-S-006",
        "2024年4月1日から使っています",
        "2024-04-01",
        "昨年4月",
        "わかりません",
    ],
)
def test_text_without_an_amount_gives_nothing(text: str) -> None:
    assert read_quantities(text) == []


def test_all_quantities_of_a_sentence_come_in_order_with_their_places() -> None:
    text = "更新前は水銀灯１５０灯で190,000kWh、更新後はLED100灯で四万kWhです"
    found = read_quantities(text)
    assert [(str(q.value), q.unit) for q in found] == [
        ("150", "灯"),
        ("190000", "kWh"),
        ("100", "灯"),
        ("40000", "kWh"),
    ]
    assert [text[slice(*q.span)] for q in found] == ["１５０灯", "190,000kWh", "100灯", "四万kWh"]


def test_amounts_side_by_side_are_one() -> None:
    [fields] = read_quantities("3町2反")
    assert (round(fields.value, 9), fields.unit) == (Decimal("3.2"), "町")
    [hours] = read_quantities("1時間30分")
    assert (hours.value, hours.unit) == (Decimal("1.5"), "h")


def test_a_range_is_its_middle_and_says_so_with_little_confidence() -> None:
    [found] = read_quantities("10〜12t")
    assert (found.value, found.low, found.high) == (Decimal(11), Decimal(10), Decimal(12))
    assert found.confidence < 0.5
    assert "10〜12" in found.shown
    assert "幅" in found.shown


def test_about_is_marked_and_lowers_the_confidence_a_little() -> None:
    [found], [exact] = read_quantities("約5000kWhくらい"), read_quantities("5000kWh")
    assert found.approximate
    assert found.shown == "約 5,000 kWh"
    assert found.confidence < exact.confidence


def test_a_hint_gives_a_bare_number_its_unit_and_picks_among_several() -> None:
    bare = read_quantity("190000", "kWh/年")
    assert bare is not None
    assert (bare.value, bare.unit) == (Decimal(190000), "kWh")
    among = read_quantity("照明は150灯で、19万kWhです", "kWh/年")
    assert among is not None
    assert among.value == 190000
    assert read_quantity("わかりません", "kWh") is None


def test_hours_a_day_times_days_a_year_are_hours_a_year() -> None:
    found = read_quantity("1日10時間、年間300日", "h/年")
    assert found is not None
    assert (found.value, found.unit, found.period) == (Decimal(3000), "h", "year")


def test_kilo_means_what_is_asked_for() -> None:
    assert [q.unit for q in read_quantities("5キロ")] == ["kg"]
    found = read_quantity("120キロ走ります", "km/年")
    assert found is not None
    assert found.unit == "km"


def test_what_was_understood_is_told_in_japanese() -> None:
    assert [q.shown for q in read_quantities("月あたり19万ｋＷｈ")] == ["190,000 kWh（1か月あたり）"]


@given(
    text=st.text(max_size=60) | st.text(alphabet="0123456789万億千百十kWhLt%割〜-,. 約月日年あたり分の", max_size=40)
)
@settings(max_examples=400, deadline=None)
def test_no_text_breaks_the_reader_and_places_are_in_the_text(text: str) -> None:
    last = 0
    for found in read_quantities(text):
        assert last <= found.span[0] < found.span[1] <= len(text)
        assert found.shown
        last = found.span[1]

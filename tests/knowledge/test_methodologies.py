"""The files of methodologies and factors: complete, dated, sourced, and strict about mistakes."""

from __future__ import annotations

import re
import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from core.errors import KnowledgeError
from knowledge.factor_schema import Table
from knowledge.methodology_book import HERE, load_book

BOOK = load_book()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A knowledge folder of one's own to make mistakes in."""
    for name in ("methodologies", "factors"):
        shutil.copytree(HERE / name, tmp_path / name)
    for name in ("units.yaml", "prices.yaml", "methodology_sources.yaml"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def fault_of(folder: Path) -> str:
    with pytest.raises(KnowledgeError) as fault:
        load_book(folder)
    return fault.value.message


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_methodologies_and_formulas_are_there() -> None:
    assert len(BOOK.methodologies) == 79
    assert len(BOOK.formulas) == 52
    counts = {
        prefix: sum(key.startswith(prefix) for key in BOOK.methodologies) for prefix in ("EN-S", "EN-R", "AG", "FO")
    }
    assert counts == {"EN-S": 46, "EN-R": 11, "AG": 7, "FO": 3}


def test_every_methodology_reads_like_a_summary_with_source_and_review_date() -> None:
    for item in BOOK.methodologies.values():
        assert 10 <= len(item.summary) <= 200
        assert item.summary.endswith("。")
        assert item.eligibility
        assert item.sources
        assert item.review_by == date(2027, 3, 31)
        if item.status == "active" and "名称未確認" not in item.name:
            assert item.words, item.id


def test_the_two_nameless_numbers_are_not_guessed() -> None:
    for number in ("EN-S-042", "EN-S-046"):
        assert BOOK.methodologies[number].name == "（名称未確認）"
        assert BOOK.methodologies[number].formulas == []


def test_a_number_that_may_be_repealed_is_marked_to_be_checked() -> None:
    assert "要確認" in (BOOK.methodologies["EN-S-009"].status_note or "")


def test_everyday_words_lead_to_the_methodology() -> None:
    words = {word: item.id for item in BOOK.methodologies.values() for word in item.words}
    assert words["田んぼの水を抜く"] == "AG-005"
    assert words["水銀灯"] == "EN-S-006"
    assert words["牛のげっぷ"] == "AG-007"


def test_every_input_has_a_unit_an_example_that_fits_and_where_to_find_it() -> None:
    from actions.calculator.amounts import read_amount
    from actions.calculator.lookups import named_series

    for formula in BOOK.formulas.values():
        for item in formula.inputs:
            assert item.label_ja
            assert item.how_to_find
            if item.rows or (item.choose_from and named_series(BOOK, item.choose_from, item.example)):
                continue
            amount = read_amount(BOOK.units, item, item.example)
            assert item.usual.start <= amount.value <= item.usual.upto * 10, (formula.id, item.name, amount)


def test_no_code_of_a_source_is_left_in_what_people_read() -> None:
    for item in BOOK.methodologies.values():
        texts = [
            item.summary,
            *item.eligibility,
            *item.history,
            item.note or "",
            item.version or "",
            item.status_note or "",
        ]
        assert not [text for text in texts if re.search(r"[（(]?[MS]\d{1,2}\b|github", text)], item.id


def test_factors_say_unit_source_and_status_for_each_year() -> None:
    for factor in BOOK.factors.values():
        for value in factor.values:
            assert BOOK.source_title(value.sources)
    assert BOOK.factors["electricity.national_average"].at(2023) is not None
    assert BOOK.factors["electricity.national_average"].at(2021) is None
    assert BOOK.factors["gwp.ch4"].at(2013) is None


def test_figures_of_the_tables_are_the_published_ones() -> None:
    rice = BOOK.tables["rice.methane"]
    assert isinstance(rice, Table)
    assert len(rice.rows) == 21
    assert {row.key[0] for row in rice.rows} >= {"北海道", "中国・四国", "九州・沖縄"}
    cedar = next(row for row in BOOK.tables["forest.species"].rows if row.key == ["スギ"])
    assert [str(cedar.values[name]) for name in ("D", "BEF_le20", "BEF_gt20", "R", "CF")] == [
        "0.314",
        "1.57",
        "1.23",
        "0.25",
        "0.51",
    ]
    fuels = {fuel_set.id: fuel_set.fuels for fuel_set in BOOK.fuel_sets}
    assert [len(fuels[f"fuels.{name}"]) for name in ("shk_from_fy2023", "shk_until_fy2022", "jcredit_fy2013")] == [
        28,
        24,
        21,
    ]
    heavy = fuels["fuels.shk_from_fy2023"]["A重油"]
    assert (str(heavy.hv), str(heavy.cef)) == ("38.9", "0.07077")


def test_a_fuel_s_columns_agree_with_each_other() -> None:
    for fuel_set in BOOK.fuel_sets:
        for name, fuel in fuel_set.fuels.items():
            if fuel.tco2 is not None:
                assert float(fuel.hv * fuel.cef) == pytest.approx(float(fuel.tco2), rel=0.002), (fuel_set.id, name)


def test_a_misspelt_key_is_named_with_file_line_and_mend(copy: Path) -> None:
    change(copy / "methodologies" / "EN-S-006.yaml", "summary:", "sumary:")
    fault = fault_of(copy)
    assert re.search(r"EN-S-006\.yaml:\d+: 「sumary」— 直し方: ", fault)


def test_a_key_written_twice_is_refused(copy: Path) -> None:
    change(copy / "factors" / "gwp" / "ch4.yaml", "unit:", "unit: '-'\nunit:")
    assert re.search(r"ch4\.yaml: \d+行目: 「unit」が \d+行目にもあります", fault_of(copy))


def test_a_formula_with_an_unknown_name_is_refused(copy: Path) -> None:
    change(copy / "methodologies" / "AG-005.yaml", "area_ha * ef", "area_hectare * ef")
    assert "area_hectare" in fault_of(copy)


def test_two_values_for_one_year_are_refused(copy: Path) -> None:
    change(copy / "factors" / "electricity" / "national_average.yaml", "years: '2022'", "years: 2022-2023")
    assert "重なって" in fault_of(copy)


def test_a_year_in_another_form_is_refused_with_the_forms_that_fit(copy: Path) -> None:
    change(copy / "factors" / "electricity" / "national_average.yaml", "years: '2022'", "years: 令和4年度")
    assert "2014-2022" in fault_of(copy)


def test_an_unknown_source_or_factor_is_refused(copy: Path) -> None:
    change(copy / "methodologies" / "EN-S-006.yaml", "sources: [M5, M12, M29]", "sources: [M5, M99]")
    change(copy / "methodologies" / "EN-S-004.yaml", "electricity.national_average", "electricity.nowhere")
    fault = fault_of(copy)
    assert "M99" in fault
    assert "electricity.nowhere" in fault


def test_a_file_under_another_name_is_refused(copy: Path) -> None:
    (copy / "factors" / "gwp" / "sf6.yaml").rename(copy / "factors" / "gwp" / "sf7.yaml")
    assert "gwp.sf7" in fault_of(copy)


def test_all_files_load_within_a_second_and_a_half(copy: Path) -> None:
    start = time.perf_counter()
    load_book(copy)
    assert time.perf_counter() - start < 1.5


def test_a_repealed_methodology_says_how_sure_that_is(copy: Path) -> None:
    change(copy / "methodologies" / "EN-S-003.yaml", "status_note:", "content_note:")
    assert "status_note に、どこまで確かかを書いてください" in fault_of(copy)

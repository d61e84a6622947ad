"""What is told of a methodology: what the question asks for, no more sure than the facts."""

from __future__ import annotations

import re

import pytest

from actions.methodology_answer import methodology_answer
from actions.methodology_parts import parts_of, telling
from actions.shelf import shelf_of
from knowledge.loader import load
from knowledge.methodology_book import load_book

BOOK = load_book()
HOW = telling(BOOK.root)
TITLES = {part.id: part.title for part in HOW.parts}


def told(number: str, asked: str = "", *, detail: bool = False) -> str:
    return str(methodology_answer(BOOK.methodologies[number], BOOK, asked, detail=detail)["text"])


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("registered", "登録例は 前例はある 事例を知りたい 実例は もう登録された所は 規模は 平均で何トン 中央値は"),
        ("version", "いつ改定された いつできた 制定は 改正は 最新版は バージョンは"),
        ("history", "いつ改定された いつできた 制定は 改正は 最新版は バージョンは"),
        ("applicants", "個人でも 家の人でも 家庭は だれ向け 束ねるのは"),
        ("monitoring", "何を測る 記録は メーターは 伝票は 何を見張る データは"),
        ("baseline", "もとの状態は 比べる相手は 更新と新設の違い"),
        ("additionality", "儲かるとだめ 投資回収は 経済的な証明は 追加性は 省略は 免除は"),
        ("conditions", "条件は 対象は うちはだめ？ これも入る？ 含まれる？ OK？ 使える？ 届けは要る？"),
        ("formulas", "式は 計算は どう数える 係数は"),
    ],
)
def test_each_part_is_found_by_everyday_words(part, words):
    for asked in words.split():
        assert f"{TITLES[part]}:" in told("EN-S-002", asked), asked


@pytest.mark.parametrize(
    "asked", ["まだありますか", "廃止された？", "まだ生きている？", "なくなった？", "いま使える？"]
)
def test_whether_a_methodology_still_holds_is_told(asked):
    assert "要確認" in told("EN-S-009", asked)
    assert "確かではありません" in told("EN-S-009", asked)
    assert "いまも使える方法論に数えられています" in told("EN-S-001", asked)


def test_every_answer_about_the_candidate_for_repeal_says_that_it_is_to_be_checked():
    for asked in ("", "条件は？", "何を測る？", "登録例は？"):
        assert "要確認" in told("EN-S-009", asked)
    assert "要確認" in told("EN-S-009", detail=True)


@pytest.mark.parametrize("number", ["EN-S-003", "EN-S-026"])
def test_a_repeal_is_told_no_surer_than_the_facts_say(number):
    text = told(number, "廃止された？")
    assert "推定" in text
    assert "廃止されています" not in text


def test_the_size_of_projects_is_told_with_the_date_of_the_list_and_what_it_is_not():
    text = told("EN-S-001", "平均は何トンくらい？")
    assert all(figure in text for figure in ("73件", "11件", "62件", "178.1t-CO2", "80.3〜412.2t-CO2"))
    assert "2024年1月" in text
    assert "認証の実績でも平均でもありません" in text


def test_no_size_is_told_where_the_list_has_none():
    assert re.search(r"4件.*\n・1件あたりの見込み量は、手もとの集計にありません", told("EN-S-040", "規模は？"))
    assert "49.1t-CO2" in told("EN-S-018", "規模は？")
    assert "四分位" not in told("EN-S-003", "規模は？")


def test_a_methodology_without_projects_says_that_the_list_shows_none():
    without = [item.id for item in BOOK.methodologies.values() if not item.registered_2024_01.projects]
    assert without
    for number in without:
        assert "2024年1月の公式一覧）: この一覧の時点では、登録は1件もありません" in told(number, "登録例は？")
    assert "2025年頃の紹介でも、登録案件はない" in told("FO-002", "登録例は？")


def test_what_the_facts_do_not_hold_is_said_when_it_is_asked_for():
    assert "制定や改定の日は、手もとの資料にありません" in told("EN-S-001", "いつ制定された？")
    assert "手もとの資料にありません" not in told("EN-S-006", "いつ改定された？")


def test_a_version_s_date_is_found_by_asking_for_the_revision():
    assert "2026年3月4日" in told("EN-S-034", "いつ改定された？")


def test_the_exemption_of_households_is_told_only_where_households_are_concerned():
    exempt = BOOK.common.additionality["payback"].exempt or ""
    for number in ("EN-S-018", "EN-S-029", "EN-S-035", "IN-003"):
        assert exempt not in told(number, "追加性の証明は要る？")
    assert exempt in told("EN-S-007", "追加性の証明は要る？")
    assert exempt in told("EN-S-001", "家庭でも追加性の証明は要る？")


def test_a_renewal_that_counts_as_new_is_told_with_its_cases():
    assert "法定耐用年数の2倍を超えた" in told("EN-S-001", "もとの状態は？")


def test_a_name_does_not_ask_for_a_part():
    assert "ベースライン:" not in told("EN-S-008", "変圧器の更新の条件は？")


@pytest.mark.parametrize(
    ("number", "asked", "holds"),
    [
        ("EN-S-006", "間引きはだめ？", "照明を間引く"),
        ("EN-S-006", "ランプの定格寿命はどう見る？", "定格寿命で古さを見ます"),
        ("EN-S-002", "冷暖房だけならEN-S-004ですか", "冷暖房だけの空調は EN-S-004"),
        ("EN-S-012", "同じクラスの車", "同じクラスの標準的な車"),
        ("EN-S-018", "LNG燃料船という題名は確か？", "電動式内航タンカーの登録（Ver.3.1）"),
        ("EN-S-020", "題名は推定？", "題名は推定です"),
        ("EN-S-027", "熱負荷", "熱負荷の計算式は得られていません"),
        ("EN-R-001", "建築廃材のペレット", "建築廃材を使わない"),
        ("EN-R-002", "蓄電池を通したら", "蓄電池を通して"),
        ("EN-R-002", "津山市の計画で標本による計測", "標本による計測"),
        ("EN-R-002", "岡山連携中枢都市圏", "登録番号112"),
        ("EN-R-003", "温泉施設や農業ハウスの登録", "公式一覧の登録（温泉施設・農業ハウス・家庭）"),
        ("EN-R-004", "資源作物の稲", "水田の稲は除く"),
        ("AG-002", "写しの版", "1.0（写し）"),
        ("AG-004", "品質を示す日本バイオ炭普及会", "日本バイオ炭普及会の証明"),
        ("AG-004", "農地を転用したら", "転用・譲渡するとき"),
        ("AG-005", "日減水深", "1.22を乗じる"),
        ("AG-005", "3年目から", "3年目から参加できます"),
        ("AG-005", "第58回でフェイガー", "5,955t"),
        ("AG-007", "第41回の運営委員会", "2025年12月18日"),
        ("FO-001", "500ha", "500ha以上などの条件"),
        ("FO-001", "天然生林", "天然生林"),
        ("FO-003", "誓約書", "確認書・誓約書の様式"),
        ("IN-008", "番号と分野", "番号と分野は未確認"),
        ("WA-003", "バイオ由来の割合", "バイオ由来の割合を示せる"),
    ],
)
def test_the_sentence_that_a_question_speaks_of_is_in_the_reply(number, asked, holds):
    text = told(number, asked)
    assert holds in text
    assert len(text) <= HOW.longest + 60


def test_a_question_whose_parts_are_too_many_gets_the_best_of_them():
    text = told("EN-S-001", "条件と追加性と記録と計算と登録例と比べる相手は？ 蒸気の熱は")
    assert len(text) <= HOW.longest
    assert "蒸気" in text


def test_an_amount_that_only_another_part_tells_brings_that_part_and_not_all_of_them():
    shelf = shelf_of(load())
    text = str(shelf.answer("methodology.AG-005", "平均は何トン？")["text"])
    assert "6,220t" in text
    assert "登録は9件あります" in text
    assert "お尋ねの" not in text
    assert len(text) <= HOW.longest


def test_an_example_is_told_with_its_number_in_the_list():
    assert "登録番号122" in told("EN-S-006", "登録例は？")
    assert "登録番号162" in told("EN-R-001", "事例はありますか")


def test_a_history_does_not_repeat_its_own_number_and_says_what_a_bare_date_is():
    for item in BOOK.methodologies.values():
        for line in parts_of(item, BOOK, HOW).get("history", []):
            assert item.id not in line
            assert not re.fullmatch(r"[0-9年月日]+", line), (item.id, line)

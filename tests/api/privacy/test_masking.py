"""Masking: nothing that reaches a person stays, and the scheme's own words do."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from api.privacy.masking import known_from, mask, mask_data, warm_up
from knowledge.loader import load
from tests.soak import count

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "masked.yaml").read_text(encoding="utf-8"))
WIDE = str.maketrans("0123456789-()+ ", "０１２３４５６７８９－（）＋　")
KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")
MANY = settings(max_examples=count(150, 2000), deadline=None)
AROUND = st.sampled_from(["", "連絡先は", "電話:", "です。", "、よろしくお願いします", "LEDを100台 ", "(", "\n"])


@pytest.mark.parametrize(("said", "shown"), CASES["hidden"].items(), ids=str)
def test_what_names_or_reaches_a_person_is_covered(said: str, shown: str) -> None:
    assert mask(said) == shown
    assert mask(shown) == shown


@pytest.mark.parametrize("said", CASES["kept"])
def test_the_words_of_the_scheme_stay(said: str) -> None:
    assert mask(said) == said


def test_hardly_any_phrasing_or_answer_of_ours_is_touched() -> None:
    phrasings = [
        line.strip().removeprefix("- ")
        for path in sorted((HERE.parents[2] / "data" / "nlu").rglob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("- ") and ":" not in line
    ]
    ours = [answer.text for answer in load().answers.values()] + phrasings
    touched = [text for text in ours if mask(text) != text]
    assert len(ours) > 5000
    assert len(touched) <= len(ours) // 250, touched


def numbers() -> st.SearchStrategy[str]:
    """Japanese numbers that exist in form: landlines, mobiles, free and abroad's way to write them."""
    areas = st.sampled_from(["03", "06", "082", "086", "0853", "0859", "0868"])
    landline = areas.flatmap(
        lambda area: st.from_regex(rf"[2-9][0-9]{{{9 - len(area)}}}", fullmatch=True).map(lambda rest: area + rest)
    )
    mobile = st.from_regex(r"0[789]0[1-9][0-9]{7}", fullmatch=True)
    free = st.from_regex(r"0120[0-9]{6}", fullmatch=True)
    return st.one_of(landline, mobile, free)


def written(number: str, style: str) -> str:
    parsed = phonenumbers.parse(number, "JP")
    if style == "abroad":
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return {
        "plain": number,
        "national": national,
        "wide": national.translate(WIDE),
        "spaces": national.replace("-", " "),
        "bar": national.replace("-", "ー"),
        "brackets": national.replace("-", "(", 1).replace("-", ")", 1),
        "dots": national.replace("-", "."),
        "kanji": number.translate(KANJI),
    }[style]


STYLES = ["plain", "national", "wide", "spaces", "bar", "brackets", "dots", "kanji", "abroad"]


@MANY
@given(AROUND, numbers(), st.sampled_from(STYLES), AROUND)
def test_no_telephone_number_stays_in_any_notation(before: str, number: str, style: str, after: str) -> None:
    said = f"{before}{written(number, style)}{after}"
    shown = mask(said)
    left = re.sub(r"LEDを100台", "", shown)
    assert not re.search(r"[0-9０-９〇一二三四五六七八九]{3}", left), (said, shown)


@MANY
@given(AROUND, st.emails(), AROUND, st.booleans())
def test_no_mail_address_stays(before: str, address: str, after: str, wide: bool) -> None:
    said = f"{before}{address.replace('@', '＠') if wide else address}{after}"
    shown = mask(said)
    assert "@" not in shown.replace("＠", "@"), (said, shown)
    assert address.partition("@")[2] not in shown


@MANY
@given(st.text(max_size=300))
def test_any_text_is_masked_without_fault_and_the_second_time_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


def test_a_short_answer_to_a_personal_question_is_covered_whole() -> None:
    assert mask("ぽんた", asked="name") == "〔お名前〕"
    assert mask("まるまる農園", asked="organization") == "〔会社名〕"
    assert mask("なぜ名前が要るのですか？", asked="name") == "なぜ名前が要るのですか？"


def test_what_was_given_in_the_dialogue_is_covered_wherever_it_is_said_again() -> None:
    frame: dict[str, Any] = {"task": "book", "values": {"name": {"value": "ぽんた", "shown": "ぽんた"}}}
    slots = {"task": {"stack": [frame]}}
    known = known_from(slots)
    assert mask("ぽんた様のご予約です", known=known) == "〔お名前〕様のご予約です"
    assert "ぽんた" not in str(mask_data(slots))


def test_masking_takes_less_than_two_milliseconds() -> None:
    warm_up()
    texts = list(CASES["hidden"]) * 10
    started = time.process_time()
    for text in texts:
        mask(text)
    assert (time.process_time() - started) / len(texts) < 0.002

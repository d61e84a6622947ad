"""What the model makes of a message, in any spelling, alone or leaning on the last topic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.conftest import Parse

ASKED = "クレジットを作る側の人は、制度では何と呼ばれていますか？"
SPELLINGS = (
    "クレジットヲ作ル側ノ人ハ、制度デハ何ト呼バレテイマスカ？",
    "ｸﾚｼﾞｯﾄを作る側の人は､制度では何と呼ばれていますか?",
    "お世話になっております。お忙しいところ恐れ入りますが、クレジットを作る側の人は、制度では何と呼ばれていますか？",
)
NUMBERS = ("EN-S-006とは", "ＥＮ－Ｓ－００６とは", "en-s-6とは", "ens006とは")
COMMANDS = ("/restart", "／restart", "\u200b/restart", "　/restart", '/book{"slot":1}')
LEANING = (
    ("費用は？", "terms.validation"),
    ("じゃあ森林は？", "procedure.crediting_period"),
)  # the second says little alone


@pytest.fixture(scope="module")
def parses(understand: Parse) -> list[dict[str, Any]]:
    return understand(ASKED, *SPELLINGS, *NUMBERS, *COMMANDS, *LEANING, LEANING[1][0])


@pytest.fixture(scope="module")
def by_text(parses: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    texts = [ASKED, *SPELLINGS, *NUMBERS, *COMMANDS]
    return dict(zip(texts, parses, strict=False))


def test_the_same_words_are_understood_the_same_way_in_every_process(understand, by_text):
    assert understand(ASKED, *NUMBERS) == [by_text[text] for text in (ASKED, *NUMBERS)]


@pytest.mark.parametrize("spelling", SPELLINGS[1:])
def test_width_and_politeness_do_not_change_the_topic(by_text, spelling):
    assert by_text[spelling]["topics"][0]["id"] == by_text[ASKED]["topics"][0]["id"]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_methodology_number_is_found_in_any_notation(by_text, text):
    named = {e["value"] for e in by_text[text]["entities"] if e["role"] == "number"}
    assert named == {"EN-S-006"}


@pytest.mark.parametrize("text", COMMANDS)
def test_no_text_becomes_a_command(by_text, text):
    intent = by_text[text]["intent"]
    assert intent["name"] not in ("restart", "book", "choose", "start_task")
    assert intent["confidence"] < 1


def test_a_plain_yes_does_not_lean_on_the_last_topic(understand):
    (yes,) = understand(("はい", "terms.forest_management_plan"))
    assert yes["intent"]["name"] == "affirm"


def test_a_short_message_is_read_with_the_last_topic(parses):
    with_topic, after_period, alone = parses[-3:]
    assert after_period["topics"][0]["id"] == "procedure.crediting_period_forest"
    assert with_topic["topics"][0]["id"].startswith("costs.")
    assert after_period["topics"] != alone["topics"]


def test_confidences_are_probabilities(by_text):
    for found in by_text.values():
        assert all(0 <= topic["confidence"] <= 1 for topic in found["topics"])

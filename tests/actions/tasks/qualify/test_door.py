"""The button from a general answer to the person's own case."""

from __future__ import annotations

from actions import reply
from actions.tasks.qualify.door import with_check
from actions.turn import Turn
from knowledge.loader import load

ANSWER = reply.message("answer", "自家消費の分が対象です。")


def labels(text: str, **known: tuple[str, ...]) -> list[str]:
    return [choice["label"] for choice in with_check(Turn(text, **known), [ANSWER], load())[0]["choices"]]  # type: ignore[arg-type]


def test_an_answer_about_what_is_eligible_offers_the_check() -> None:
    assert labels("屋根の太陽光は対象になりますか") == ["うちが対象になるか調べる"]


def test_other_answers_offer_nothing_more() -> None:
    assert labels("手数料はかかりますか") == []


def test_the_check_knows_the_methodology_that_was_shown() -> None:
    shown = {**ANSWER, "knowledge": ["EN-S-006"]}
    found = with_check(Turn("LEDは対象になる？"), [shown], load())
    assert found[0]["choices"][0]["ref"]["values"] == {"activity": "EN-S-006"}

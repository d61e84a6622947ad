"""A plan that is described starts the check; a question about the scheme does not."""

from __future__ import annotations

import pytest

from tests.conversations.playing import Talk

PLANS = [
    "来年の春に、倉庫の水銀灯60台をLEDに替える予定ですが、対象になりますか。",
    "会社の営業車10台をEVに替えました。今年の4月です。",
    "柿畑で枝を炭にして土に入れる取組を今年の秋から始めるつもりです。",
]
QUESTIONS = ["LEDの審査費用はいくらですか", "うちの会社で去年太陽光を入れました。手続きの流れを教えてください"]


@pytest.mark.parametrize("text", PLANS)
def test_a_plan_starts_the_check(text: str) -> None:
    talk = Talk()
    talk.say(text, "ask")
    assert talk.messages[-1]["ask"]["field"] == "C01"


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_about_the_scheme_starts_nothing(text: str) -> None:
    talk = Talk()
    talk.say(text, "ask")
    assert not talk.open

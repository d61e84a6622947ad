"""The kind of thing that a question asks for."""

from __future__ import annotations

import pytest

from knowledge.asked_for import asked_for
from knowledge.loader import HERE


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("その工事は何円かかりましたか", "金額"),
        ("値段はいくら？", "金額"),
        ("ぜんぶで何ヘクタールありますか", "面積"),
        ("会員は何人いますか", "人数"),
        ("補助は何割ですか", "割合"),
        ("年に何トンですか", "量（トン）"),
        ("承認まで何か月かかる？", "かかる期間"),
        ("参加するとどうなりますか", None),
        ("いくらか寄付する形でもよいですか", None),
    ],
)
def test_the_words_say_what_is_asked_for(question: str, what: str | None) -> None:
    kind = asked_for(HERE).kind_of(question)
    assert (kind.what if kind else None) == what


@pytest.mark.parametrize(("text", "told"), [("年に１２トンです", True), ("毎年へります", False)])
def test_an_answer_tells_an_amount_or_it_does_not(text: str, told: bool) -> None:
    kind = asked_for(HERE).kind_of("何トンですか")
    assert kind
    assert kind.told_in(text) is told

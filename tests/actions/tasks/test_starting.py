"""What a message outside every task begins, and what is answered before."""

from __future__ import annotations

from typing import Any

import pytest

from actions.tasks.starting import opened_by, said_first
from actions.tasks.world import World
from actions.turn import Topic, Turn
from knowledge.loader import load


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(load(), {})


def turn(text: str, *topics: tuple[str, float], **more: Any) -> Turn:
    return Turn(text, **{"intent": "ask", "confidence": 0.9, "topics": tuple(Topic(*t) for t in topics), **more})


def test_a_question_beside_a_plan_is_answered_before_the_check(world):
    asked = turn(
        "店の照明を去年の春にLEDに替えました。登録は間に合いますか？",
        ("requirements.two_year_rule", 0.55),
        methodologies=("EN-S-006",),
    )
    assert opened_by(asked, world) == "qualify"
    answers, _ = said_first("qualify", asked, world)
    assert [a["knowledge"] for a in answers] == [["requirements.two_year_rule"]]
    assert all(not a["choices"] for a in answers)


def test_a_question_with_several_near_answers_is_asked_back_with_the_task_as_one_button(world):
    near = (("requirements.two_year_rule", 0.3), ("costs.overview", 0.28))
    asked = turn("ボイラーの件は、どこから手を付けるものなんでしょうか？", *near, intent="qualify")
    (back,), talk = said_first("qualify", asked, world)
    assert back["kind"] == "clarify"
    assert {"type": "task", "task": "qualify"} in [choice["ref"] for choice in back["choices"]]
    assert talk["clarified"]


def test_a_button_begins_its_task_with_nothing_before(world):
    pressed = turn("対象になるか調べる", choice={"type": "task", "task": "qualify"})
    assert said_first("qualify", pressed, world) == ([], {})


@pytest.mark.parametrize(
    "text",
    ["田んぼ30haで中干しを延ばしたら、何トンくらい減る？", "ヒノキ林50ヘクタールの吸収量を見積もってください"],
)
def test_an_amount_of_ones_own_with_how_much_begins_the_estimate(world, text):
    assert opened_by(turn(text, ("agriculture.nakaboshi_example", 0.4)), world) == "estimate"


def test_a_question_with_its_answer_begins_nothing(world):
    assert opened_by(turn("創出者とは何ですか？", ("scheme.actors", 0.9)), world) is None


def test_a_plan_told_in_dialect_is_checked_and_not_calculated(world):
    told = turn(
        "うちの山、間伐したばっかりなんじゃがクレジットになるんかのう", methodologies=("FO-001",), intent="qualify"
    )
    assert opened_by(told, world) == "qualify"

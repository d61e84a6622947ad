"""What is said to a message outside a task."""

from __future__ import annotations

from typing import Any

import pytest

from actions.answering import answer_turn, certainty
from actions.language import foreign_language
from actions.shelf import shelf_of
from actions.turn import Question, Topic, Turn
from knowledge.asked_for import asked_for
from knowledge.loader import HERE, Knowledge, load


@pytest.fixture(scope="module")
def knowledge():
    return load()


def turn(text: str, *topics: tuple[str, float], **more: Any) -> Turn:
    known = {"intent": "ask", "confidence": 0.9, "topics": tuple(Topic(*found) for found in topics)}
    return Turn(text, **{**known, **more})


def said(knowledge: Knowledge, asked: Turn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    return answer_turn(asked, knowledge)


def test_a_sure_topic_is_answered_with_source_date_and_status(knowledge):
    (answer,), talk = said(knowledge, turn("創出者とは？", ("scheme.actors", 0.9)))
    assert answer["kind"] == "answer"
    assert answer["knowledge"] == ["scheme.actors"]
    assert all(source["as_of"] and source["status"] for source in answer["sources"])
    assert talk == {"topic": "scheme.actors"}


def test_the_same_words_always_get_the_same_reply(knowledge):
    asked = turn("創出者とは？", ("scheme.actors", 0.4), ("costs.overview", 0.39))
    assert [said(knowledge, asked) for _ in range(3)] == [said(knowledge, asked)] * 3


def test_what_is_not_known_is_declined_with_a_next_step(knowledge):
    (answer,), _ = said(knowledge, turn("明日の天気", ("scheme.actors", 0.01)))
    assert answer["kind"] == "decline"
    assert answer["choices"]


def test_far_apart_near_ties_are_asked_back_once_and_never_twice(knowledge):
    tied = (("scheme.actors", 0.28), ("costs.overview", 0.27))
    (first,), talk = said(knowledge, turn("これは？", *tied))
    assert first["kind"] == "clarify"
    (second,), _ = said(knowledge, turn("これは？", *tied, talk=talk))
    assert second["kind"] != "clarify"


def test_near_answers_that_belong_together_are_both_given(knowledge):
    answers, _ = said(
        knowledge, turn("登録の数は？", ("scheme.registered_projects", 0.4), ("scheme.certified_volume", 0.35))
    )
    assert [a["knowledge"] for a in answers] == [["scheme.registered_projects"], ["scheme.certified_volume"]]


def test_answers_on_the_same_fact_add_up(knowledge):
    shelf = shelf_of(knowledge)
    one = next(a for a in knowledge.answers.values() if len(knowledge.answers_for_fact(a.facts[0])) > 1)
    other = next(a for a in knowledge.answers_for_fact(one.facts[0]) if a.id != one.id)
    alone = certainty([Topic(one.id, 0.3)], shelf)
    assert certainty([Topic(one.id, 0.3), Topic(other.id, 0.3)], shelf) > alone


def test_two_questions_in_one_message_are_both_answered(knowledge):
    parts = (
        Question("創出者とは？", (Topic("scheme.actors", 0.8),)),
        Question("費用は？", (Topic("costs.overview", 0.8),)),
    )
    answers, _ = said(knowledge, turn("創出者とは？費用は？", ("scheme.actors", 0.5), questions=parts))
    assert [a["knowledge"] for a in answers] == [["scheme.actors"], ["costs.overview"]]


def test_a_methodology_named_by_number_comes_before_guesses(knowledge):
    asked = turn("EN-S-006の中身", ("methodology.EN-S-042", 0.6), named_methodologies=("EN-S-006",))
    (answer,), talk = said(knowledge, asked)
    assert answer["knowledge"] == ["EN-S-006"]
    assert talk == {"topic": "methodology.EN-S-006"}


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("条件は？", "おもな条件"),
        ("何を測る？", "測るもの"),
        ("追加性は？", "追加性"),
        ("いつできた？", "制定・改定の日"),
        ("計算は？", "計算の考え方"),
    ],
)
def test_a_methodology_tells_first_what_was_asked(knowledge, words, heading):
    (answer,), _ = said(knowledge, turn(f"AG-005の{words}", ("methodology.AG-005", 0.9)))
    assert heading in answer["text"]


def test_every_methodology_can_be_told_with_source_and_date(knowledge):
    shelf = shelf_of(knowledge)
    for found in shelf.book.methodologies:
        for told in (shelf.answer(f"methodology.{found}"), shelf.detail(f"methodology.{found}")):
            assert told
            assert told["text"]
            assert all(source["as_of"] for source in told["sources"])


def test_more_shows_the_detail_of_the_last_topic(knowledge):
    found = next(a for a in knowledge.answers.values() if a.detail)
    (answer,), _ = said(knowledge, turn("もっと詳しく", intent="more", talk={"topic": found.id}))
    assert answer["text"] == found.detail


def test_more_without_a_topic_asks_which(knowledge):
    (answer,), _ = said(knowledge, turn("もっと詳しく", intent="more"))
    assert answer["kind"] == "clarify"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the J-Credit scheme?", "en"),
        ("什么是碳信用？我们怎么申请", "zh"),
        ("상담하고 싶어요", "ko"),
        ("Tôi muốn hỏi về tín chỉ", "vi"),
        ("Bonjour, je voudrais des crédits", "en"),
        ("審査費用は？", None),
        ("EN-S-006", None),
        ("CO2", None),
    ],
)
def test_a_foreign_message_is_told_by_its_script(text, language):
    assert foreign_language(text) == language


def test_what_the_answer_cannot_tell_is_said_before_what_it_tells(knowledge):
    (answer,), _ = said(knowledge, turn("津山ロールのメーカー名は？", ("region.tsuyama_roll", 0.9)))
    assert answer["kind"] == "answer"
    assert answer["text"].startswith("お尋ねのメーカーや型番は、手もとの資料では分かりません。")
    assert knowledge.answers["region.tsuyama_roll"].text in answer["text"]


def test_a_round_that_the_answer_does_not_speak_of_is_named_as_unknown(knowledge):
    (answer,), _ = said(knowledge, turn("第98回入札の平均は？", ("trading.tender_results", 0.9)))
    assert answer["text"].startswith("お尋ねの「第98回」は、手もとの資料では分かりません。")


def test_a_date_that_stands_in_the_longer_part_only_is_shown_at_once(knowledge):
    shelf, kind = shelf_of(knowledge), asked_for(HERE).kind_of("何年何月のことですか")
    assert kind
    longer = next(
        a for a in knowledge.answers.values() if a.detail and not kind.told_in(a.text) and kind.told_in(a.detail)
    )
    assert longer.detail in shelf.answer(longer.id, "何年何月のことですか")["text"]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("再来年にはクレジットの値段は上がると思いますか", "no_forecast"),
        ("いま買うのと冬まで待つの、買い時はどっち", "no_forecast"),
        ("評判のいい審査機関を一社だけ挙げて", "no_recommendation"),
        ("おすすめのコンサルを紹介して", "no_recommendation"),
    ],
)
def test_forecasts_and_recommendations_are_never_given(knowledge: Knowledge, text: str, phrase: str) -> None:
    (answer,), _ = said(knowledge, turn(text, ("trading.latest_prices", 0.99)))
    assert answer["kind"] == "decline"
    assert answer["text"] == knowledge.phrases[phrase].text


@pytest.mark.parametrize(
    "text", ["直近の価格を教えて", "審査機関はどこにありますか", "排出枠の値段は今後上がるのですか"]
)
def test_past_prices_and_plain_questions_are_not_taken_for_forecasts(knowledge: Knowledge, text: str) -> None:
    (answer,), _ = said(knowledge, turn(text, ("trading.latest_prices", 0.99)))
    assert answer["kind"] == "answer"


def test_who_does_not_know_what_to_say_is_helped_on_and_gets_no_old_answer_again(knowledge: Knowledge) -> None:
    lost = turn("わからない", ("scheme.actors", 0.4), intent="unknown", confidence=0.9, talk={"topic": "scheme.actors"})
    (answer,), talk = said(knowledge, lost)
    assert answer["text"] == knowledge.phrases["unknown"].text
    assert talk == {"topic": "scheme.actors"}


def test_a_whole_message_that_is_sure_is_not_split_into_other_answers(knowledge):
    parts = (
        Question("全部売りました。", (Topic("scheme.actors", 0.4),)),
        Question("報告は要りますか？", (Topic("costs.overview", 0.4),)),
    )
    asked = turn("全部売りました。報告は要りますか？", ("use.transfer_adjustment", 0.9), questions=parts)
    answers, _ = said(knowledge, asked)
    assert [a["knowledge"] for a in answers] == [["use.transfer_adjustment"]]


def test_two_answers_are_given_where_both_are_likely(knowledge):
    answers, _ = said(knowledge, turn("どちらも？", ("scheme.actors", 0.9), ("costs.overview", 0.7)))
    assert [a["knowledge"] for a in answers] == [["scheme.actors"], ["costs.overview"]]


def test_a_named_methodology_leaves_no_place_for_guesses_about_others(knowledge):
    asked = turn("EN-S-006の中身", ("methodology.EN-S-042", 0.6), named_methodologies=("EN-S-006",))
    answers, _ = said(knowledge, asked)
    assert [a["knowledge"] for a in answers] == [["EN-S-006"]]


def test_what_lies_beyond_the_facts_is_said_before_the_nearest_answer(knowledge):
    asked = turn("登録簿は英語で使えますか", ("trading.registry", 0.8), intent="beyond")
    (answer,), _ = said(knowledge, asked)
    assert answer["text"].startswith("お尋ねのことは、手もとの資料では分かりません")
    assert answer["knowledge"] == ["trading.registry"]

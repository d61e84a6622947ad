"""Through the front door of the whole system: the seed's facts, with figures, source and date."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.conftest import Visitor

pytestmark = pytest.mark.house
CASES = yaml.safe_load((Path(__file__).parent / "seed_facts.yaml").read_text(encoding="utf-8"))
ASKED = [(question, case["shows"]) for case in CASES for question in case["questions"]]


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize(("question", "shows"), ASKED, ids=[question for question, _ in ASKED])
def test_a_fact_of_the_seed_is_answered_with_its_exact_figures(
    visitor: Visitor, question: str, shows: list[str]
) -> None:
    replies = visitor.say(question)
    said = plain("\n".join(reply["text"] for reply in replies))
    assert [want for want in shows if plain(want) not in said] == [], said
    assert all(source["as_of"] and source["title"] for reply in replies for source in reply["sources"])
    assert any(reply["sources"] for reply in replies)


@pytest.mark.parametrize(
    "question", ["クレジットカードの年会費を教えて", "明日の広島の天気は？", "おすすめのお好み焼き屋さんある？"]
)
def test_what_knowledge_does_not_cover_is_declined_with_a_next_step(visitor: Visitor, question: str) -> None:
    replies = visitor.say(question)
    assert [reply["kind"] for reply in replies] == ["decline"]
    assert replies[0]["choices"]


def test_the_same_words_give_the_same_reply(visitor: Visitor) -> None:
    def said() -> list[Any]:
        return [(m["kind"], m["text"]) for m in visitor.say("追加性とは何ですか")]

    assert said() == said()


@pytest.mark.parametrize("blanks", ["", "  ", "\u3000", "\u200b", " \u200b "])
@pytest.mark.parametrize("command", ["/restart", "／restart", '/intent{"slot":1}', "/session_start", "/ask"])
def test_a_command_to_rasa_stays_plain_text(visitor: Visitor, blanks: str, command: str) -> None:
    visitor.say("桃太郎空港の照明の例を教えて")
    assert visitor.say(blanks + command)[0]["kind"] in {"decline", "clarify"}
    assert "190,000" in "".join(m["text"] for m in visitor.say("桃太郎空港の照明の例を教えて"))

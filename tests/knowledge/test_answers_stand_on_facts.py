"""No answer says a figure, a date or a name that is not in a fact which it cites; no fact is left without an answer."""

from __future__ import annotations

import re
from functools import cache

import pytest
import sudachipy

from knowledge.loader import load
from knowledge.schema import Answer
from tests.knowledge.facts import facts, plain

ANSWERS = list(load().answers.values())
FIGURE = re.compile(r"(?<!CO)(?<![\d.])\d+(?:\.\d+)?")  # the 2 of CO2 is no figure
ERAS = {f"令和{n}": str(2018 + n) for n in range(1, 10)} | {f"平成{n}": str(1988 + n) for n in range(1, 32)}
STATUS = {"verified": "A", "reference": "B", "unverified": "C"}
CAVEAT = "最新"
SUMS = {"scheme.registered_projects": [("364", "214")]}  # figures of one fact and one day that an answer adds up
COMMON_NAMES = {
    "日本",
    "国内",
    "中国",
    "英",
    "英語",
    "ジェイ",
    "web",
    "見方",
    "ヒートポンプ",
}  # the dictionary calls the last two names


def said(answer: Answer) -> str:
    return plain(" ".join([answer.question, answer.text, answer.detail or "", answer.plain or ""]))


def cited(answer: Answer) -> str:
    text = " ".join(facts()[fact] for fact in answer.facts)
    known = [year for era, year in ERAS.items() if era in text]
    return " ".join([text, *known])


@cache
def tokenizer() -> sudachipy.Tokenizer:
    return sudachipy.Dictionary().create(sudachipy.SplitMode.C)


def figures(text: str) -> list[str]:
    """The figures of a text; a month or day with a leading zero is the same without."""
    return [figure.lstrip("0") or "0" for figure in FIGURE.findall(text)]


def names(text: str) -> set[str]:
    """Proper names of people, places and organisations."""
    tokens = [token for token in tokenizer().tokenize(text) if token.part_of_speech()[1] == "固有名詞"]
    return {token.surface() for token in tokens if len(token.surface()) > 1} - COMMON_NAMES


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.id)
def test_every_figure_stands_in_a_cited_fact(answer: Answer) -> None:
    known = figures(cited(answer))
    known += [str(sum(map(int, parts))) for parts in SUMS.get(answer.id, []) if set(parts) <= set(known)]
    assert [figure for figure in figures(said(answer)) if figure not in known] == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.id)
def test_every_name_stands_in_a_cited_fact(answer: Answer) -> None:
    known = cited(answer).lower()
    assert [name for name in sorted(names(said(answer))) if name.lower() not in known] == []


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.id)
def test_the_status_is_no_better_than_the_best_cited_fact(answer: Answer) -> None:
    found = [re.findall(r"確度:([ABC])", facts()[fact]) for fact in answer.facts if fact.startswith("SC")]
    grades = sorted(grade for grades in found for grade in grades)
    assert not grades or STATUS[answer.status] >= grades[0]


@pytest.mark.parametrize("answer", [a for a in ANSWERS if a.status == "unverified"], ids=lambda answer: answer.id)
def test_what_is_unverified_says_to_check_the_newest_information(answer: Answer) -> None:
    assert CAVEAT in answer.text


@pytest.mark.parametrize("fact", sorted(number for number in facts() if number.startswith(("SC", "GL"))))
def test_every_fact_and_term_can_be_reached_by_an_answer(fact: str) -> None:
    assert load().answers_for_fact(fact)

"""The judge itself: what counts as right, wrong, declined and asked back."""

from __future__ import annotations

from typing import Any

import pytest

from actions.shelf import Shelf, shelf_of
from evaluation.judging import judge
from evaluation.page import write_page
from evaluation.questions import Question
from evaluation.tables import printed, row
from knowledge.loader import load


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return shelf_of(load())


def parse(*topics: tuple[str, float], intent: str = "ask") -> dict[str, Any]:
    ranked = [{"id": name, "confidence": sure} for name, sure in topics]
    return {"intent": {"name": intent, "confidence": 0.9}, "entities": [], "topics": ranked, "questions": [], "ms": 1}


def question(
    kind: str = "in_scope", *, facts: tuple[str, ...] = (), must: tuple[str, ...] = (), expect: str = ""
) -> Question:
    return Question("X1", "創出者とは？", "", frozenset(facts), must, kind, "easy", expect)


def test_an_answer_with_a_right_fact_is_correct(shelf):
    assert judge(question(facts=("SC-016",)), parse(("scheme.actors", 0.9)), shelf).outcome == "correct"


def test_an_answer_that_lacks_the_figure_is_wrong(shelf):
    asked = question(facts=("SC-016",), must=("9876",))
    assert judge(asked, parse(("scheme.actors", 0.9)), shelf).outcome == "wrong"


def test_an_answer_about_something_else_is_wrong(shelf):
    assert judge(question(facts=("SC-271",)), parse(("scheme.actors", 0.9)), shelf).outcome == "wrong"


def test_knowing_nothing_is_a_decline(shelf):
    assert judge(question(facts=("SC-016",)), parse(("scheme.actors", 0.01)), shelf).outcome == "declined"


def test_a_question_back_with_the_right_button_is_clarified(shelf):
    near = parse(("costs.overview", 0.25), ("scheme.actors", 0.24))
    assert judge(question(facts=("SC-016",)), near, shelf).outcome == "clarified"


def test_an_answer_to_something_off_topic_is_wrong(shelf):
    assert judge(question("off_topic"), parse(("scheme.actors", 0.9)), shelf).outcome == "wrong"
    assert judge(question("off_topic"), parse(("scheme.actors", 0.01)), shelf).outcome == "correct"


def test_a_started_task_is_right_only_where_it_was_asked_for(shelf):
    assert judge(question("flow", expect="book"), parse(intent="book"), shelf).outcome == "correct"
    assert judge(question(facts=("SC-016",)), parse(intent="book"), shelf).outcome == "wrong"


def test_the_report_and_the_page_are_written(shelf, tmp_path):
    judged = [judge(question(facts=("SC-016",)), parse(("scheme.actors", 0.9)), shelf)]
    assert row("x", judged).correct == 1
    assert "制度の質問" in printed(judged, judged, shelf)
    write_page(tmp_path / "index.html", judged, judged, shelf)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "<svg" in page
    assert "<script" not in page

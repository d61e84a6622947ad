"""The development questions measure something only as long as nobody trains on them."""

from __future__ import annotations

import re
import unicodedata

import yaml

from evaluation.questions import ROOT, read_questions

MEANINGLESS = re.compile(r"[\s、。？?！!・…「」『』〜~ー\-]")
TOO_SHORT = 8
"""Greetings and single words that anybody says are no leak."""


def bare(text: str) -> str:
    return MEANINGLESS.sub("", unicodedata.normalize("NFKC", text).lower())


def phrasings() -> dict[str, str]:
    found = {}
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            for line in block["examples"].strip().splitlines():
                found[bare(line.strip().removeprefix("- "))] = f"{path.name}: {line.strip()}"
    return found


def test_no_development_question_stands_in_the_training_data():
    said = phrasings()
    leaked = {
        q.id: said[bare(q.text)] for q in read_questions() if bare(q.text) in said and len(bare(q.text)) > TOO_SHORT
    }
    assert leaked == {}


def test_every_question_says_what_is_right():
    for question in read_questions():
        assert question.facts or question.kind != "in_scope", question.id
        assert question.expect or question.kind != "flow", question.id

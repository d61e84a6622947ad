"""Conversations that end in a verdict: what is asked, what is found, how many questions it takes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from knowledge.yaml_file import read_data
from tests.actions.tasks.qualify.persons import Person, run
from tests.conversations.playing import play

FOLDER = Path(__file__).parent
WORDS = {"likely": "対象見込み", "needs_check": "要確認", "unlikely": "対象外"}
FORMS = {"normal": ("通常型",), "program": ("プログラム型",), "either": ("通常型", "プログラム型")}
MOST = 12


@cache
def people() -> dict[str, Any]:
    return dict(read_data(FOLDER / "people.yaml"))


def cases() -> list[dict[str, Any]]:
    return list(read_data(FOLDER / "verdicts.yaml"))


def person_of(case: dict[str, Any]) -> Person:
    base = people()[case["person"]]
    ticks = ({*base.get("ticks", ())} | {*case.get("ticks", ())}) - {*case.get("untick", ())}
    says = {**base.get("says", {}), **case.get("with", {})}
    clock = case.get("clock", "2026-11-23T10:00:00")
    return Person(case.get("opening", base["opening"]), says, frozenset(ticks), clock)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in cases()])
def test_the_verdict_is_as_the_rules_say(case: dict[str, Any]) -> None:
    found = run(person_of(case))
    card, text = found.card, found.message["text"]
    reasons = {reason["rule_id"]: reason for reason in card["reasons"]}
    assert card["verdict"] == case["verdict"], (found.asked, text)
    for rule_id, outcome in case.get("outcomes", {}).items():
        assert rule_id in reasons, (rule_id, list(reasons), found.asked)
        assert reasons[rule_id]["outcome"] == outcome, reasons[rule_id]
    assert card["project_form"] == case.get("form", card["project_form"]), text
    if "methodology" in case:
        assert card["methodology_ids"] == [case["methodology"]]
    assert found.questions <= case.get("most", MOST), found.asked
    assert WORDS[case["verdict"]] in text
    assert all(word in text for word in FORMS[card["project_form"]])
    assert all(part in text for part in case.get("has", ()))
    labels = [choice["label"] for choice in found.message["choices"]]
    assert all(label in labels for label in case.get("buttons", ()))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in read_data(FOLDER / "offset.yaml")])
def test_the_way_to_offset_goes_as_written(case: dict[str, Any]) -> None:
    play(case)


def test_there_are_enough_conversations_of_every_kind() -> None:
    every = cases()
    methodologies = {case["methodology"] for case in every if "methodology" in case}
    assert len(every) >= 60
    assert len(methodologies) >= 20
    assert {case["verdict"] for case in every} == set(WORDS)

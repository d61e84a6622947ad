"""The same facts give the same verdict, in any order and however many of them are asked for."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.tasks.engine import step
from actions.tasks.qualify.facts import Facts
from actions.tasks.qualify.fields import plan
from actions.tasks.qualify.judging import finding, findings, worst
from actions.tasks.qualify.verdict import finish
from actions.tasks.state import Frame, Given, State
from actions.tasks.world import World
from actions.turn import Turn
from core.clock import TOKYO
from knowledge.schema_screening import Rule, Verdict
from knowledge.screening_book import load_screening
from tests.conversations.playing import knowledge

BOOK = load_screening()
WORLD = World(knowledge(), datetime(2026, 11, 23, 10, tzinfo=TOKYO), release="test")
TASK = knowledge().tasks["qualify"]
METHODOLOGIES = [*sorted(BOOK.sets), "EN-S-021", "AG-006"]
NUMBERS = {
    "C04.age": ("5 年", "30 年", "31 年"),
    "C04.useful_life": ("15 年",),
    "C06": ("1 倍", "1.5 倍", "1.6 倍"),
    "C08.capex": ("2990000 円", "3000000 円", "9000000 円"),
    "C08.subsidy": ("0 円",),
    "C08.saving": ("1000000 円", "0 円"),
    "S1-3.eff_before": ("85 %",),
    "S1-3.eff_after": ("80 %", "95 %"),
    "S4-2.before": ("3",),
    "S4-2.after": ("3", "5"),
    "SA5-2": ("6 日", "7 日"),
    "S6-1.w_bl": ("400 W",),
    "S6-1.n_bl": ("100 灯",),
    "S6-1.w_pj": ("100 W", "500 W"),
    "S6-1.n_pj": ("100 灯", "1000 灯"),
    "S6-1.hours": ("3000 h",),
}
DATES = ("future", "2024-11-23", "2024-11-22", "2026-01-15")
CAUTION: tuple[Verdict, ...] = ("needs_check",)
MANY = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def everything(methodology: str, seed: int) -> dict[str, Given]:
    """One answer to every rule that can be asked of a plan."""
    draw = random.Random(seed)
    said: dict[str, Any] = {"activity": methodology}
    for rule in BOOK.rules_for(methodology):
        said |= _answer(rule, draw)
    life, own = BOOK.useful_life(methodology), BOOK.sets.get(methodology)
    said["C04.useful_life"] = f"{life.years if life else 15} 年"
    said["C09"] = said["C09"] if own and own.home else "no"  # nobody else is asked
    said["C08.subsidy"] = "0 円" if said["C10"] == "none" else "100000 円"
    return {name: Given(value=value, shown=str(value)) for name, value in said.items()}


def _answer(rule: Rule, draw: random.Random) -> dict[str, Any]:
    if not rule.is_asked:
        return {}
    if rule.type == "date":
        return {rule.id: draw.choice(DATES)}
    if rule.parts:
        names = [f"{rule.id}.{part.id}" for part in rule.parts]
        return {name: draw.choice(NUMBERS[name]) for name in names}
    if rule.id in NUMBERS:
        return {rule.id: draw.choice(NUMBERS[rule.id])}
    answers = [o.value for o in rule.choices] or [rule.box.value, rule.box.otherwise]  # type: ignore[union-attr]
    good = [a for a in answers if (found := rule.outcome(str(a))) and found.verdict == "likely"]
    return {
        rule.id: draw.choice(good)
        if good and draw.random() < 0.85
        else draw.choice([a for a in answers if a != "open"])
    }


def asked_and_told(facts: dict[str, Given], order: random.Random | None = None) -> dict[str, Given]:
    """Only what the dialogue asks for; with `order`, one of the open questions at a time in any order."""
    told = {"activity": facts["activity"]}
    for _ in range(60):
        fields = [item for item in plan(TASK, told, WORLD).fields if not item.on_request and item.id not in told]
        if not fields:
            return told
        item = order.choice(fields) if order else fields[0]
        told[item.id] = facts.get(item.id, Given(value=None))
    raise AssertionError("終わりません")


def verdict_of(values: dict[str, Given]) -> str:
    return str(finish(TASK, values, WORLD).messages[0]["card"]["verdict"])


@MANY
@given(methodology=st.sampled_from(METHODOLOGIES), seed=st.integers(0, 10**6))
def test_the_few_questions_give_the_verdict_that_all_answers_would_give(methodology: str, seed: int) -> None:
    facts = everything(methodology, seed)
    found = [item.verdict for item in findings(Facts(facts, WORLD))]
    every = worst([*found, *(() if methodology in BOOK.sets else CAUTION)])
    assert verdict_of(asked_and_told(facts)) == every


@MANY
@given(methodology=st.sampled_from(METHODOLOGIES), seed=st.integers(0, 10**6), order=st.integers(0, 10**6))
def test_the_order_of_the_answers_does_not_matter(methodology: str, seed: int, order: int) -> None:
    facts = everything(methodology, seed)
    assert verdict_of(asked_and_told(facts, random.Random(order))) == verdict_of(asked_and_told(facts))


@MANY
@given(methodology=st.sampled_from(METHODOLOGIES), seed=st.integers(0, 10**6))
def test_every_reason_names_its_rule_source_date_and_status(methodology: str, seed: int) -> None:
    card = finish(TASK, asked_and_told(everything(methodology, seed)), WORLD).messages[0]["card"]
    for reason in card["reasons"]:
        assert reason["rule_id"]
        assert reason["text"]
        assert "{" not in reason["text"]
        assert reason["source"]
        assert reason["as_of"]
        assert reason["status"] in ("verified", "reference", "unverified")
        assert reason["outcome"] in ("likely", "needs_check", "unlikely")
    assert all(isinstance(item, str) and "{" not in item for item in card["todo"])


@MANY
@given(methodology=st.sampled_from(METHODOLOGIES), seed=st.integers(0, 10**6))
def test_a_rule_that_is_not_verified_never_excludes(methodology: str, seed: int) -> None:
    facts = Facts(everything(methodology, seed), WORLD)
    for item in findings(facts):
        assert item.verdict != "unlikely" or item.rule.status == "verified"


@settings(max_examples=60, deadline=None)
@given(methodology=st.sampled_from(METHODOLOGIES), seed=st.integers(0, 10**6))
def test_the_case_that_is_kept_holds_answers_outcomes_and_release(methodology: str, seed: int) -> None:
    message = finish(TASK, asked_and_told(everything(methodology, seed)), WORLD).messages[0]
    command = message["command"]
    assert (command["type"], command["kind"]) == ("case", "verdict")
    assert command["data"]["type"] == "verdict"
    assert command["data"]["release"] == "test"
    assert command["data"]["answers"]["activity"]["value"] == methodology
    reasons = {reason["rule_id"]: reason["outcome"] for reason in message["card"]["reasons"]}
    assert command["data"]["outcomes"] == reasons


def test_a_turn_changes_nothing_but_what_it_returns() -> None:
    values = {"activity": Given(value="EN-S-006", shown="LED"), "C02": Given(value="2025-06", shown="2025年6月")}
    state = State(stack=(Frame(task="qualify", values=values, asked=("C05", "C14")),))
    before = state.as_slot()
    turn = Turn(text="どちらもあります", intent="inform", confidence=0.9)
    first, second = step(turn, state, WORLD), step(turn, state, WORLD)
    assert state.as_slot() == before
    assert first.state.as_slot() == second.state.as_slot()
    assert list(first.messages) == list(second.messages)


def test_a_rule_with_an_unknown_answer_is_to_be_checked() -> None:
    for rule in BOOK.common.rules:
        if rule.outcome("missing") and rule.scope == "all" and rule.is_asked:
            facts = Facts({"activity": Given(value="EN-S-006"), rule.id: Given(value=None)}, WORLD)
            found = finding(rule, facts)
            assert found is not None, rule.id
            assert found.verdict == "needs_check"

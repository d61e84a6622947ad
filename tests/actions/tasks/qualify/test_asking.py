"""How few questions it takes, what they look like, and how fast a turn is."""

from __future__ import annotations

import time

import pytest

from actions.tasks.qualify.facts import Facts
from actions.tasks.qualify.judging import can_change, level
from actions.tasks.state import State
from actions.tasks.world import World
from tests.actions.tasks.qualify.persons import NONE, Person, run
from tests.actions.tasks.qualify.test_properties import BOOK, WORLD
from tests.conversations.playing import Talk, knowledge
from tests.conversations.qualify.test_verdicts import cases, person_of

TYPICAL, ANY = 8, 12
SHORT = "去年水銀灯100灯をLEDに替えた、補助金なし。うちは対象？"


def test_the_opening_message_answers_four_questions() -> None:
    talk = Talk()
    talk.say(SHORT, "qualify")
    assert {"activity", "C02", "C03", "C10"} <= set(talk.values)
    assert talk.messages[-1]["ask"]["fields"][:6] == ["C01", "C11", "C12", "C13", "C17", "C18"]


def test_nobody_is_asked_more_than_twelve_questions_and_most_no_more_than_eight() -> None:
    counts = sorted(run(person_of(case)).questions for case in cases())
    assert counts[-1] <= ANY
    assert counts[int(len(counts) * 0.8)] <= TYPICAL


def test_boxes_end_with_exactly_one_that_says_none() -> None:
    talk = Talk()
    talk.say(SHORT, "qualify")
    labels = [choice["label"] for choice in talk.messages[-1]["choices"]]
    assert labels.count(NONE) == 1
    assert labels[-1] == NONE


def test_only_what_can_change_the_verdict_is_asked() -> None:
    rules = {rule.id: rule for rule in [*BOOK.common.rules, *(r for s in BOOK.sets.values() for r in s.rules)]}
    talk, way = Talk(), Person(SHORT, {})
    talk.say(way.opening, "qualify")
    for _ in range(20):
        ask = talk.messages[-1]["ask"]
        if ask is None:
            return
        facts = Facts(State.read(talk.slot).stack[-1].values, WORLD)
        reached = level(facts)
        for name in ask.get("fields", [ask["field"]]):
            rule = rules[name.partition(".")[0]]
            assert rule.id in ("C09", "C19") or rule.needed_when or can_change(rule, facts, reached), name
        talk.tick([NONE]) if ask["type"] == "checks" else talk.say("わからない")


def test_a_farmer_is_not_asked_about_equipment() -> None:
    found = run(Person("田んぼの中干しを延ばしたい", {"SA5-2": "7日"}))
    assert not {name for names in found.asked for name in names} & {"C03", "C04.age", "C05", "C07", "C08.capex"}


def test_an_exclusion_ends_at_once_with_the_next_step_and_another_way() -> None:
    talk = Talk()
    talk.say("5年前にLEDに替えた。対象？", "qualify")
    card = talk.messages[-1]["card"]
    assert card["verdict"] == "unlikely"
    assert any("検収書" in item for item in card["todo"])
    assert "別の設備で調べる" in [choice["label"] for choice in talk.messages[-1]["choices"]]


def test_the_days_to_the_limit_are_told() -> None:
    talk = Talk()
    talk.say("2025年11月30日に工場の変圧器を更新した。補助金なし", "qualify")
    for text in ("どれにも当てはまらない", "わからない"):
        talk.say(text)
    assert "あと372日" in talk.messages[-1]["text"] or any(
        "あと372日" in item for item in talk.messages[-1]["card"]["todo"]
    )


def test_a_correction_after_the_verdict_gives_a_new_one() -> None:
    talk = Talk()
    talk.say("5年前にLEDに替えた。対象？", "qualify")
    talk.say("間違えた、去年の6月です")
    assert talk.values["C02"] == "2025-06"
    assert talk.messages[-1]["ask"] or talk.messages[-1]["card"]["verdict"] != "unlikely"


def test_another_plan_starts_without_the_old_answers() -> None:
    talk = Talk()
    talk.say("5年前にLEDに替えた。対象？", "qualify")
    talk.press("別の設備で調べる")
    assert talk.asked == "activity"
    assert talk.values == {}


def test_the_estimate_goes_on_with_the_numbers() -> None:
    talk = Talk()
    talk.say("5年前にLEDに替えた。前は400Wが100灯、後は100Wが100灯、年3000時間。対象？", "qualify")
    talk.press("試算を直す")
    assert talk.messages[-1]["kind"] == "estimate", talk.messages


@pytest.mark.parametrize("said", ["国内です", "自社所有です", "ありません", "どれもないです", "特にない"])
def test_boxes_are_left_empty_by_words(said: str) -> None:
    talk = Talk()
    talk.say(SHORT, "qualify")
    talk.say(said)
    assert (talk.values["C01"], talk.values["C11"], talk.values["C17"]) == ("yes", "no", "no")


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("リースです", "C17", "yes"),
        ("海外の工場です", "C01", "no"),
        ("非化石証書を出しています", "C11", "yes"),
        ("条例で義務になっています", "C13", "yes_ordinance"),
        ("法律で義務づけられています", "C13", "yes_law"),
        ("温対法の報告で使います", "C18", "yes"),
    ],
)
def test_boxes_are_ticked_by_words(said: str, field: str, value: str) -> None:
    talk = Talk()
    talk.say(SHORT, "qualify")
    talk.say(said)
    assert talk.values[field] == value


def test_saying_no_idea_to_everything_ends_in_a_verdict_to_be_checked() -> None:
    talk = Talk()
    talk.say("ボイラーを替える", "qualify")
    for _ in range(14):
        if talk.messages[-1]["kind"] == "verdict":
            break
        talk.say("わからない")
    assert talk.messages[-1]["card"]["verdict"] == "needs_check"


def test_a_turn_takes_less_than_thirty_milliseconds() -> None:
    people = [person_of(case) for case in cases()[:25]]
    for person in people[:3]:
        run(person)
    took = []
    for person in people:
        began = time.perf_counter()
        found = run(person)
        took.append((time.perf_counter() - began) / (found.questions + 1))
    assert sorted(took)[int(len(took) * 0.95)] < 0.03


def test_the_world_keeps_the_release_of_the_turn() -> None:
    world = World.of(knowledge(), {"now": "2026-11-23T10:00:00+09:00", "release": "abc"})
    assert world.release == "abc"

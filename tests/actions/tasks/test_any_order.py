"""The same facts, in any order, by button or text, at once or one by one, give the same result."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conversations.playing import Talk

# field: (answer when asked, label of a button or None, sentence that says it by the way or None)
LAMPS: dict[str, tuple[str, str | None, str | None]] = {
    "formula": ("灯数とワット数", "灯数とワット数", None),
    "w_bl": ("400Wが100Wになる", None, "1灯400Wが100Wになる"),
    "n_bl": ("前は150灯、後は140灯", None, "前は150灯で、後は140灯"),
    "hours": ("3500時間", None, "年に3500時間点灯"),
}
VISIT: dict[str, tuple[str, str | None, str | None]] = {
    "course": ("工場です", "工場を見る", "工場のコースがいい"),
    "people": ("5人", None, "5人で行きます"),
    "built": ("去年の6月", None, None),
    "dog": ("犬を連れていきます", None, None),
    "email": ("taro@example.jp", None, "メールはtaro@example.jp"),
    "phone": ("090-1234-5678", None, "電話は090-1234-5678"),
}
ENERGY = ("取組の前は19万kWh", "取組の後は4万kWh")
MOST_TURNS = 40


def _play(start: str, facts: dict[str, tuple[str, str | None, str | None]], order: list[str], ways: list[int]) -> Talk:
    """Answers what is asked, by text or button; from time to time says another fact instead."""
    talk, told, ahead = Talk(), set[str](), list(order)
    talk.say(start, "estimate")
    for turn in range(MOST_TURNS):
        asked = talk.asked
        if asked == "confirm":
            talk.press("この内容で進める")
        if asked not in facts:
            return talk
        way = ways[turn % len(ways)]
        other = next((name for name in ahead if name not in told and name != asked and facts[name][2]), None)
        text, button, _ = facts[asked]
        if way == 2 and other:
            talk.say(str(facts[other][2]))
            told.add(other)
            continue
        told.add(asked)
        if way == 1 and button and any(c["label"] == button for m in talk.messages for c in m["choices"]):
            talk.press(button)
        else:
            talk.say(text)
    raise AssertionError("終わりません")


def _card(talk: Talk) -> Any:
    return next(m["card"] for m in reversed(talk.messages) if m["card"])


SHUFFLED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WAYS = st.lists(st.integers(0, 2), min_size=4, max_size=9)


@SHUFFLED
@given(order=st.permutations(list(LAMPS)), ways=WAYS)
def test_an_estimate_does_not_depend_on_the_order(order: list[str], ways: list[int]) -> None:
    card = _card(_play("LEDで何トン減るか計算して", LAMPS, order, ways))
    expected = _card(_play("LEDで何トン減るか計算して", LAMPS, list(LAMPS), [0]))
    assert json.dumps(card, sort_keys=True) == json.dumps(expected, sort_keys=True)
    assert card["creditable_tco2"] == 67


@SHUFFLED
@given(order=st.permutations(list(VISIT)), ways=WAYS)
def test_a_task_of_mere_data_does_not_depend_on_the_order(order: list[str], ways: list[int]) -> None:
    talk = _play("見学したい", VISIT, order, ways)
    assert talk.messages[-1]["text"] == "工場を見るを5人で申し込みました。taro@example.jpにお知らせします。"
    assert talk.values["built"] == "2025-06"
    assert (talk.values["dog"], talk.values["lunch"]) == ("yes", "no")


@SHUFFLED
@given(
    parts=st.permutations(["工場のコース", "5人で", "メールはtaro@example.jp", "電話は090-1234-5678"]),
    first=st.integers(0, 4),
)
def test_facts_in_the_opening_message_count_like_answers(parts: list[str], first: int) -> None:
    talk = Talk()
    talk.say("、".join(["見学したい", *parts[:first]]))
    for part in parts[first:]:
        talk.say(part)
    assert {name: talk.values[name] for name in ("course", "people", "email", "phone")} == {
        "course": "factory",
        "people": "5 人",
        "email": "taro@example.jp",
        "phone": "090-1234-5678",
    }


@SHUFFLED
@given(order=st.permutations(ENERGY), wrong=st.booleans(), at_once=st.booleans())
def test_before_and_after_may_come_in_any_order_and_be_corrected(order: list[str], wrong: bool, at_once: bool) -> None:
    talk = Talk()
    if at_once:
        talk.say("、".join(order) + "です。何トン減る？", "estimate")
    else:
        talk.say("電気の削減量を計算したい", "estimate")
        talk.say("電気")
        for part in order:
            talk.say(part)
    if wrong:
        talk.say("やっぱり後は6万kWh")
        talk.say("6万じゃなくて4万kWhでした")
    assert _card(talk)["creditable_tco2"] == 63

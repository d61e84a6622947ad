"""Walks the graph of states: from every one there is a way on to an end, a way back and a way out."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from typing import Any

import pytest

from actions.tasks.state import State
from tests.conversations.playing import Talk

MOST_STATES = 700
TEXTS: dict[str, str] = {
    "people": "5人",
    "built": "2010年4月",
    "email": "taro@example.jp",
    "phone": "090-1234-5678",
    "el_before": "前は19万kWh、後は4万kWh",
    "el_after": "4万kWh",
    "fuels.before": "前は40kL、後は20kL",
    "fuels.after": "20kL",
    "w_bl": "400Wから100W",
    "n_bl": "150灯",
    "hours": "3000時間",
    "kw": "10kW",
    "n": "3件",
    "EL": "4万kWh",
    "cop_bl": "前3.5、後5.5",
    "cop_pj": "5.5",
    "area_ha": "10ha",
    "ef": "東北・4時間排除・稲わら",
    "growth": "9.7",
    "EL_pj": "4万kWh",
    "P_bl": "40kWから8.5kW",
    "E_gen": "5万kWh",
    "F": "100kL",
    "HV": "38.9 GJ/kL",
    "CEF_pj": "A重油",
    "CEF_bl": "A重油",
    "eps_bl": "85%と92%",
    "eps_pj": "92%",
    "cef_elec": "0.5",
    "words": "よろしく",
}
Key = tuple[Any, ...]


def _key(talk: Talk) -> Key:
    """What makes two states alike: the tasks, what is known, what is asked and how; not the values."""
    state = State.read(talk.slot)
    frames = tuple(
        (f.task, tuple(sorted(f.values)), f.asked, min(f.tries, 3), f.stage, f.editing, bool(f.unsure), bool(f.options))
        for f in state.stack
    )
    activity = state.top.values.get("activity") if state.top else None
    formula = state.top.values.get("formula") if state.top else None
    return (frames, talk.open, bool(state.parked), activity and activity.value, formula and formula.value)


def _copy(talk: Talk) -> Talk:
    other = Talk(talk.clock, talk.slot, dict(talk.talk), talk.open)
    other.messages = talk.messages
    return other


def _moves(talk: Talk) -> list[tuple[str, Any]]:
    buttons = [("press", choice["label"]) for m in talk.messages for choice in m["choices"] if _stays(choice["ref"])]
    said = [("say", TEXTS[talk.asked])] if talk.asked in TEXTS else []
    return [*dict.fromkeys(buttons), *said, ("say", "ぽよぽよ")]


def _is_done(talk: Talk) -> bool:
    top = State.read(talk.slot).top
    return top is not None and top.stage == "done"


def _stays(ref: dict[str, Any]) -> bool:
    """Buttons into tasks that are walked by themselves, and into answers, lead elsewhere."""
    return ref["type"] in ("field", "op") or (ref["type"] == "task" and ref.get("op") in ("correct", "resume"))


def _walk(start: str) -> tuple[dict[Key, Talk], dict[Key, set[Key]]]:
    first = Talk()
    first.choose({"type": "task", "task": start}, start)
    seen, edges, queue = {_key(first): first}, defaultdict[Key, set[Key]](set), deque([first])
    while queue and len(seen) < MOST_STATES:
        talk = queue.popleft()
        for kind, what in _moves(talk):
            following = _copy(talk)
            following.press(what) if kind == "press" else following.say(what)
            edges[_key(talk)].add(_key(following))
            if _key(following) not in seen:
                seen[_key(following)] = following
                queue.append(following)
    return seen, edges


@pytest.fixture(scope="module", params=["visit", "estimate", "note"])
def graph(request: pytest.FixtureRequest) -> tuple[dict[Key, Talk], dict[Key, set[Key]]]:
    return _walk(request.param)


def test_every_open_question_says_what_it_asks_and_offers_a_way(graph: Any) -> None:
    for talk in graph[0].values():
        if talk.open and not _is_done(talk):
            last = talk.messages[-1]
            assert last["kind"] == "question", last
            assert last["ask"]["field"], last
            assert last["choices"], last


def test_every_state_leads_on_to_an_end(graph: Any) -> None:
    seen, edges = graph
    ends = {key for key, talk in seen.items() if not talk.open or _is_done(talk)}
    before = defaultdict(set)
    for key, following in edges.items():
        for other in following:
            before[other].add(key)
    reach, queue = set(ends), deque(ends)
    while queue:
        for key in before[queue.popleft()] - reach:
            reach.add(key)
            queue.append(key)
    walked = set(edges)
    assert walked - reach == set(), [seen[key].messages[-1]["text"] for key in walked - reach][:5]


def test_every_state_lets_a_person_out_and_back_in(graph: Any) -> None:
    for talk in graph[0].values():
        if not talk.open:
            continue
        leaving = _copy(talk)
        done = _is_done(talk)
        leaving.say("やめる", "stop")
        was_open = leaving.open
        assert not was_open
        if done:
            continue
        leaving.say("続きから", "resume")
        assert leaving.open
        assert leaving.messages[-1]["ask"]


def test_every_state_goes_back_or_says_that_there_is_nothing_before(graph: Any) -> None:
    for talk in graph[0].values():
        if talk.open:
            back = _copy(talk)
            back.say("戻る", "go_back")
            assert back.open
            assert back.messages


def test_the_slot_stays_small(graph: Any) -> None:
    assert max(len(json.dumps(talk.slot, ensure_ascii=False)) for talk in graph[0].values()) < 8000

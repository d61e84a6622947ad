"""Plays a conversation from YAML against the engine in process, without Rasa."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from actions.tasks.engine import step
from actions.tasks.state import State
from actions.tasks.world import World
from actions.turn import Question, Topic, Turn
from core.clock import TOKYO
from knowledge.loader import HERE, Knowledge, load
from knowledge.task_files import read_tasks
from knowledge.yaml_file import read_data

FOLDER = Path(__file__).parent
CLOCK = "2026-11-23T10:00:00"
INTENT_WORDS = {  # a stand-in for the trained model, only where a turn says `guess: true`
    "estimate": ("計算", "試算", "何トン"),
    "qualify": ("対象",),
    "book": ("予約",),
    "handoff": ("担当者", "人と"),
    "thanks": ("ありがと", "助かり"),
    "greet": ("こんにちは",),
}


@cache
def knowledge() -> Knowledge:
    """The house's knowledge with the toy tasks of the tests."""
    faults: list[str] = []
    known = load(HERE)
    toys = read_tasks(FOLDER / "tasks", known.sources, faults)
    assert not faults, faults
    return replace(known, tasks={**known.tasks, **toys})


@dataclass
class Talk:
    """One conversation: what the slots hold between turns, and the last messages."""

    clock: str = CLOCK
    slot: Any = None
    talk: dict[str, Any] = field(default_factory=dict)
    open: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    old: list[dict[str, Any]] = field(default_factory=list)

    def say(
        self, text: str, intent: str = "inform", confidence: float = 0.9, **understood: Any
    ) -> list[dict[str, Any]]:
        """A typed message; `topics` maps answers to confidences."""
        return self._turn(
            Turn(text=text, intent=intent, confidence=confidence, **_understood(understood), **self._kept())
        )

    def press(self, label: str, old: bool = False) -> list[dict[str, Any]]:
        """A button of the last messages, or of any earlier one."""
        return self.choose(self.button(label, old), label)

    def tick(self, labels: list[str]) -> list[dict[str, Any]]:
        """Several boxes at once."""
        refs = [self.button(label) for label in labels]
        return self.choose(refs[0] if len(refs) == 1 else {"type": "many", "refs": refs}, "、".join(labels))

    def choose(self, ref: dict[str, Any], label: str = "") -> list[dict[str, Any]]:
        intent = "start_task" if ref["type"] == "task" else "choose"
        return self._turn(Turn(text=label, intent=intent, confidence=1.0, choice=ref, **self._kept()))

    def button(self, label: str, old: bool = False) -> dict[str, Any]:
        messages = self.old if old else self.messages
        found = [c["ref"] for m in reversed(messages) for c in m["choices"] if c["label"] == label]
        assert found, f"「{label}」というボタンがありません: {[c['label'] for m in messages for c in m['choices']]}"
        return dict(found[0])

    @property
    def values(self) -> dict[str, Any]:
        """The answers of the task that talks, by field."""
        top = State.read(self.slot).top
        return {name: given.value for name, given in top.values.items()} if top else {}

    @property
    def asked(self) -> str | None:
        """The field that the last message asks for."""
        ask = self.messages[-1]["ask"] if self.messages else None
        return ask["field"] if ask else None

    def _kept(self) -> dict[str, Any]:
        return {"talk": self.talk, "task": self.slot, "context": {"now": f"{self.clock}+09:00", "release": "test"}}

    def _turn(self, turn: Turn) -> list[dict[str, Any]]:
        world = World(knowledge(), datetime.fromisoformat(self.clock).replace(tzinfo=TOKYO))
        outcome = step(turn, State.read(self.slot), world)
        self.slot = json.loads(json.dumps(outcome.state.as_slot(), ensure_ascii=False))
        self.talk = dict(outcome.talk) if outcome.talk is not None else self.talk
        self.open, self.old = outcome.open, [*self.old, *self.messages]
        self.messages = json.loads(json.dumps(list(outcome.messages), ensure_ascii=False))
        return self.messages


def _understood(given: dict[str, Any]) -> dict[str, Any]:
    topics = tuple(Topic(name, sure) for name, sure in (given.get("topics") or {}).items())
    questions = tuple(
        Question(q["text"], tuple(Topic(*t) for t in q["topics"].items())) for q in given.get("questions") or []
    )
    return {"topics": topics, "questions": questions, "methodologies": tuple(given.get("methodologies") or ())}


def guessed(text: str) -> str:
    """The intent that a trained model would likely find."""
    return next((intent for intent, words in INTENT_WORDS.items() if any(w in text for w in words)), "inform")


def play(case: dict[str, Any]) -> None:
    """Plays the case's turns and compares each with what it expects."""
    talk = Talk(case.get("clock", CLOCK))
    for number, turn in enumerate(case["turns"], 1):
        _take_turn(talk, turn, first=number == 1)
        problems = differences(talk, turn)
        assert not problems, f"{case['name']}・{number}回目「{_what(turn)}」: {'; '.join(problems)}\n{shown(talk)}"


def _take_turn(talk: Talk, turn: dict[str, Any], first: bool) -> None:
    if "press" in turn:
        talk.press(turn["press"], turn.get("old", False))
    elif "tick" in turn:
        talk.tick(turn["tick"])
    elif "start" in turn:
        talk.choose({"type": "task", "task": turn["start"], **turn.get("with", {})}, turn["start"])
    else:
        intent = guessed(turn["say"]) if turn.get("guess") else turn.get("intent", "estimate" if first else "inform")
        known = {key: turn[key] for key in ("topics", "questions", "methodologies") if key in turn}
        talk.say(turn["say"], intent, turn.get("confidence", 0.9), **known)


def differences(talk: Talk, turn: dict[str, Any]) -> list[str]:
    """What is not as the turn expects."""
    text = "\n".join(m["text"] for m in talk.messages)
    found = [f"「{part}」がありません" for part in _list(turn.get("has")) if part not in text]
    found += [f"「{part}」があります" for part in _list(turn.get("not")) if part in text]
    if "kinds" in turn and (kinds := [m["kind"] for m in talk.messages]) != _list(turn["kinds"]):
        found.append(f"種類が {kinds}")
    if "asks" in turn and talk.asked != turn["asks"]:
        found.append(f"聞いているのは {talk.asked}")
    if "open" in turn and talk.open != turn["open"]:
        found.append(f"開いているか: {talk.open}")
    buttons = [c["label"] for m in talk.messages for c in m["choices"]]
    found += [
        f"ボタン「{label}」がありません {buttons}" for label in _list(turn.get("buttons")) if label not in buttons
    ]
    found += [
        f"{name} は {talk.values.get(name)!r}"
        for name, value in (turn.get("values") or {}).items()
        if talk.values.get(name) != value
    ]
    if "tonnes" in turn and (card := next((m["card"] for m in reversed(talk.messages) if m["card"]), None)) is not None:
        if card["creditable_tco2"] != turn["tonnes"]:
            found.append(f"{card['creditable_tco2']} トン")
    elif "tonnes" in turn:
        found.append("結果がありません")
    if "sources" in turn and not any(m["sources"] for m in talk.messages):
        found.append("出典がありません")
    return found


def cases() -> list[dict[str, Any]]:
    """All conversations of the folder."""
    return [{**case, "file": path.name} for path in sorted(FOLDER.glob("*.yaml")) for case in read_data(path)]


def shown(talk: Talk) -> str:
    """The last messages, as people read them."""
    return "\n".join(
        f"  [{m['kind']}] {m['text']} {[c['label'] for c in m['choices']]} {m['ask']}" for m in talk.messages
    )


def _what(turn: dict[str, Any]) -> str:
    return str(turn.get("say") or turn.get("press") or turn.get("tick") or turn.get("start"))


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]

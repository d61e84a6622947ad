"""People with a plan who answer what they are asked: by words, by boxes, or with 「わからない」."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.conversations.playing import Talk, shown

MOST_TURNS = 25
NONE = "どれにも当てはまらない"


@dataclass
class Person:
    """What a person says first, ticks, and answers by field; the rest is 「わからない」."""

    opening: str
    says: dict[str, str] = field(default_factory=dict)
    ticks: frozenset[str] = frozenset()
    clock: str = "2026-11-23T10:00:00"


@dataclass
class Run:
    """How it went: the verdict's card and message, and what was asked."""

    talk: Talk
    asked: list[list[str]]

    @property
    def message(self) -> dict[str, Any]:
        return next(m for m in reversed(self.talk.messages) if m["kind"] == "verdict")

    @property
    def card(self) -> dict[str, Any]:
        return dict(self.message["card"])

    @property
    def questions(self) -> int:
        return len(self.asked)

    def outcome(self, rule_id: str) -> str | None:
        return next((r["outcome"] for r in self.card["reasons"] if r["rule_id"] == rule_id), None)


def run(person: Person, show: bool = False) -> Run:
    """The conversation up to the verdict."""
    talk, asked = Talk(clock=person.clock), list[list[str]]()
    talk.say(person.opening, "qualify")
    for _ in range(MOST_TURNS):
        if show:
            print(shown(talk))
        if any(m["kind"] == "verdict" for m in talk.messages):
            return Run(talk, asked)
        ask = talk.messages[-1]["ask"]
        assert ask, shown(talk)
        fields = ask.get("fields", [ask["field"]])
        asked.append(fields)
        _answer(talk, person, ask, fields)
    raise AssertionError(f"終わりません: {asked}\n{shown(talk)}")


def _answer(talk: Talk, person: Person, ask: dict[str, Any], fields: list[str]) -> None:
    if ask["type"] == "checks":
        labels = [
            c["label"]
            for name in fields
            for c in talk.messages[-1]["choices"]
            if _is_for(c, name) and name in person.ticks
        ]
        talk.tick(labels or [NONE])
        return
    said = list(dict.fromkeys(person.says[name] for name in fields if name in person.says))
    text = "、".join(said) if said else "わからない"
    if any(c["label"] == text for c in talk.messages[-1]["choices"]):
        talk.press(text)
    else:
        talk.say(text)


def _is_for(choice: dict[str, Any], name: str) -> bool:
    ref = choice["ref"]
    return bool(ref.get("field") == name and ref.get("value") != "none_of_these")

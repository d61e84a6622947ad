"""Plays the dialogues of everyday.yaml with somebody on a channel, who sees only what that channel shows."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

HERE = Path(__file__).parent
CLOCK = "2026-11-25T10:00:00+09:00"
PUBLIC = "https://soudan.example.jp"
DIALOGUES: list[dict[str, Any]] = yaml.safe_load((HERE / "everyday.yaml").read_text(encoding="utf-8"))
CHANGING = re.compile(r"[0-9a-f]{32}|(?<=/print/)[\w-]{43}|(?<=/bookings/)[\w-]{43}")

BOOKED = re.compile(r"/bookings/([\w-]{43})\b")


@dataclass(frozen=True)
class Seen:
    """What a deed brought: words, what can be chosen, and the platform's own messages."""

    text: str
    choices: list[str]
    raw: list[Any]


class Somebody(Protocol):
    """A person on a channel."""

    def say(self, text: str) -> Seen: ...

    def press(self, label: str) -> Seen: ...

    def tick(self, labels: list[str]) -> Seen: ...


def play(dialogue: dict[str, Any], somebody: Somebody) -> list[Any]:
    """All turns, each compared with what it expects; returns what the platform got."""
    looks = []
    for number, turn in enumerate(dialogue["turns"], 1):
        deed = next(name for name in ("say", "press", "tick") if name in turn)
        seen: Seen = getattr(somebody, deed)(turn[deed])
        where = f"{dialogue['name']}・{number}回目「{turn[deed]}」\n{seen.text}\n{seen.choices}"
        for words in turn.get("has", []):
            assert words in seen.text, f"「{words}」がありません: {where}"
        for label in turn.get("buttons", []):
            assert label in seen.choices, f"「{label}」を選べません: {where}"
        looks.append({deed: turn[deed], "got": seen.raw})
    return looks


def booked(looks: list[Any]) -> set[str]:
    """The tokens of the bookings that were made: whoever plays gives the times back."""
    return set(BOOKED.findall(json.dumps(looks)))


def compare(looks: list[Any], path: Path) -> None:
    """With the file that was looked at: messages built of the same parts; UPDATE_GOLDEN=1 writes it anew.

    The words in it are for the eye: they are knowledge's, and may change there without breaking a channel.
    """
    looks = json.loads(CHANGING.sub("…", json.dumps(looks, ensure_ascii=False)))
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(looks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    approved = json.loads(path.read_text(encoding="utf-8"))
    assert _shapes(looks) == _shapes(approved)


def _shapes(looks: list[Any]) -> set[tuple[Any, ...]]:
    """How the platform's messages of a dialogue are built, whichever answers knowledge gives today."""
    return {_parts(message) for turn in looks for message in turn["got"]}


def _parts(message: Any) -> tuple[Any, ...]:
    """The kinds of Slack's blocks; LINE's kind of message, the boxes of its card, and whether something is offered."""
    if isinstance(message, list):
        return tuple(block.get("type") for block in message)
    return message["type"], *message.get("contents", {}), "quickReply" in message

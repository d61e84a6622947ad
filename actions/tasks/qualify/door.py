"""The way from a general answer to the person's own case: a button under answers about what is eligible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import reply
from actions.readers.common import plain
from actions.turn import Reply, Turn
from knowledge.loader import Knowledge
from knowledge.methodology_book import load_book


def with_check(turn: Turn, messages: Sequence[Reply], knowledge: Knowledge) -> list[Reply]:
    """The messages; under an answer to 「対象になる？」 a button that checks the person's own plan."""
    task = knowledge.tasks["qualify"]
    *before, last = messages
    offered = any(choice["ref"].get("task") == task.id for choice in last["choices"])
    if last["kind"] != "answer" or offered or not task.says("asked").search(plain(turn.text)):
        return list(messages)
    shown = {i for said in messages for i in said["knowledge"]} & set(load_book(knowledge.root).methodologies)
    known: dict[str, Any] = {"values": {"activity": shown.pop()}} if len(shown) == 1 else {}
    button = reply.choice(task.texts["check"], {"type": "task", "task": task.id, **known})
    return [*before, {**last, "choices": [button, *last["choices"]]}]

"""Somebody on Slack: what Slack shows, as words and choices."""

from __future__ import annotations

from typing import Any

from tests.api.channels.dialogues.playing import Seen
from tests.api.channels.slack.person import Person
from tests.api.channels.slack.stand_in import Call


class SlackPerson:
    """Writes direct messages and presses what is on the screen."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def say(self, text: str) -> Seen:
        return _seen(self._person.say(text))

    def press(self, label: str) -> Seen:
        return _seen(self._person.press(label))

    def tick(self, labels: list[str]) -> Seen:
        return _seen(self._person.tick(labels))


def _seen(posts: list[Call]) -> Seen:
    blocks = [block for post in posts for block in post.body["blocks"]]
    shown = [block for block in blocks if block["type"] != "actions"]
    offered = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    options = [option for element in offered for option in element.get("options", [])]
    labels = [thing["text"]["text"] for thing in (*offered, *options) if "text" in thing]
    return Seen("\n".join(_words(block) for block in shown), labels, [post.body["blocks"] for post in posts])


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "".join(_words(one) for one in value)
    if not isinstance(value, dict):
        return ""
    own = value["text"] if isinstance(value.get("text"), str) else _words(value.get("text"))
    return own + "".join(f"{_words(one)}\n" for one in value.get("elements", []))

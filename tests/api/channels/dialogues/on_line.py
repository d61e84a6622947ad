"""Somebody on LINE: what LINE shows, as words and quick replies; every delivery is signed."""

from __future__ import annotations

import time
from typing import Any

from api.channels.line.limits import LABEL, cut
from tests.api.channels.dialogues.playing import Seen
from tests.api.channels.line.friends import Friends
from tests.api.channels.line.payloads import postback, text, user
from tests.api.channels.standin import LineStandIn


class LinePerson:
    """Writes in a talk of two and presses the quick replies under the last message."""

    def __init__(self, friends: Friends, line: LineStandIn, user_id: str) -> None:
        self._friends, self._line, self._source = friends, line, user(user_id)
        self._mine = {user_id}
        self._seen = 0
        self._last: list[dict[str, Any]] = []

    def say(self, words: str) -> Seen:
        return self._deliver(text(words, self._source))

    def press(self, label: str) -> Seen:
        return self._deliver(postback(self._action(label)["data"]) | {"source": self._source})

    def tick(self, labels: list[str]) -> Seen:
        """LINE has no boxes to tick: one press, or the names in words."""
        return self.press(labels[0]) if len(labels) == 1 else self.say("、".join(labels))

    def _action(self, label: str) -> dict[str, Any]:
        """LINE shows quick replies only under the newest message, and keeps them until the next."""
        actions = _actions(self._last[-1])
        found = next((action for action in actions if _is(action, label)), None)
        assert found, f"「{label}」というボタンがありません: {[action['label'] for action in actions]}"
        return found

    def _deliver(self, event: dict[str, Any]) -> Seen:
        self._mine.add(event["replyToken"])
        self._friends.deliver(event)
        end = time.monotonic() + 60
        while not self._friends.is_idle() or len(self._got()) == self._seen:
            assert time.monotonic() < end, "no answer came"
            time.sleep(0.02)
        self._last = self._got()[self._seen :]
        self._seen += len(self._last)
        return _seen(self._last)

    def _got(self) -> list[dict[str, Any]]:
        """What came to this person; notices to others may come meanwhile."""
        return [message for where, message in self._line.said if where in self._mine]


def _seen(messages: list[dict[str, Any]]) -> Seen:
    labels = [action["displayText"] for action in _actions(messages[-1])]
    return Seen("\n".join(_words(message) for message in messages), labels, messages)


def _actions(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [item["action"] for item in message.get("quickReply", {}).get("items", [])]


def _is(action: dict[str, Any], label: str) -> bool:
    """Whether this is the choice: its whole name is said when it is pressed, its button may be cut short."""
    shown = action["label"].partition(". ")[2] or action["label"]
    return action["displayText"] == label and cut(label, LABEL).startswith(shown.removesuffix("…"))


def _words(part: Any) -> str:
    """All words on the screen: of a text message its text, of a Flex card the texts of its boxes."""
    if isinstance(part, list):
        return "\n".join(_words(one) for one in part)
    if not isinstance(part, dict):
        return ""
    if part.get("type") == "text":
        return str(part["text"])
    return "\n".join(_words(part[name]) for name in ("header", "body", "footer", "contents") if name in part)

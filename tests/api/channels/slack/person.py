"""Somebody on Slack who writes, presses what is on the screen, and sees only what Slack shows."""

from __future__ import annotations

import time
from typing import Any

from tests.api.channels.slack.payloads import DIRECT, direct, press
from tests.api.channels.slack.stand_in import Call
from tests.api.channels.slack.workspace import Workspace


class Person:
    """Direct messages with the app; each deed returns the new messages."""

    def __init__(self, workspace: Workspace, channel: str = DIRECT) -> None:
        self._workspace, self._slack, self._channel = workspace, workspace.slack, channel
        self._seen = 0

    def say(self, text: str) -> list[Call]:
        """Writes."""
        self._workspace.event(direct(text, channel=self._channel))
        return self._new()

    def press(self, label: str) -> list[Call]:
        """Presses the last button with this label, whole or cut short."""
        post, button = self._find("button", label)
        self._workspace.press(press(button, channel=self._channel, message=self._message(post)))
        return self._new()

    def tick(self, labels: list[str]) -> list[Call]:
        """Ticks boxes of the last question and sends them."""
        post, send = self._find("button", "送信")
        state: dict[str, Any] = {}
        for element in self._elements(post):
            if element["type"] == "checkboxes":
                ticked = [option for option in element["options"] if option["text"]["text"] in labels]
                state[element["action_id"]] = {"type": "checkboxes", "selected_options": ticked}
        payload = press(send, channel=self._channel, message=self._message(post), state={send["block_id"]: state})
        self._workspace.press(payload)
        return self._new()

    def _new(self) -> list[Call]:
        end = time.monotonic() + 60
        while not self._workspace.is_idle() or len(self._slack.posts(self._channel)) == self._seen:
            assert time.monotonic() < end, "no answer came"
            time.sleep(0.02)
        found = self._slack.posts(self._channel)[self._seen :]
        self._seen += len(found)
        return found

    def _find(self, kind: str, label: str) -> tuple[Call, dict[str, Any]]:
        for post in reversed(self._slack.posts(self._channel)):
            for element in self._elements(post):
                shown = element.get("text", {}).get("text", "")
                if element["type"] == kind and (
                    shown == label or (shown.endswith("…") and label.startswith(shown[:-1]))
                ):
                    return post, element
        raise AssertionError(f"「{label}」というボタンがありません")

    @staticmethod
    def _elements(post: Call) -> list[dict[str, Any]]:
        blocks = [block for block in post.body["blocks"] if block["type"] == "actions"]
        return [element | {"block_id": block["block_id"]} for block in blocks for element in block["elements"]]

    @staticmethod
    def _message(post: Call) -> dict[str, Any]:
        return {"ts": post.ts, "text": post.text, "blocks": post.body["blocks"]}

"""Somebody at the widget's front door."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import httpx

from api.bookings.wording import spoken
from tests.api.channels.dialogues.playing import Seen

STATUSES = {"confirmed": "予約済み"}


class WebPerson:
    """Talks through the fixed chat contract."""

    def __init__(self, http: httpx.Client, url: str) -> None:
        started = http.post(f"{url}/api/conversations", json={}).json()
        self._http, self._path = http, f"{url}/api/conversations/{started['conversation_id']}/messages"
        self._headers = {"Authorization": f"Bearer {started['token']}"}
        self._last: list[dict[str, Any]] = started["messages"]

    def say(self, text: str) -> Seen:
        return self._send(text=text)

    def press(self, label: str) -> Seen:
        return self._send(choice_id=self._choices()[label])

    def tick(self, labels: list[str]) -> Seen:
        return self._send(choice_ids=[self._choices()[label] for label in labels])

    def _choices(self) -> dict[str, str]:
        return {choice["label"]: choice["id"] for message in self._last for choice in message["choices"]}

    def _send(self, **body: Any) -> Seen:
        sent = {"client_message_id": uuid.uuid4().hex, **body}
        answer = self._http.post(self._path, json=sent, headers=self._headers)
        assert answer.status_code == 200, answer.text
        self._last = answer.json()["messages"]
        return Seen("\n".join(_words(message) for message in self._last), list(self._choices()), self._last)


def _words(message: dict[str, Any]) -> str:
    card = message["card"] or {}
    tonnes = f"{card['creditable_tco2']} t-CO2" if "creditable_tco2" in card else ""
    year = f"{card['fiscal_year']}年度" if card.get("fiscal_year") else ""
    steps = [step["expression"] for step in card.get("steps", [])]
    reasons = [f"規則 {reason['rule_id']}" for reason in card.get("reasons", [])]
    when = spoken(*(datetime.fromisoformat(card[end]) for end in ("start", "end"))) if "start" in card else ""
    status = STATUSES.get(card.get("status", ""), "")
    sources = ["出典" for _ in message["sources"]]
    return "\n".join([message["text"], tonnes, year, when, status, *steps, *reasons, *sources])

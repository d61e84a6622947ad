"""A workspace whose people write, press and command; every delivery is signed and goes through the front door."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from api.channels.models import Arrival, Departure
from api.db.engine import Database
from api.db.models import MessageRecord, TurnRecord
from tests.api.channels.slack import payloads
from tests.api.channels.slack.stand_in import Slack


class Workspace:
    """Delivers through `post(path, content=…, headers=…)`, and counts what is stored."""

    def __init__(self, post: Callable[..., Any], database: Database, slack: Slack, url: str = "") -> None:
        self._post, self.database, self.slack, self._url = post, database, slack, url

    def deliver(self, callback: dict[str, Any], **headers: str) -> Any:
        body = json.dumps(callback).encode()
        return self.raw("events", body, payloads.signed(body) | headers)

    def event(self, event: dict[str, Any], event_id: str | None = None) -> Any:
        answer = self.deliver(payloads.callback(event, event_id))
        assert answer.status_code == 200, answer.text
        return answer

    def press(self, payload: dict[str, Any]) -> Any:
        body = payloads.as_form(payload)
        return self.raw("interactions", body, payloads.signed(body, kind="form"))

    def command(self, text: str, name: str = "one", **more: Any) -> Any:
        body = payloads.command(text, self.slack.response_url(name), **more)
        return self.raw("commands", body, payloads.signed(body, kind="form"))

    def raw(self, door: str, body: bytes, headers: dict[str, str]) -> Any:
        return self._post(f"{self._url}/channels/slack/{door}", content=body, headers=headers)

    def turns(self) -> list[str]:
        """What people said, in the order of storing."""
        with self.database.read() as session:
            return list(session.scalars(sa.select(TurnRecord.text).order_by(TurnRecord.id)))

    def said_by(self, role: str) -> list[str]:
        with self.database.read() as session:
            wanted = sa.select(MessageRecord.text).where(MessageRecord.role == role).order_by(MessageRecord.seq)
            return list(session.scalars(wanted))

    def is_idle(self) -> bool:
        """Whether nothing waits, neither to be answered nor to be sent."""
        with self.database.read() as session:
            tables = (Arrival, Departure)
            waiting = [sa.select(sa.func.count()).select_from(t).where(t.done_at.is_(None)) for t in tables]
            return all(session.scalar(count) == 0 for count in waiting)

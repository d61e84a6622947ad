"""People on LINE: every delivery is signed and goes through the front door; what is stored can be counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from api.channels.models import Arrival, Departure
from api.db.engine import Database
from api.db.models import MessageRecord, TurnRecord
from tests.api.channels.line.payloads import body_of, signed


class Friends:
    """Delivers through `post(path, content=…, headers=…)`."""

    def __init__(self, post: Callable[..., Any], database: Database, url: str = "") -> None:
        self._post, self.database, self._url = post, database, url

    def deliver(self, *events: dict[str, Any]) -> None:
        body = body_of(*events)
        answer = self.raw(body, signed(body))
        assert answer.status_code == 200, answer.text

    def raw(self, body: bytes, headers: dict[str, str]) -> Any:
        return self._post(f"{self._url}/channels/line/webhook", content=body, headers=headers)

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
            return all(session.scalar(one) == 0 for one in waiting)

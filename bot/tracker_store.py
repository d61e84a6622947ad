"""Keeps only what the dialogue needs between turns: slots and the active loop. Flat at any length, no message text."""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import Any, Dict, Iterable, Optional, Text

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

CHECKPOINT_TRIES, CHECKPOINT_PAUSE = 20, 0.1

table = sa.Table(
    "dialogue_state",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("slots", sa.Text, nullable=False),
    sa.Column("loop", sa.String(64)),
    sa.Column("updated_at", sa.Float, nullable=False),
)


class CompactTrackerStore(TrackerStore, SerializedTrackerAsText):
    """One row a conversation; SQLite in WAL mode, or PostgreSQL for several workers (TRACKER_DB)."""

    def __init__(
        self,
        domain: Optional[Domain],
        host: Optional[EndpointConfig] = None,
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.engine = sa.create_engine(os.environ.get("TRACKER_DB", "sqlite://"), future=True)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _write_ahead)
        table.metadata.create_all(self.engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        row = {
            "slots": json.dumps(_kept_slots(tracker), ensure_ascii=False),
            "loop": tracker.active_loop_name,
            "updated_at": time.time(),
        }
        with self.engine.begin() as connection:
            here = table.c.sender_id == tracker.sender_id
            if connection.execute(sa.update(table).where(here).values(**row)).rowcount == 0:
                connection.execute(sa.insert(table).values(sender_id=tracker.sender_id, **row))

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(table).where(table.c.sender_id == sender_id)).first()
        if row is None:
            return None
        events = _shortest_history(json.loads(row.slots), row.loop, row.updated_at)
        return DialogueStateTracker.from_events(sender_id, events, slots=self.domain.slots)

    async def delete(self, sender_id: Text) -> None:
        """Forgets the conversation, in SQLite's log, too."""
        with self.engine.begin() as connection:
            connection.execute(sa.delete(table).where(table.c.sender_id == sender_id))
        if self.engine.dialect.name == "sqlite":
            await self._empty_log()

    async def _empty_log(self) -> None:
        for _ in range(CHECKPOINT_TRIES):
            with self.engine.connect() as connection:
                driver = connection.connection
                driver.execute("PRAGMA busy_timeout=100")
                busy, *_rest = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                driver.execute("PRAGMA busy_timeout=5000")
            if not busy:
                return
            await asyncio.sleep(CHECKPOINT_PAUSE)

    async def keys(self) -> Iterable[Text]:
        with self.engine.connect() as connection:
            return [row.sender_id for row in connection.execute(sa.select(table.c.sender_id))]


def _write_ahead(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")


def _kept_slots(tracker: DialogueStateTracker) -> Dict[Text, Any]:
    return {name: value for name, value in tracker.current_slot_values().items() if value is not None}


def _shortest_history(slots: Dict[Text, Any], loop: Optional[Text], at: float) -> Iterable[Event]:
    """The shortest history that RulePolicy understands."""
    events = [ActionExecuted("action_session_start", timestamp=at), SessionStarted(timestamp=at)]
    if loop:
        events.append(ActiveLoop(loop, timestamp=at))
    events += [SlotSet(name, value, timestamp=at) for name, value in slots.items()]
    if loop:
        events.append(ActionExecuted(loop, timestamp=at))
    events.append(ActionExecuted("action_listen", timestamp=at))
    return events

"""The desk with its database: what routes call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from api.bookings.announcements import Announcements
from api.bookings.desk import BookingDesk
from api.bookings.diary import Diary
from api.bookings.errors import SlotTaken
from api.bookings.letters import Letters
from api.db.engine import Database
from api.links import Links
from api.outbox.queue import Outbox
from api.outbox.senders import sender
from api.outbox.worker import Worker
from core.settings import Settings
from knowledge.booking_files import load_booking
from knowledge.loader import Knowledge

P = ParamSpec("P")
R = TypeVar("R")


class Bookings:
    """Runs the desk's work in transactions; who loses a slot learns what is free at that moment."""

    def __init__(self, database: Database, knowledge: Knowledge, settings: Settings) -> None:
        self._database, self.knowledge = database, knowledge
        book, domain = load_booking(knowledge.root), settings.mail_from.rpartition("@")[2]
        self.links, self.outbox = Links(settings), Outbox(domain)
        self.desk = BookingDesk(book, knowledge, self.links, Diary(self.outbox), domain)
        self.letters = Letters(book, knowledge, self.links, settings)
        self.worker = Worker(database, self.letters.write, sender(settings), self.desk.sweep, Announcements(book).say)

    async def read(self, work: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Runs `work(session, …)` reading."""
        return await self._database.reading(work, *args, **kwargs)

    async def act(self, work: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Runs `work(session, …)` in one transaction. Raises SlotTaken with three free slots."""
        try:
            return await self._database.writing(work, *args, **kwargs)
        except SlotTaken as lost:
            lost.alternatives = await self.read(self.desk.alternatives, lost.kind, lost.wanted)
            raise

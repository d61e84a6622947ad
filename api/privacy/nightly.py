"""The night's work: every day in the small hours, and by `python -m api.privacy`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, time, timedelta

import structlog
from anyio import to_thread
from sqlalchemy.orm import Session

from api.chat.service import ChatService
from api.db.engine import Database
from api.privacy import retention
from api.privacy.periods import periods
from api.privacy.retention import Taken
from core.clock import now

log = structlog.get_logger("privacy")
AT = time(3, 30)
LOOK_EVERY = 30.0
PAUSE = 0.05
"""Between two batches, so that people who talk at night need not wait."""


class Nightly:
    """One background task of the API; several processes may each have one, since all of it may run twice."""

    def __init__(self, database: Database, chat: ChatService) -> None:
        self._database, self._chat, self._scrubber = database, chat, chat.scrubber

    async def run(self) -> None:
        """At the start, then every night; a fault is logged and tried again, and so is a log that was in use."""
        due = now()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                if now() >= due:
                    await self.tidy()
                    due = next_night(now())
                elif self._scrubber.pending:
                    await to_thread.run_sync(self._scrubber.scrub)
            except Exception as error:  # noqa: BLE001 - the task must outlive any fault
                log.error("nightly_failed", kind=type(error).__name__)

    async def tidy(self) -> Taken:
        """Takes what is too old, and its traces; returns how much."""
        taken = await self._database.writing(retention.take_records)
        taken.masked = await self._all(retention.mask_old)
        taken.states = await self._forget_states()
        taken.full_texts = await self._all(retention.take_full_texts)
        taken.conversations = await self._take_conversations()
        await self._database.writing(retention.take_old_parts)
        taken.bookings = await self._database.writing(retention.take_bookings)
        taken.mails = await to_thread.run_sync(self._scrubber.remove_mails, periods().mails.days)
        await to_thread.run_sync(self._scrubber.scrub)
        log.info("nightly_done", **asdict(taken))
        return taken

    async def _all(self, step: Callable[[Session], int]) -> int:
        done = 0
        while count := await self._database.writing(step):
            done += count
            await asyncio.sleep(PAUSE)
        return done

    async def _forget_states(self) -> int:
        """Rasa forgets the dialogues that have been quiet for so long."""
        ids = await self._database.reading(retention.quiet_conversations)
        return await self._forget(ids)

    async def _take_conversations(self) -> int:
        done = 0
        while ids := await self._database.reading(retention.old_conversations):
            await self._forget(ids)
            done += await self._database.writing(retention.take_conversations, ids)
        return done

    async def _forget(self, ids: list[str]) -> int:
        for conversation_id in ids:
            await self._chat.rasa.forget(conversation_id)
        return len(ids)


def next_night(moment: datetime) -> datetime:
    """The next time that the work is due."""
    today = datetime.combine(moment.date(), AT, moment.tzinfo)
    return today if today > moment else today + timedelta(days=1)

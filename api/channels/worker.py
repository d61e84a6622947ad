"""Works a line of rows in the background: threads side by side, the rows of one thread one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from sqlalchemy.orm import Session

from api.channels.events import Busy, Refused
from api.channels.queue import BUSY, Row, claim, finish, postpone
from api.db.engine import Database

log = structlog.get_logger("channels")
LOOK_EVERY = 0.5
AFTER_A_FAULT = 2.0


class LineWorker:
    """Takes rows of one table until cancelled. Work may raise Busy, Refused, or anything: then it is tried again."""

    def __init__(self, database: Database, table: Row, work: Callable[[int], Awaitable[None]]) -> None:
        self._database, self._table, self._work = database, table, work
        self._more = asyncio.Event()
        self._running: dict[asyncio.Task[None], int] = {}

    def wake(self) -> None:
        """Something new waits."""
        self._more.set()

    async def run(self) -> None:
        """Until cancelled; a fault of the database is logged and tried again."""
        try:
            while True:
                try:
                    await self._round()
                except Exception as error:  # noqa: BLE001 - the worker must outlive any fault
                    log.error("channel_line_failed", line=self._table.__tablename__, kind=type(error).__name__)
                    await asyncio.sleep(AFTER_A_FAULT)
        finally:
            for task in self._running:
                task.cancel()

    async def _round(self) -> None:
        self._more.clear()
        busy = set(self._running.values())
        for row_id, thread_id in await self._database.writing(_claimed, self._table, busy):
            task = asyncio.create_task(self._one(row_id))
            self._running[task] = thread_id
            task.add_done_callback(self._done)
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):  # not wait_for: it loses a cancellation that meets the event
                await self._more.wait()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._more.set()

    async def _one(self, row_id: int) -> None:
        try:
            await self._work(row_id)
            await self._database.writing(finish, self._table, row_id)
        except Refused as error:
            log.error("channel_refused", line=self._table.__tablename__, row=row_id, code=error.code)
            await self._database.writing(finish, self._table, row_id, error.code)
        except Busy as error:
            await self._database.writing(postpone, self._table, row_id, BUSY, error.seconds)
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
            log.error("channel_failed", line=self._table.__tablename__, row=row_id, kind=type(error).__name__)
            await self._database.writing(postpone, self._table, row_id, type(error).__name__)


def _claimed(session: Session, table: Row, busy: set[int]) -> list[tuple[int, int]]:
    found = claim(session, table, busy)
    return [(row_id, session.get_one(table, row_id).thread_id) for row_id in found]

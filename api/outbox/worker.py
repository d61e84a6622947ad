"""Sends what waits in the outbox. A kill at any point loses nothing; at worst a mail goes out twice, under one id."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import sqlalchemy as sa
import structlog
from anyio import to_thread
from sqlalchemy.orm import Session

from api.db.engine import Database
from api.outbox.models import Notice
from api.outbox.senders import Refused, Sender
from core.clock import utc_now

log = structlog.get_logger("outbox")

LOOK_EVERY = 1.0
SWEEP_EVERY = 60.0
AFTER_A_FAULT = 5.0
AT_ONCE = 20
FIRST_WAIT, LONGEST_WAIT = 15.0, 3600.0
MOST_ATTEMPTS = 80  # about three days


class Worker:
    """One background task of the API. Several processes may each have one: a notice is claimed for a while first."""

    def __init__(
        self,
        database: Database,
        write: Callable[[Session, Notice], EmailMessage | None],
        sender: Sender,
        sweep: Callable[[Session], None],
        announce: Callable[[Session, Notice], bool],
    ) -> None:
        self._database, self._write, self._sender, self._sweep = database, write, sender, sweep
        self._announce = announce
        self._swept = 0.0

    async def run(self) -> None:
        """Until cancelled; a fault is logged and tried again."""
        while True:
            try:
                sent = await self.send_waiting()
                await self._sweep_sometimes()
                if sent < AT_ONCE:
                    await asyncio.sleep(LOOK_EVERY)
            except Exception as error:  # noqa: BLE001 - the worker must outlive any fault
                log.error("outbox_failed", kind=type(error).__name__)
                await asyncio.sleep(AFTER_A_FAULT)

    async def send_waiting(self) -> int:
        """Sends what is due now; returns how many notices were looked at."""
        if not await self._database.reading(_due):
            return 0
        claimed = await self._database.writing(_claim, self._sender.lease)
        for notice_id in claimed:
            await self._send(notice_id)
        return len(claimed)

    async def _send(self, notice_id: int) -> None:
        try:
            if await self._database.writing(self._announced, notice_id):
                return
            mail = await self._database.reading(self._written, notice_id)
            if mail is None:
                await self._database.writing(_finish, notice_id, dropped_at=utc_now())
                return
            await to_thread.run_sync(self._sender.send, mail)
            await self._database.writing(_finish, notice_id, sent_at=utc_now(), failure=None)
        except Refused:
            log.error("notice_refused", notice=notice_id)
            await self._database.writing(_finish, notice_id, dropped_at=utc_now(), failure="Refused")
        except Exception as error:  # noqa: BLE001 - one bad notice must not stop the others
            log.error("notice_failed", notice=notice_id, kind=type(error).__name__)
            await self._database.writing(_try_later, notice_id, type(error).__name__)

    def _announced(self, session: Session, notice_id: int) -> bool:
        """Says a notice in the person's own channel and marks it in the same transaction; False for a mail."""
        notice = session.get(Notice, notice_id)
        if notice is None or notice.channel == "email":
            return False
        said = self._announce(session, notice)
        notice.sent_at, notice.dropped_at = (utc_now(), None) if said else (None, utc_now())
        return True

    def _written(self, session: Session, notice_id: int) -> EmailMessage | None:
        notice = session.get(Notice, notice_id)
        return self._write(session, notice) if notice else None

    async def _sweep_sometimes(self) -> None:
        moment = asyncio.get_running_loop().time()
        if moment - self._swept >= SWEEP_EVERY:
            self._swept = moment
            await self._database.writing(self._sweep)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling, at most an hour, a little uneven."""
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 16))
    return timedelta(seconds=wait * random.uniform(0.8, 1.2))


def _waiting() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Notice.sent_at.is_(None),
        Notice.dropped_at.is_(None),
        sa.or_(Notice.due_at.is_(None), Notice.due_at <= utc_now()),
        sa.or_(Notice.try_after.is_(None), Notice.try_after <= _real_now()),
    )


def _due(session: Session) -> bool:
    return session.scalar(sa.select(Notice.id).where(*_waiting()).limit(1)) is not None


def _claim(session: Session, lease: float) -> list[int]:
    wanted = sa.select(Notice).where(*_waiting()).order_by(Notice.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    found = list(session.scalars(wanted))
    for notice in found:
        notice.attempts += 1
        notice.try_after = _real_now() + timedelta(seconds=lease * len(found))
    return [notice.id for notice in found]


def _finish(session: Session, notice_id: int, **values: object) -> None:
    session.execute(sa.update(Notice).where(Notice.id == notice_id).values(**values))


def _try_later(session: Session, notice_id: int, failure: str) -> None:
    notice = session.get(Notice, notice_id)
    if notice is None:
        return
    notice.failure, notice.try_after = failure, _real_now() + backoff(notice.attempts)
    if notice.attempts >= MOST_ATTEMPTS:
        notice.dropped_at = utc_now()
        log.error("notice_given_up", notice=notice_id)


def _real_now() -> datetime:
    return datetime.now(UTC)

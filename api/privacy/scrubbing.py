"""What deleting rows leaves behind: old pages in SQLite's log, mails whose notice is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from api.db.engine import Database
from api.outbox.models import Notice
from core.clock import utc_now
from core.settings import Settings

log = structlog.get_logger("privacy")
TRIES, PAUSE_MS = 10, 100


class Scrubber:
    """Takes away the traces of what was deleted."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._mails = database, settings.data_dir / "outbox"
        self.pending = False
        """Whether it has to be tried again, since somebody was in the way."""

    def scrub(self) -> bool:
        """Removes mails without a notice and empties SQLite's log; False when somebody was in the way till the end."""
        self.remove_mails()
        self.pending = not self._empty_log()
        if self.pending:
            log.warning("log_not_emptied")
        return not self.pending

    def remove_mails(self, older_than_days: int | None = None) -> int:
        """Deletes the kept mails whose notice is gone, and those over an age; returns how many."""
        found = list(self._mails.glob("*.eml")) + list(self._mails.glob("*.part"))
        if not found:
            return 0
        with self._database.read() as session:
            known = _mail_names(session)
        oldest = utc_now().timestamp() - older_than_days * 86400 if older_than_days else 0
        gone = [path for path in found if path.stem not in known or _written(path) < oldest]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _empty_log(self) -> bool:
        if self._database.engine.dialect.name != "sqlite":
            return True
        with self._database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
            driver.execute(f"PRAGMA busy_timeout={PAUSE_MS}")
            try:
                return any(_truncated(driver) for _ in range(TRIES))
            finally:
                driver.execute(f"PRAGMA busy_timeout={usual}")


def _truncated(driver: Any) -> bool:
    busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _mail_names(session: Session) -> set[str]:
    return {message_id.strip("<>").partition("@")[0] for message_id in session.scalars(sa.select(Notice.message_id))}


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0

"""Opens the database: SQLite in WAL mode by default, PostgreSQL by DATABASE_URL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.orm import Session, sessionmaker

P = ParamSpec("P")
R = TypeVar("R")


class Database:
    """Sessions for reading and for writing. On SQLite a writer takes its lock at the start: none dies half-way."""

    def __init__(self, url: str) -> None:
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        self.engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"), pool_size=20)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _tune_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        # SQLite lets writers poll for its lock, and unlucky ones starve; ours stand in a queue
        self._turn: AbstractContextManager[Any] = Lock() if self.engine.dialect.name == "sqlite" else nullcontext()
        self._reader = sessionmaker(self.engine, expire_on_commit=False)
        self._writer = sessionmaker(self.engine.execution_options(immediate=True), expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads."""
        with self._reader() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end, or leaves nothing behind."""
        with self._turn, self._writer.begin() as session:
            yield session

    async def reading(self, work: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Runs `work(session, …)` in a thread."""
        return await to_thread.run_sync(lambda: self._run(self.read, work, *args, **kwargs))

    async def writing(self, work: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Runs `work(session, …)` in a thread and commits."""
        return await to_thread.run_sync(lambda: self._run(self.write, work, *args, **kwargs))

    @staticmethod
    def _run(opened: Callable[[], Any], work: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        with opened() as session:
            return work(session, *args, **kwargs)


def _tune_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

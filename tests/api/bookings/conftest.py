"""A desk on a day that the tests choose, on SQLite or on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.bookings.service import Bookings
from core import clock as house_clock
from core.settings import Settings
from tests.api.bookings.postgres import Cluster, running_cluster
from tests.api.bookings.visitor import Visitor

WEDNESDAY = "2026-11-25T10:00:00+09:00"


class Clock:
    """The house's clock, set by hand; it goes on from there."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def set(self, moment: str) -> None:
        self.offset = datetime.fromisoformat(moment) - datetime.now(UTC)

    def advance(self, **by: float) -> None:
        self.offset += timedelta(**by)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    made.set(WEDNESDAY)
    monkeypatch.setattr(house_clock, "_offset", lambda: made.offset)
    return made


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; None is SQLite under DATA_DIR."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return None
    running: Cluster = request.getfixturevalue("cluster")
    return running.new_database()


@pytest.fixture
def settings(tmp_path: Any, database: str | None, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("api.outbox.worker.LOOK_EVERY", 3600.0)  # the tests say when the worker looks
    ours: dict[str, Any] = {
        "turn_seconds": 0.5,
        "turns_per_minute": 1000,
        "requests_per_minute": 1_000_000,
        "staff_email": "staff@example.jp",
    }
    return Settings(data_dir=tmp_path, database_url=database, **ours)


@pytest.fixture
def bookings(client: TestClient) -> Iterator[Bookings]:
    found: Bookings = client.app.state.bookings  # type: ignore[attr-defined]
    yield found
    client.app.state.database.engine.dispose()  # type: ignore[attr-defined]


@pytest.fixture
def visitor(client: TestClient, bookings: Bookings) -> Visitor:
    return Visitor(client)


@pytest.fixture
def mails(client: TestClient, bookings: Bookings, settings: Settings) -> Callable[[], list[EmailMessage]]:
    """Sends what waits, and reads all .eml files, oldest first."""

    def read() -> list[EmailMessage]:
        assert client.portal is not None
        while client.portal.call(bookings.worker.send_waiting):
            pass
        files = sorted((settings.data_dir / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), policy=default) for path in files]

    return read

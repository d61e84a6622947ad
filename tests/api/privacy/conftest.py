"""A house whose night can be called, on SQLite or on a real PostgreSQL; the clock is set by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.api.bookings.conftest import bookings, clock, cluster, database, mails, settings, visitor

__all__ = ["bookings", "clock", "cluster", "database", "mails", "settings", "visitor"]


@pytest.fixture(autouse=True)
def let_go(client: TestClient) -> Iterator[None]:
    yield
    client.app.state.database.engine.dispose()  # type: ignore[attr-defined]

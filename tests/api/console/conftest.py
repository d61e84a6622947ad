"""Signed-in staff of every role, on a database that the test chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from core.settings import Settings
from tests.api.bookings.postgres import Cluster, running_cluster
from tests.api.console.staffer import Staffer, add, enter


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
def settings(tmp_path: Any, database: str | None) -> Settings:
    limits: dict[str, Any] = {"turn_seconds": 5, "turns_per_minute": 1000, "requests_per_minute": 1_000_000}
    return Settings(data_dir=tmp_path, database_url=database, **limits)


@pytest.fixture
def staffer(client: TestClient) -> Callable[[str], Staffer]:
    """Somebody signed in with a role; each call is another person."""
    made: list[Staffer] = []

    def enter_as(role: str) -> Staffer:
        staff_id = add(client, role, f"{role}{len(made)}@example.jp")
        made.append(enter(client, staff_id))
        return made[-1]

    return enter_as


@pytest.fixture
def reviewer(staffer: Callable[[str], Staffer]) -> Staffer:
    return staffer("reviewer")


@pytest.fixture
def admin(staffer: Callable[[str], Staffer]) -> Staffer:
    return staffer("admin")

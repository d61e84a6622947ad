"""The API with Slack set up, Slack's place taken by a stand-in, Rasa's by a script."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.db.engine import Database
from core.settings import Settings
from tests.api.bookings.postgres import Cluster, running_cluster
from tests.api.channels.slack.payloads import SECRET
from tests.api.channels.slack.stand_in import TOKEN, Slack, running_slack
from tests.api.channels.slack.workspace import Workspace


@pytest.fixture
def slack() -> Iterator[Slack]:
    with running_slack() as running:
        yield running
    assert running.wrong == []


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
def settings(tmp_path: Any, slack: Slack, database: str | None) -> Settings:
    ours: dict[str, Any] = {"slack_signing_secret": SECRET, "slack_bot_token": TOKEN, "slack_api_base": slack.api}
    fast: dict[str, Any] = {"turn_seconds": 5.0, "turns_per_minute": 100_000, "requests_per_minute": 100_000}
    return Settings(data_dir=tmp_path, database_url=database, **ours, **fast)


@pytest.fixture
def workspace(client: TestClient, slack: Slack) -> Iterator[Workspace]:
    store: Database = client.app.state.database  # type: ignore[attr-defined]
    yield Workspace(client.post, store, slack)
    store.engine.dispose()


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Waits for a condition, not for a time."""

    def wait(condition: Callable[[], bool], seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.02)

    return wait

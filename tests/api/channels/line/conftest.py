"""The API with LINE set up, LINE's place taken by a stand-in, Rasa's by a script."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.db.engine import Database
from core.settings import Settings
from tests.api.channels.line.friends import Friends
from tests.api.channels.line.payloads import SECRET, TOKEN
from tests.api.channels.standin import LineStandIn, served


class RunningLine(LineStandIn):
    """The stand-in with its address."""

    url = ""


@pytest.fixture
def line() -> Iterator[RunningLine]:
    standin = RunningLine()
    with served(standin.app) as url:
        standin.url = url
        yield standin
    assert standin.faults == []


@pytest.fixture
def settings(tmp_path: Any, line: RunningLine) -> Settings:
    ours: dict[str, Any] = {"line_channel_secret": SECRET, "line_channel_access_token": TOKEN}
    bases: dict[str, Any] = {"line_api_base": line.url, "line_data_api_base": line.url}
    fast: dict[str, Any] = {"turn_seconds": 5.0, "turns_per_minute": 100_000, "requests_per_minute": 100_000}
    return Settings(data_dir=tmp_path, **ours, **bases, **fast)


@pytest.fixture
def friends(client: TestClient) -> Iterator[Friends]:
    store: Database = client.app.state.database  # type: ignore[attr-defined]
    yield Friends(client.post, store)
    store.engine.dispose()


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Waits for a condition, not for a time."""

    def wait(condition: Callable[[], bool], seconds: float = 6.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.02)

    return wait

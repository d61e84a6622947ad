"""The real API on its own port, with LINE's place taken by a stand-in and Rasa's by a script."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.db.models import Base
from core.settings import Settings
from tests.api.channels.standin import LineStandIn, served
from tests.api.conftest import ScriptedRasa

SECRET = "line-secret-for-tests"
numbers = itertools.count(1)


class LinePerson:
    """Delivers events as LINE does: signed on the raw body, with an id that stays when delivered again."""

    def __init__(self, url: str, user: str = "U1") -> None:
        self.url, self.user = url, user

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        number = next(numbers)
        return {
            "type": kind,
            "mode": "active",
            "timestamp": 1764000000000 + number,
            "source": {"type": "user", "userId": self.user},
            "webhookEventId": f"01HEVENT{number:018d}",
            "deliveryContext": {"isRedelivery": False},
            **({} if kind in ("unfollow", "leave", "unsend") else {"replyToken": f"token-{number}"}),
            **more,
        }

    def text(self, text: str, **more: Any) -> dict[str, Any]:
        message = {"id": str(10_000 + next(numbers)), "type": "text", "text": text, "quoteToken": "q"}
        return self.event("message", message=message, **more)

    def deliver(self, *events: dict[str, Any], signature: str | None = None, again: bool = False) -> httpx.Response:
        if again:
            events = tuple({**event, "deliveryContext": {"isRedelivery": True}} for event in events)
        body = json.dumps({"destination": "Ubot", "events": list(events)}, ensure_ascii=False).encode()
        return self.post(body, signature)

    def post(self, body: bytes, signature: str | None = None) -> httpx.Response:
        headers = {"X-Line-Signature": signature or sign(body), "Content-Type": "application/json"}
        return httpx.post(f"{self.url}/channels/line/webhook", content=body, headers=headers, timeout=10)


def sign(body: bytes) -> str:
    return base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Waits for a condition, not for a time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


@pytest.fixture
def line() -> LineStandIn:
    return LineStandIn()


@pytest.fixture
def line_url(line: LineStandIn) -> Iterator[str]:
    with served(line.app) as url:
        yield url


@pytest.fixture
def line_settings(tmp_path: Any, line_url: str) -> Settings:
    return Settings(
        data_dir=tmp_path,
        turns_per_minute=10_000,
        requests_per_minute=100_000,
        line_channel_secret=SECRET,
        line_channel_access_token="line-token",
        line_api_base=line_url,
        line_data_api_base=line_url,
    )


@contextmanager
def living(settings: Settings, rasa: ScriptedRasa) -> Iterator[Any]:
    """The API with its background work; yields the application, its address in `state.url`."""
    app = create_app(settings)
    Base.metadata.create_all(app.state.database.engine)
    app.state.chat.rasa = rasa
    with served(app) as url:
        app.state.url = url
        yield app


@pytest.fixture
def app(line_settings: Settings, rasa: ScriptedRasa) -> Iterator[Any]:
    with living(line_settings, rasa) as opened:
        yield opened


@pytest.fixture
def person(app: Any) -> LinePerson:
    return LinePerson(app.state.url)

"""The real API on a real database, with Rasa's place taken by a script."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.chat.rasa import TurnAnswer, TurnFailed
from api.db.models import Base
from core.settings import Settings


def said(kind: str = "answer", text: str = "はい、そうです。", **parts: Any) -> dict[str, Any]:
    """A neutral message as an action returns it."""
    return {
        "kind": kind,
        "text": text,
        "knowledge": [],
        "sources": [],
        "choices": [],
        "ask": None,
        "card": None,
    } | parts


class ScriptedRasa:
    """Answers with `messages`, or fails as told; keeps what it was sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = [said()]
        self.fail: str | None = None
        self.seconds = 0.0
        self.sent: list[dict[str, Any]] = []
        self.forgotten: list[str] = []
        self.busy = 0
        self.most_busy = 0

    async def turn(self, body: dict[str, Any]) -> TurnAnswer:
        self.sent.append(body)
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.busy -= 1
        if self.fail:
            raise TurnFailed(self.fail)
        parse = {"intent": {"name": "ask", "confidence": 0.9}, "topics": []}
        return TurnAnswer(self.messages, parse, {"talk": {"topic": "scheme.unit"}}, "model")

    async def forget(self, sender: str) -> None:
        self.forgotten.append(sender)

    async def is_ready(self) -> bool:
        return True

    async def close(self) -> None:
        return None


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(data_dir=tmp_path, turn_seconds=0.5, turns_per_minute=1000, requests_per_minute=100_000)


@pytest.fixture
def rasa() -> ScriptedRasa:
    return ScriptedRasa()


@pytest.fixture
def client(settings: Settings, rasa: ScriptedRasa) -> Iterator[TestClient]:
    app = create_app(settings)
    Base.metadata.create_all(app.state.database.engine)
    app.state.chat.rasa = rasa
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


class Talk:
    """One person's conversation through the front door."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        started = client.post("/api/conversations", json={}).json()
        self.id, self.token, self.greeting = started["conversation_id"], started["token"], started["messages"]
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.path = f"/api/conversations/{self.id}"

    def send(self, **body: Any) -> Any:
        body.setdefault("client_message_id", uuid.uuid4().hex)
        return self.client.post(f"{self.path}/messages", json=body, headers=self.headers)

    def history(self, **query: Any) -> Any:
        return self.client.get(f"{self.path}/messages", params=query, headers=self.headers)


@pytest.fixture
def new_talk(client: TestClient) -> Callable[[], Talk]:
    return lambda: Talk(client)


@pytest.fixture
def talk(new_talk: Callable[[], Talk]) -> Talk:
    return new_talk()

"""The whole system, started once for all tests here, with an action server that can be made to fail."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.running import RunningHouse, running_house

FAULTS = Path(__file__).parent / "faults"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    data = tmp_path_factory.mktemp("house")
    limits = {"TURNS_PER_MINUTE": "100000", "REQUESTS_PER_MINUTE": "100000"}
    with running_house(data, PYTHONPATH=str(FAULTS), **limits) as running:
        yield running


class Visitor:
    """One person at the front door of a running house."""

    def __init__(self, url: str) -> None:
        self.url, self.token = url, ""
        status, started = self.call("POST", "/api/conversations", {})
        assert status == 201, started
        self.id, self.token = started["conversation_id"], started["token"]

    def say(self, text: str) -> list[dict[str, Any]]:
        status, answer = self.send(text)
        assert status == 200, answer
        messages: list[dict[str, Any]] = answer["messages"]
        return messages

    def send(self, text: str) -> tuple[int, Any]:
        body = {"client_message_id": uuid.uuid4().hex, "text": text}
        return self.call("POST", f"/api/conversations/{self.id}/messages", body)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.token}"} if self.token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


@pytest.fixture
def visitor(house: RunningHouse) -> Visitor:
    return Visitor(house.url)


@pytest.fixture
def visit() -> Callable[[str], Visitor]:
    return Visitor

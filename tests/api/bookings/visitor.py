"""Somebody who books over HTTP."""

from __future__ import annotations

import os
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

SOAK = bool(os.environ.get("SOAK"))
BOTH = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def guest(**changes: Any) -> dict[str, Any]:
    """A guest of a video meeting."""
    return {
        "kind": "web",
        "name": "山田 花子",
        "organization": "ひろしま木工株式会社",
        "email": "hanako@example.jp",
        "phone": "082-123-4567",
        "topic": "照明をLEDに変える計画について",
        "consent": True,
    } | changes


class Visitor:
    """Lists, holds and books; what is changed to `...` is left out of the body."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def slots(self, first: str = "2026-11-25", last: str = "2026-12-11", kind: str = "web") -> list[dict[str, str]]:
        answer = self.client.get("/api/booking-slots", params={"kind": kind, "from": first, "to": last})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, str]] = answer.json()["slots"]
        return found

    def hold(self, slot: dict[str, str], kind: str = "web", **more: Any) -> Any:
        return self.client.post("/api/booking-holds", json={"slot_id": slot["id"], "kind": kind, **more})

    def book(self, slot: dict[str, str] | None = None, key: str | None = None, **changes: Any) -> Any:
        body = guest() | ({"slot_id": slot["id"]} if slot else {}) | changes
        body = {name: value for name, value in body.items() if value is not ...}
        return self.client.post("/api/bookings", json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())})

    def booked(self, slot: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
        """The card of a booking, with the path of its page."""
        answer = self.book(slot or self.slots(kind=changes.get("kind", "web"))[0], **changes)
        assert answer.status_code == 201, answer.text
        card: dict[str, Any] = answer.json()
        return card | {"path": urlsplit(card["manage_url"]).path}

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(path, json=body or {}, headers={"Accept": "application/json"})

    def form(self, path: str, data: dict[str, str]) -> Any:
        return self.client.post(path, data=data, follow_redirects=False)

"""What tasks may read from the API over loopback: free times, bookings and results. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import httpx

from core.settings import Settings

SECONDS = 2.0
SECRET_HEADER = "X-Internal-Secret"  # noqa: S105 - the header's name


def services(conversation_id: str) -> Mapping[str, Callable[..., Any]]:
    """The services of one turn of a conversation; what was read is kept for that turn."""

    @cache
    def free_slots(kind: str, besides: str = "") -> list[dict[str, Any]]:
        """Free times; what the conversation holds, and the time of booking `besides`, count as free."""
        found: list[dict[str, Any]] = _read(
            "/internal/free-slots", kind=kind, conversation_id=conversation_id, besides=besides
        )["slots"]
        return found

    @cache
    def bookings() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = _read(f"/internal/conversations/{conversation_id}/bookings")["bookings"]
        return found

    @cache
    def cases() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = _read(f"/internal/conversations/{conversation_id}/cases")["cases"]
        return found

    return {"free_slots": free_slots, "bookings": bookings, "cases": cases}


def _read(path: str, **query: str) -> Any:
    settings = Settings()
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - only compared
    secret = settings.internal_secret.get_secret_value()
    url = f"http://{host}:{settings.port}{path}"
    answer = httpx.get(url, params=query, headers={SECRET_HEADER: secret}, timeout=SECONDS, trust_env=False)
    answer.raise_for_status()
    return answer.json()

"""The one place that talks to Rasa. Replace this class to replace Rasa."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from core.settings import Settings


class TurnFailed(Exception):
    """Rasa or an action did not answer in time, or answered nothing; `kind` says which, without text."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class TurnAnswer:
    """What one turn brought: messages, how it was understood, and the dialogue's slots."""

    messages: list[dict[str, Any]]
    parse: dict[str, Any]
    slots: dict[str, Any]
    model: str | None


class RasaClient:
    """Sends turns over loopback; a turn takes at most `turn_seconds`."""

    def __init__(self, settings: Settings) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{settings.rasa_url}/webhooks/turn",
            timeout=httpx.Timeout(settings.turn_seconds, connect=1.0, pool=settings.turn_seconds),
            trust_env=False,  # loopback needs no proxy
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
        )

    async def turn(self, body: dict[str, Any]) -> TurnAnswer:
        """One turn: {sender, text, choice?, channel, message_id, context}. Raises TurnFailed."""
        try:
            answer = await self._http.post("/turn", json=body)
        except httpx.TimeoutException as error:
            raise TurnFailed("timeout") from error
        except httpx.HTTPError as error:
            raise TurnFailed("unreachable") from error
        if answer.status_code != 200:
            raise TurnFailed(f"status_{answer.status_code}")
        data = answer.json()
        return TurnAnswer(data["messages"], data["parse"], data["slots"], data["model"])

    async def forget(self, sender: str) -> None:
        """Erases the dialogue state of a conversation. Raises TurnFailed."""
        try:
            (await self._http.delete(f"/turn/{sender}")).raise_for_status()
        except httpx.HTTPError as error:
            raise TurnFailed("unreachable") from error

    async def is_ready(self) -> bool:
        """Whether Rasa has its model."""
        try:
            return (await self._http.get("/ready", timeout=2.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()

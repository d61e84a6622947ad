"""Keeps every exception inside: Rasa would log the whole tracker, user texts included, if one got out."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

log = structlog.get_logger("actions")
Run = Callable[..., Awaitable[list[dict[str, Any]]]]


def guarded(seconds: float) -> Callable[[Run], Run]:
    """Runs an action within `seconds`; a failure is logged by id and leaves no message, so that api/ says sorry."""

    def decorate(run: Run) -> Run:
        async def safe(self: Any, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
            try:
                return await asyncio.wait_for(run(self, dispatcher, tracker, domain), seconds)
            except Exception as error:  # the one place that may catch everything
                log.error("action_failed", error_id=uuid.uuid4().hex[:12], kind=type(error).__name__)
                dispatcher.messages.clear()
                return []

        return safe

    return decorate

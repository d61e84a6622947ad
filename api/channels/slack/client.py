"""Calls Slack with the official client and says how it went; when to try again is the queue's business."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from api.channels.events import Busy, Refused
from core.settings import Settings

log = structlog.get_logger("slack")

SECONDS = 10
LOOK_AT, LOOK_BACK = 200, 24 * 60 * 60
OK, TOO_MANY, SERVER = 200, 429, 500
RESPONSES = "https://hooks.slack.com/"
PASSING = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
OPERATORS = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}
"""Wrong until the operator mends the token or the permissions; the words wait."""
ARRIVED = {"duplicate_client_msg_id", "duplicate_message"}
"""Said when the same `client_msg_id` was taken before."""


class SlackClient:
    """`chat.postMessage`, `chat.update` and response_urls."""

    def __init__(self, settings: Settings) -> None:
        token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
        self._base = settings.slack_api_base.rstrip("/") + "/"
        self._web = AsyncWebClient(token=token, base_url=self._base, timeout=SECONDS, retry_handlers=[])
        self._is_here = urlsplit(self._base).hostname in {"127.0.0.1", "localhost", "::1"}
        if self._is_here:
            self._web.proxy = None

    async def call(self, method: str, arguments: dict[str, Any]) -> None:
        """One call of the Web API. Raises Busy or Refused, or what leaves open whether it arrived."""
        try:
            await self._web.api_call(method, json=arguments)
        except SlackApiError as error:
            _raise(error)
        except aiohttp.ClientConnectorError as error:
            raise Busy from error

    async def has(self, channel: str, thread: str | None, key: str) -> bool:
        """Whether a message with this key is there; False as well where this app may not look."""
        where: dict[str, Any] = {"channel": channel, "limit": LOOK_AT, "include_all_metadata": True}
        where |= {"oldest": f"{time.time() - LOOK_BACK:.6f}"} | ({"ts": thread} if thread else {})
        method = "conversations.replies" if thread else "conversations.history"
        try:
            found = await self._web.api_call(method, http_verb="GET", params=where)
        except SlackApiError as error:
            log.info("slack_cannot_look", error=str(error.response.get("error")))
            return False
        said = (message.get("metadata") or {} for message in found.get("messages") or [])
        return any((metadata.get("event_payload") or {}).get("key") == key for metadata in said)

    async def respond(self, url: str, arguments: dict[str, Any]) -> None:
        """Answers where only one person sees it. Raises as `call` does."""
        if not self._is_slacks(url):
            raise Refused("foreign_response_url")
        client = AsyncWebhookClient(url, timeout=SECONDS, retry_handlers=[])
        if self._is_here:
            client.proxy = None
        try:
            answer = await client.send_dict(arguments)
        except aiohttp.ClientConnectorError as error:
            raise Busy from error
        if answer.status_code == TOO_MANY or answer.status_code >= SERVER:
            raise Busy(_seconds(answer.headers))
        if answer.status_code != OK:
            raise Refused(f"http_{answer.status_code}")

    def _is_slacks(self, url: str) -> bool:
        ours = urlsplit(self._base)
        return url.startswith(RESPONSES) or url.startswith(f"{ours.scheme}://{ours.netloc}/")


def _raise(error: SlackApiError) -> None:
    """Slack's answer as what to do next; an answer that says the message is there already is none."""
    response = error.response
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    said = response.get("error") if hasattr(response, "get") else None
    name = str(said or f"http_{status}")
    if name in ARRIVED:
        return
    if status == TOO_MANY or status >= SERVER or name in PASSING | OPERATORS:
        log.warning("slack_waits", error=name)
        raise Busy(_seconds(getattr(response, "headers", {}))) from error
    raise Refused(name) from error


def _seconds(headers: Any) -> float | None:
    """Retry-After, wherever its name is written how."""
    found = next((value for name, value in dict(headers).items() if name.lower() == "retry-after"), None)
    text = found[0] if isinstance(found, list) else found
    return float(text) if text and str(text).isdigit() else None

"""Calls Slack with the official client and says how it went; when to try again is the queue's business."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from core.settings import Settings

SECONDS = 10
RESPONSES = "https://hooks.slack.com/"
PASSING = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
OPERATORS = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}
"""Wrong until the operator mends the token or the permissions; the words wait."""


class Later(Exception):
    """Not now. `seconds` is what Slack asked for; None leaves it to the queue."""

    def __init__(self, error: str, seconds: float | None = None) -> None:
        super().__init__(error)
        self.error, self.seconds = error, seconds


class Refused(Exception):
    """Never: `error` is Slack's own word for why."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


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
        """One call of the Web API. Raises Later or Refused."""
        try:
            await self._web.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _fault(error) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Later(type(error).__name__) from error

    async def respond(self, url: str, arguments: dict[str, Any]) -> None:
        """Answers where only one person sees it. Raises Later or Refused."""
        if not self._is_slacks(url):
            raise Refused("foreign_response_url")
        client = AsyncWebhookClient(url, timeout=SECONDS, retry_handlers=[])
        if self._is_here:
            client.proxy = None
        try:
            answer = await client.send_dict(arguments)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Later(type(error).__name__) from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Later(f"http_{answer.status_code}", _seconds(answer.headers))
        if answer.status_code != 200:
            raise Refused(f"http_{answer.status_code}")

    def _is_slacks(self, url: str) -> bool:
        ours = urlsplit(self._base)
        return url.startswith(RESPONSES) or url.startswith(f"{ours.scheme}://{ours.netloc}/")


def _fault(error: SlackApiError) -> Later | Refused:
    response = error.response
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    said = response.get("error") if hasattr(response, "get") else None
    name = str(said or f"http_{status}")
    if status == 429 or status >= 500 or name in PASSING | OPERATORS:
        return Later(name, _seconds(getattr(response, "headers", {})))
    return Refused(name)


def _seconds(headers: Any) -> float | None:
    """Retry-After, wherever its name is written how."""
    found = next((value for name, value in dict(headers).items() if name.lower() == "retry-after"), None)
    text = found[0] if isinstance(found, list) else found
    return float(text) if text and str(text).isdigit() else None

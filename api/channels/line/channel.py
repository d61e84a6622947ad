"""LINE as a channel: reply by token while it is good, else push; every call through the official SDK."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Sequence
from functools import cached_property
from typing import Any

import structlog
from aiohttp import ClientConnectorError
from linebot.v3.messaging import (
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
)
from pydantic.v1 import ValidationError

from api.channels.events import Busy, Event, Refused, Sending
from api.channels.line.limits import LOADING_SECONDS, MESSAGES_A_CALL, REPLY_TOKEN_LIVES
from api.channels.line.normalise import address
from api.channels.line.render import leaving_buttons, payloads
from api.channels.wording import texts
from api.chat.contract import Message
from core.settings import Settings

log = structlog.get_logger("line")
SECONDS = 10
BAD_REQUEST, CONFLICT, TOO_MANY, SERVER = 400, 409, 429, 500


class LineChannel:
    """Sends to LINE. A push carries a retry key, so that the same call again is taken once."""

    name = "line"

    def __init__(self, settings: Settings) -> None:
        token = settings.line_channel_access_token
        assert token is not None
        self._base_url = settings.base_url
        self._configuration = Configuration(
            host=settings.line_api_base.rstrip("/"), access_token=token.get_secret_value()
        )

    @cached_property
    def _client(self) -> AsyncApiClient:
        """Made at the first call: the SDK wants a running loop."""
        return AsyncApiClient(self._configuration)

    @cached_property
    def _api(self) -> AsyncMessagingApi:
        return AsyncMessagingApi(self._client)

    async def send(self, thread: str, messages: Sequence[Message], route: dict[str, Any], sending: Sending) -> None:
        """All messages in calls of five. Raises Busy or Refused."""
        rendered = self.render(messages)
        calls = [rendered[i : i + MESSAGES_A_CALL] for i in range(0, len(rendered), MESSAGES_A_CALL)]
        for number, call in list(enumerate(calls))[sending.done :]:
            doubtful = sending.doubtful and number == sending.done
            if number > 0 or not await self._replied(call, route, doubtful):
                await self._push(thread, call, str(uuid.uuid5(uuid.UUID(sending.key), str(number))))
            await sending.mark(number + 1)

    def render(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        """LINE's message objects; what leaving means comes with its two buttons."""
        found = payloads(messages, self._base_url)
        if found and messages[-1].text.startswith(texts()["leaving"].partition("{")[0]):
            found[-1]["quickReply"] = leaving_buttons()
        return found

    async def _replied(self, call: list[dict[str, Any]], route: dict[str, Any], doubtful: bool) -> bool:
        """Whether the reply token did it."""
        fresh = time.time() - float(route.get("at", 0)) < REPLY_TOKEN_LIVES.total_seconds()
        if not route.get("token") or not fresh:
            return False
        request = ReplyMessageRequest.from_dict({"replyToken": route["token"], "messages": call})
        try:
            await self._called(self._api.reply_message(request, _request_timeout=SECONDS))
        except Refused as error:
            if error.code != str(BAD_REQUEST):
                raise
            return doubtful  # a token is good once: a good one that is refused now had arrived
        return True

    async def _push(self, thread: str, call: list[dict[str, Any]], key: str) -> None:
        request = PushMessageRequest.from_dict({"to": address(thread), "messages": call})
        try:
            await self._called(self._api.push_message(request, x_line_retry_key=key, _request_timeout=SECONDS))
        except Refused as error:
            if error.code != str(CONFLICT):  # 409: this key was taken before
                raise

    async def working(self, event: Event) -> None:
        """The loading animation, in a talk of two only."""
        if not event.thread.startswith("user:"):
            return
        request = ShowLoadingAnimationRequest(chatId=address(event.thread), loadingSeconds=LOADING_SECONDS)
        try:
            await self._called(self._api.show_loading_animation(request, _request_timeout=2))
        except Exception as error:  # noqa: BLE001 - an ornament; the answer comes without it as well
            log.info("no_loading_animation", kind=type(error).__name__)

    async def close(self) -> None:
        """Closes the connections."""
        if "_client" in self.__dict__:
            await self._client.close()

    @staticmethod
    async def _called(call: Awaitable[Any]) -> None:
        try:
            await call
        except ApiException as error:
            if error.status == TOO_MANY or error.status >= SERVER:
                raise Busy(_seconds(error)) from error
            raise Refused(str(error.status)) from error
        except ValidationError:
            log.warning("line_answer_unreadable")  # it was taken; only what LINE says about it could not be read
        except ClientConnectorError as error:
            raise Busy from error
        except asyncio.TimeoutError as error:  # noqa: UP041 - aiohttp's own on some versions
            raise TimeoutError from error


def _seconds(error: ApiException) -> float | None:
    wait = (error.headers or {}).get("Retry-After")
    return float(wait) if wait and str(wait).isdigit() else None

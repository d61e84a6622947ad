"""Slack as a channel: replies in the thread, or where only one person sees them; used buttons give way."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import Any

import structlog

from api.channels.events import Event, Refused, Sending
from api.channels.slack.client import SlackClient
from api.channels.slack.limits import RESPONSE_URL_SECONDS
from api.channels.slack.normalise import Place
from api.channels.slack.render import Post, Renderer
from api.chat.contract import Message
from core.settings import Settings

log = structlog.get_logger("slack")
QUIET = {"unfurl_links": False, "unfurl_media": False}
REPLY = "jcredit_reply"
LITERAL = {"parse": "none", "link_names": False}


class SlackChannel:
    """Sends to Slack. Each message carries a key; where nobody knows whether it arrived, Slack is asked for it."""

    name = "slack"

    def __init__(self, settings: Settings) -> None:
        self._client, self._renderer = SlackClient(settings), Renderer(settings.base_url)

    async def send(self, thread: str, messages: Sequence[Message], route: dict[str, Any], sending: Sending) -> None:
        """One call a message, or one for all where Slack counts the calls. Raises Busy or Refused."""
        place = Place.of(thread)
        for number, post in list(enumerate(self.render(place, messages)))[sending.done :]:
            key = str(uuid.uuid5(uuid.UUID(sending.key), str(number)))
            doubtful = sending.doubtful and number == sending.done
            if place.user:
                await self._whisper(place, post, route, key)
            elif not (doubtful and await self._client.has(place.channel, place.thread, key)):
                await self._post(place, post, key)
            await sending.mark(number + 1)

    def render(self, place: Place, messages: Sequence[Message]) -> list[Post]:
        """`{text, blocks}` of each call."""
        if place.user:
            return self._renderer.together(messages)
        return [post for message in messages for post in self._renderer.render(message)]

    async def working(self, event: Event) -> None:
        """Takes the buttons away that were pressed; the answer comes without that as well."""
        used = event.route.get("pressed")
        if not used or not used["blocks"]:
            return
        left = {"text": used["label"] or "…", "blocks": self._renderer.pressed(used["blocks"], used["label"])}
        place = Place.of(event.thread)
        try:
            if place.user:
                await self._client.respond(event.route["response_url"], {"replace_original": True, **left})
            else:
                await self._client.call("chat.update", {"channel": place.channel, "ts": used["ts"], **LITERAL, **left})
        except Exception as error:  # noqa: BLE001 - an ornament; old buttons do no harm
            log.info("buttons_stay", kind=type(error).__name__)

    async def close(self) -> None:
        """Connections are opened for each call; there is nothing to free."""

    async def _post(self, place: Place, post: Post, key: str) -> None:
        where = {"channel": place.channel} | ({"thread_ts": place.thread} if place.thread else {})
        known = {"client_msg_id": key, "metadata": {"event_type": REPLY, "event_payload": {"key": key}}}
        await self._client.call("chat.postMessage", {**where, **QUIET, **LITERAL, **known, **post})

    async def _whisper(self, place: Place, post: Post, route: dict[str, Any], key: str) -> None:
        """By the response_url; when that is used up or there is none, as a direct message."""
        url, fresh = route.get("response_url"), time.time() - route.get("at", 0) < RESPONSE_URL_SECONDS
        if url and fresh:
            try:
                await self._client.respond(url, {"response_type": "ephemeral", "replace_original": False, **post})
            except Refused as error:
                log.info("response_url_refused", code=error.code)
            else:
                return
        await self._post(Place(place.team, place.user or place.channel), post, key)

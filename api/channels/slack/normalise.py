"""What Slack delivers, in the channels' neutral form: words, a button or boxes, and where the answer belongs."""

from __future__ import annotations

import html
import re
import time
from dataclasses import dataclass
from typing import Any

from api.channels.events import Event
from api.channels.slack.render import CHOOSE, SEND, TICK
from api.channels.slack.shapes import Callback, Command, Pressed, SlackEvent
from api.channels.slack.texts import load_texts

PEOPLE_SPEAK = {None, "file_share", "thread_broadcast"}
DIRECT = "direct"
MENTION = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|(?P<name>[^>]*))?>")
MARKUP = re.compile(r"<(?P<sign>[#!])?(?P<target>[^|>]*)(?:\|(?P<label>[^>]*))?>")


@dataclass(frozen=True)
class Place:
    """Where a conversation is held: a thread, a person's direct messages, or one person's slash commands.

    user: set where only this person sees the answers.
    """

    team: str
    channel: str
    thread: str | None = None
    user: str | None = None

    @property
    def key(self) -> str:
        """The same for everything that belongs to one conversation."""
        return ":".join([self.team, self.channel, self.thread or self.user or DIRECT])

    @classmethod
    def of(cls, key: str) -> Place:
        """The place behind a key."""
        team, channel, rest = key.split(":")
        if rest == DIRECT:
            return cls(team, channel)
        return cls(team, channel, thread=rest) if "." in rest else cls(team, channel, user=rest)


def from_event(callback: Callback) -> Event | None:
    """A mention or a direct message of a person; None for everything that gets no answer."""
    event = callback.event
    mine = {bot.user_id for bot in callback.authorizations if bot.is_bot and bot.user_id}
    if event.subtype == "message_deleted":
        return _deleted(callback)
    if not _is_for_us(event, mine):
        return None
    direct = event.type == "message"
    place = Place(callback.team_id, event.channel, event.thread_ts or (None if direct else event.ts))
    text = plain(event.text or "", mine)
    known: dict[str, Any] = {"id": callback.event_id, "thread": place.key}
    known["message_id"] = _message_id(event.channel, event.ts or "")
    if not text and event.files:
        return Event(kind="other", **known)
    return Event(kind="text", text=text or load_texts().called, **known)


def from_press(pressed: Pressed) -> Event | None:
    """A button, or the boxes that were ticked before 送信; None for a tick, which only Slack keeps."""
    action, box = pressed.actions[0], pressed.container
    name = action.action_id.partition(":")[0]
    ticked = _ticked(pressed, action.block_id) if name == SEND else {}
    chosen = {action.value: action.label} if name == CHOOSE and action.value else ticked
    if not chosen:
        return None
    private = pressed.user.id if box.is_ephemeral else None
    direct = box.channel_id.startswith("D")
    thread = None if private else box.thread_ts or (None if direct else box.message_ts)
    used = {"ts": box.message_ts, "blocks": pressed.message.blocks, "label": "、".join(chosen.values())}
    return Event(
        id=pressed.trigger_id,
        thread=Place(pressed.team.id, box.channel_id, thread, private).key,
        kind="choice",
        choice_ids=list(chosen),
        route={"pressed": used, **(_reply_to(pressed.response_url) if private else {})},
    )


def from_command(command: Command) -> Event | None:
    """A question behind a slash command, whose answer only the asking person sees; None without a question."""
    text = plain(command.text, set())
    place = Place(command.team_id, command.channel_id, user=command.user_id)
    route = _reply_to(command.response_url)
    return Event(id=command.trigger_id, thread=place.key, kind="text", text=text, route=route) if text else None


def plain(text: str, mine: set[str]) -> str:
    """Slack's markup as the words that people see; mentions of this app go."""

    def person(found: re.Match[str]) -> str:
        return "" if found["id"] in mine else f"@{found['name'] or found['id']}"

    def other(found: re.Match[str]) -> str:
        shown = found["label"] or found["target"].removeprefix("mailto:").removeprefix("tel:")
        sign = {"#": "#", "!": "@"}.get(found["sign"] or "", "")
        return f"{sign}{shown.lstrip('@')}" if sign else shown

    return html.unescape(MARKUP.sub(other, MENTION.sub(person, text))).strip()


def _is_for_us(event: SlackEvent, mine: set[str]) -> bool:
    heard = event.type == "app_mention" or (event.type == "message" and event.channel_type == "im")
    by_person = not event.bot_id and not event.bot_profile and event.subtype in PEOPLE_SPEAK
    known = isinstance(event.user, str) and isinstance(event.channel, str) and event.ts is not None
    return heard and by_person and known and event.user not in mine


def _deleted(callback: Callback) -> Event | None:
    """A direct message that the person took back: its words go here as well."""
    event = callback.event
    if event.channel_type != "im" or not event.deleted_ts:
        return None
    thread = event.previous_message.thread_ts
    place = Place(callback.team_id, event.channel, thread if thread != event.deleted_ts else None)
    taken_back = _message_id(event.channel, event.deleted_ts)
    return Event(id=callback.event_id, thread=place.key, kind="unsend", message_id=taken_back)


def _message_id(channel: str, ts: str) -> str:
    return f"slack-{channel}-{ts}"


def _reply_to(response_url: str | None) -> dict[str, Any]:
    return {"response_url": response_url, "at": time.time()} if response_url else {}


def _ticked(pressed: Pressed, block_id: str) -> dict[str, str]:
    boxes = pressed.state.values.get(block_id, {})
    ticks = (option for name, box in boxes.items() if name.startswith(TICK) for option in box.selected_options)
    return {option.value: option.label for option in ticks}

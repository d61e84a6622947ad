"""What Slack delivers as what somebody said: words, a button or boxes, and where the answer belongs."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from api.channels.slack.render import CHOOSE, SEND, TICK
from api.channels.slack.shapes import Callback, Command, Event, Pressed

PEOPLE_SPEAK = {None, "file_share", "thread_broadcast"}
MENTION = re.compile(r"<@(?P<id>[A-Z0-9]+)(?:\|(?P<name>[^>]*))?>")
MARKUP = re.compile(r"<(?P<sign>[#!])?(?P<target>[^|>]*)(?:\|(?P<label>[^>]*))?>")


@dataclass(frozen=True)
class Place:
    """Where a conversation is held: a thread, a person's direct messages, or one person's slash commands."""

    team: str
    channel: str
    thread: str | None = None
    user: str | None = None
    """Set where only this person sees the answers."""

    @property
    def key(self) -> str:
        """The same for everything that belongs to one conversation."""
        return ":".join([self.team, self.channel, self.thread or self.user or "direct"])


@dataclass(frozen=True)
class Heard:
    """One thing that a person said or pressed; exactly one of text, choice and choices is set, or none of them."""

    id: str
    place: Place
    user: str
    text: str | None = None
    choice: str | None = None
    choices: tuple[str, ...] = ()
    has_files: bool = False
    response_url: str | None = None
    """Where an answer that only this person sees goes."""
    pressed: Pressed | None = None


def from_event(callback: Callback) -> Heard | None:
    """A mention or a direct message of a person; None for everything that gets no answer."""
    event = callback.event
    mine = {bot.user_id for bot in callback.authorizations if bot.is_bot and bot.user_id}
    if not _is_for_us(event, mine):
        return None
    direct = event.type == "message"
    thread = event.thread_ts or (None if direct else event.ts)
    place = Place(callback.team_id, event.channel, thread)
    said = plain(event.text or "", mine)
    return Heard(callback.event_id, place, event.user, text=said or None, has_files=bool(event.files))


def from_press(pressed: Pressed) -> Heard | None:
    """A button, or the boxes that were ticked before 送信; None for a tick, which only Slack keeps."""
    action, box = pressed.actions[0], pressed.container
    name = action.action_id.partition(":")[0]
    if name == TICK or name not in (CHOOSE, SEND) or not action.value:
        return None
    private = pressed.user.id if box.is_ephemeral else None
    direct = box.channel_id.startswith("D")
    thread = None if private else box.thread_ts or (None if direct else box.message_ts)
    place = Place(pressed.team.id, box.channel_id, thread, private)
    found = Heard(
        pressed.trigger_id,
        place,
        pressed.user.id,
        choice=action.value if name == CHOOSE else None,
        choices=_ticked(pressed, action.block_id) if name == SEND else (),
        response_url=pressed.response_url if private else None,
        pressed=pressed,
    )
    return found if found.choice or found.choices else None


def from_command(command: Command) -> Heard:
    """A question behind a slash command; only the asking person sees the answer."""
    place = Place(command.team_id, command.channel_id, user=command.user_id)
    said = plain(command.text, set()) or None
    return Heard(command.trigger_id, place, command.user_id, text=said, response_url=command.response_url)


def plain(text: str, mine: set[str]) -> str:
    """Slack's markup as the words that people see; mentions of this app go."""

    def person(found: re.Match[str]) -> str:
        return "" if found["id"] in mine else f"@{found['name'] or found['id']}"

    def other(found: re.Match[str]) -> str:
        shown = found["label"] or found["target"].removeprefix("mailto:").removeprefix("tel:")
        sign = {"#": "#", "!": "@"}.get(found["sign"] or "", "")
        return f"{sign}{shown.lstrip('@')}" if sign else shown

    return html.unescape(MARKUP.sub(other, MENTION.sub(person, text))).strip()


def _is_for_us(event: Event, mine: set[str]) -> bool:
    heard = event.type == "app_mention" or (event.type == "message" and event.channel_type == "im")
    by_person = not event.bot_id and not event.bot_profile and event.subtype in PEOPLE_SPEAK
    known = isinstance(event.user, str) and isinstance(event.channel, str) and event.ts is not None
    return heard and by_person and known and event.user not in mine


def _ticked(pressed: Pressed, block_id: str) -> tuple[str, ...]:
    boxes = pressed.state.values.get(block_id, {})
    ticks = (option.value for name, box in boxes.items() if name.startswith(TICK) for option in box.selected_options)
    return tuple(dict.fromkeys(ticks))

"""LINE's webhook events in neutral form; the official SDK reads them."""

from __future__ import annotations

import time
from typing import Any

import structlog
from linebot.v3.webhooks import (
    Event as LineEvent,
)
from linebot.v3.webhooks import (
    FollowEvent,
    GroupSource,
    JoinEvent,
    LeaveEvent,
    MemberJoinedEvent,
    MessageEvent,
    PostbackEvent,
    RoomSource,
    Source,
    TextMessageContent,
    UnfollowEvent,
    UnsendEvent,
    UserSource,
)

from api.channels.events import Event

log = structlog.get_logger("line")
CHOICE, LEAVE = "choice:", "leave:"
STANDBY = "standby"


def events_of(body: dict[str, Any]) -> list[Event]:
    """The events that concern us. Raises KeyError or TypeError for a body of another shape."""
    found = [_read(event) for event in body["events"]]
    neutral = (_neutral(event) for event in found if event is not None and event.mode != STANDBY)
    return [event for event in neutral if event is not None]


def _read(event: Any) -> LineEvent | None:
    """None for kinds that the SDK does not know yet: they must not hold up the others of a delivery."""
    try:
        return LineEvent.from_dict(event)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("line_event_unreadable", kind=type(error).__name__)
        return None


def _neutral(event: LineEvent) -> Event | None:
    thread = thread_key(event.source)
    if thread is None:
        return None
    known: dict[str, Any] = {"id": event.webhook_event_id, "thread": thread, "route": _route(event, thread)}
    if isinstance(event, MessageEvent):
        return _message(event, known)
    if isinstance(event, PostbackEvent):
        return _postback(event.postback.data, known)
    if isinstance(event, FollowEvent):
        return Event(kind="follow", again=bool(event.follow.is_unblocked), **known)
    if isinstance(event, UnsendEvent):
        return Event(kind="unsend", message_id=_message_id(event.unsend.message_id), **known)
    kinds: list[tuple[type[LineEvent], Any]] = [
        (UnfollowEvent, "unfollow"),
        (JoinEvent, "join"),
        (MemberJoinedEvent, "join"),
        (LeaveEvent, "leave"),
    ]
    kind = next((kind for shape, kind in kinds if isinstance(event, shape)), None)
    return Event(kind=kind, **known) if kind else None


def _message(event: MessageEvent, known: dict[str, Any]) -> Event | None:
    said = event.message
    if not isinstance(said, TextMessageContent):
        return Event(kind="other", **known) if known["thread"].startswith("user:") else None
    text = said.text
    if not known["thread"].startswith("user:"):
        mine = [m for m in (said.mention.mentionees if said.mention else []) if getattr(m, "is_self", False)]
        if not mine:
            return None
        for mention in sorted(mine, key=lambda m: -m.index):
            text = text[: mention.index] + text[mention.index + mention.length :]
    return Event(kind="text", text=text.strip() or "こんにちは", message_id=_message_id(said.id), **known)


def _postback(data: str, known: dict[str, Any]) -> Event | None:
    if data.startswith(CHOICE):
        return Event(kind="choice", choice_ids=[data.removeprefix(CHOICE)], **known)
    if data.startswith(LEAVE):
        return Event(kind="leaving", erase=data.removeprefix(LEAVE) == "erase", **known)
    return None


def _message_id(line_id: str) -> str:
    return f"line-{line_id}"


def _route(event: LineEvent, thread: str) -> dict[str, Any]:
    """The reply token and until when it is good, in real time."""
    token = getattr(event, "reply_token", None)
    return {"token": token, "at": time.time(), "thread": thread} if token else {}


def thread_key(source: Source | None) -> str | None:
    """Where it was said: one person, a group or a room."""
    if isinstance(source, GroupSource):
        return f"group:{source.group_id}"
    if isinstance(source, RoomSource):
        return f"room:{source.room_id}"
    if isinstance(source, UserSource) and source.user_id:
        return f"user:{source.user_id}"
    return None


def address(thread: str) -> str:
    """What LINE calls the place."""
    return thread.partition(":")[2]

"""What every channel makes of its platform's events, and what it must be able to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from api.chat.contract import Message

Kind = Literal["text", "choice", "other", "follow", "unfollow", "join", "leave", "unsend", "leaving"]


class Event(BaseModel):
    """One event in neutral form.

    id: the platform's own, the same however often it is delivered. thread: where it happened.
    message_id: the platform's id of the person's message, for 「送信取消」. route: how to answer just this event.
    """

    model_config = ConfigDict(frozen=True)

    id: str = Field(max_length=96)
    thread: str = Field(max_length=128)
    kind: Kind
    text: str = ""
    choice_ids: list[str] = []
    message_id: str | None = None
    erase: bool = False
    again: bool = False
    """A follow by somebody who had left before."""
    route: dict[str, Any] = {}


class Busy(Exception):
    """The platform can't take it now; wait so many seconds (None: the usual back-off)."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__()
        self.seconds = seconds


class Refused(Exception):
    """The platform will never take this; code: a short word for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sending:
    """One sending, which may take several calls.

    key: a UUID that stays the same however often it is tried. done: so many calls arrived already.
    doubtful: the next call was tried before, and nobody knows whether it arrived. mark: tells that a call arrived.
    """

    key: str
    done: int
    doubtful: bool
    mark: Callable[[int], Awaitable[None]]


class Channel(Protocol):
    """A platform: its name, how messages look there, and how they are sent."""

    name: str

    async def send(self, thread: str, messages: Sequence[Message], route: dict[str, Any], sending: Sending) -> None:
        """Sends messages as the platform shows them, within its limits. Raises Busy or Refused."""
        ...

    async def working(self, event: Event) -> None:
        """Shows that an answer is on its way, if the platform can; never raises."""
        ...

    async def close(self) -> None:
        """Frees connections."""
        ...

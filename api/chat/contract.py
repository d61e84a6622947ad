"""The chat contract's shapes (fixed): what comes in, and the Message that goes out."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

MOST_CHARACTERS = 2000
MOST_CHOICES = 30
INVISIBLE = {"\u200b", "\u200c", "\u200d", "\ufeff", "\u2060"}


def _said(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise PydanticCustomError("too_long", f"{MOST_CHARACTERS:,}文字までにしてください")
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text) or any(
        "\ud800" <= c <= "\udfff" for c in text
    ):
        raise PydanticCustomError("invalid_text", "使えない文字が入っています。文字だけを送ってください")
    if not "".join(c for c in text if c not in INVISIBLE).strip():
        raise PydanticCustomError("invalid_text", "文字を入力してください")
    return text


Said = Annotated[str, AfterValidator(_said)]
ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")]


class Incoming(BaseModel):
    """A person's message: words, one button, or several boxes."""

    model_config = ConfigDict(extra="forbid")

    client_message_id: ClientId
    text: Said | None = None
    choice_id: Annotated[str, Field(max_length=64)] | None = None
    choice_ids: (
        Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=MOST_CHOICES)] | None
    ) = None

    @model_validator(mode="after")
    def _one_way(self) -> Incoming:
        given = [self.text, self.choice_id, self.choice_ids]
        if sum(value is not None for value in given) != 1:
            raise PydanticCustomError("invalid_text", "text・choice_id・choice_ids のどれか一つを送ってください")
        return self

    @property
    def chosen(self) -> list[str]:
        """The ids of the pressed buttons."""
        return [self.choice_id] if self.choice_id else list(self.choice_ids or [])


class IncomingFeedback(BaseModel):
    """Whether a message helped, and a word why."""

    model_config = ConfigDict(extra="forbid")

    message_id: Annotated[str, Field(max_length=64)]
    rating: Literal["good", "bad"]
    comment: Said | None = None


class Choice(BaseModel):
    """A button or box; the id is opaque."""

    id: str
    label: str


class Message(BaseModel):
    """One message as every client gets it."""

    id: str
    role: Literal["user", "bot", "staff", "system"]
    kind: str
    text: str
    created_at: str
    knowledge: list[str] = []
    sources: list[dict[str, Any]] = []
    choices: list[Choice] = []
    ask: dict[str, Any] | None = None
    card: dict[str, Any] | None = None
    plain_text: str | None = None

    @model_serializer(mode="wrap")
    def _as_agreed(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The contract's fields; the easy wording only where there is one."""
        shown: dict[str, Any] = whole(self)
        return shown if self.plain_text else {k: v for k, v in shown.items() if k != "plain_text"}


class Messages(BaseModel):
    """New messages of bot, system and staff."""

    messages: list[Message]


class History(Messages):
    """All messages, or the new ones, and who answers."""

    handoff: Literal["bot", "waiting", "staff"]


class Started(Messages):
    """A new conversation; the token is shown only here."""

    conversation_id: str
    token: str


class Erased(BaseModel):
    """Proof that a conversation was erased."""

    receipt: str
    message: str

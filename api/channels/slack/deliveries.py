"""Reads Slack's requests: verified bytes to what somebody said, or to what is answered at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qs

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api.channels.slack.limits import BODY
from api.channels.slack.shapes import Callback, Command, Pressed, Verifying
from core.errors import InvalidInput, TooLarge

Read = TypeVar("Read", bound=BaseModel)
TOO_LARGE = "届いた内容が大きすぎます。Slack からの送信は、256KB まで受け取ります。"
UNREADABLE = "Slack の形式として読めません。アプリの設定（docs/slack.md のマニフェスト）を確かめてください。"


async def raw_body(request: Request) -> bytes:
    """The bytes as they came, never more than the limit. Raises TooLarge."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > BODY:
        raise TooLarge(TOO_LARGE)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY:
            raise TooLarge(TOO_LARGE)
    return bytes(body)


def read_event(body: bytes) -> Verifying | Callback | None:
    """A verification or an event; None for other kinds, which need no answer. Raises InvalidInput."""
    said = _json(body)
    kinds: dict[str, type[Verifying] | type[Callback]] = {"url_verification": Verifying, "event_callback": Callback}
    kind = kinds.get(str(said.get("type")))
    return _read(kind, said) if kind else None


def read_press(body: bytes) -> Pressed | None:
    """A press of a button; None for other interactions. Raises InvalidInput."""
    said = _json(_form(body).get("payload", "").encode())
    return _read(Pressed, said) if said.get("type") == "block_actions" else None


def read_command(body: bytes) -> Command | None:
    """A slash command; None when Slack only checks the certificate. Raises InvalidInput."""
    said = _form(body)
    return None if said.get("ssl_check") == "1" else _read(Command, said)


def _form(body: bytes) -> dict[str, str]:
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=50)
    except ValueError as error:
        raise InvalidInput(UNREADABLE) from error
    return {name: values[0] for name, values in fields.items()}


def _json(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(UNREADABLE) from error
    if not isinstance(said, dict):
        raise InvalidInput(UNREADABLE)
    return said


def _read(shape: type[Read], said: Mapping[str, Any]) -> Read:
    try:
        return shape.model_validate(said)
    except ValidationError as error:
        names = {".".join(str(part) for part in fault["loc"]): "この形式では読めません" for fault in error.errors()}
        raise InvalidInput(UNREADABLE, fields=names) from error

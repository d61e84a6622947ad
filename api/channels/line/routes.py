"""LINE's webhook: the signature on the raw body, then a durable row, then 200 at once."""

from __future__ import annotations

import json

import structlog
from fastapi import APIRouter, Request, Response
from linebot.v3.webhook import SignatureValidator
from pydantic.v1 import ValidationError

from api.channels.line.limits import LARGEST_BODY
from api.channels.line.normalise import events_of
from api.channels.service import Channels
from core.errors import InvalidInput, NotFound, TooLarge, Unauthorized
from core.settings import Settings

router = APIRouter(tags=["channels"])
log = structlog.get_logger("line")


@router.post("/channels/line/webhook")
async def webhook(request: Request) -> Response:
    """Takes LINE's events. Raises NotFound when LINE is not set up, Unauthorized for a wrong signature."""
    settings: Settings = request.app.state.settings
    channels: Channels = request.app.state.channels
    if settings.line_channel_secret is None or "line" not in channels.by_name:
        raise NotFound("LINE はまだ設定されていません。docs/line.md をご覧ください。")
    body = await _body(request)
    _check_signature(body, request.headers.get("x-line-signature", ""), settings.line_channel_secret.get_secret_value())
    try:
        events = events_of(json.loads(body))
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        log.warning("line_body_unreadable", kind=type(error).__name__, bytes=len(body))
        raise InvalidInput("LINE のイベントとして読めません。") from error
    new = await channels.receive("line", events)
    log.info("line_received", events=len(events), new=new)
    return Response(status_code=200)


async def _body(request: Request) -> bytes:
    """The raw bytes; reading stops where they become too many."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            log.warning("line_body_too_large")
            raise TooLarge("送る内容が大きすぎます。")
    return bytes(body)


def _check_signature(body: bytes, signature: str, secret: str) -> None:
    try:
        good = SignatureValidator(secret).validate(body.decode(), signature)
    except (UnicodeDecodeError, TypeError):
        good = False
    if not good:
        log.warning("line_signature_refused", bytes=len(body))
        raise Unauthorized("署名が正しくありません。")

"""Slack's three doors: the signature on the raw body, then a durable row, then 200 at once."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import APIRouter, Request, Response

from api.channels.events import Event
from api.channels.service import Channels
from api.channels.slack import deliveries
from api.channels.slack.normalise import from_command, from_event, from_press
from api.channels.slack.shapes import Verifying
from api.channels.slack.texts import load_texts
from api.channels.slack.verification import Verification
from core.errors import JCreditError, NotFound
from core.settings import Settings

router = APIRouter(prefix="/channels/slack", tags=["channels"])
log = structlog.get_logger("slack")
UNSET = "Slack はまだ設定されていません。SLACK_SIGNING_SECRET と SLACK_BOT_TOKEN を設定してください（docs/slack.md）。"


@router.post("/events")
async def events(request: Request) -> Any:
    """Takes events. Raises NotFound when Slack is not set up, Unauthorized for a wrong or stale signature."""
    delivery = deliveries.read_event(await _genuine(request))
    if isinstance(delivery, Verifying):
        return {"challenge": delivery.challenge}
    heard = from_event(delivery) if delivery else None
    await _keep(request, heard, delivery.event.type if delivery else "other")
    return Response(status_code=200)


@router.post("/interactions")
async def interactions(request: Request) -> Response:
    """Takes pressed buttons. Raises as `events` does."""
    pressed = deliveries.read_press(await _genuine(request))
    await _keep(request, from_press(pressed) if pressed else None, "interaction")
    return Response(status_code=200)


@router.post("/commands")
async def commands(request: Request) -> Any:
    """Takes /jcredit; without a question it says how to ask. Raises as `events` does."""
    command = deliveries.read_command(await _genuine(request))
    heard = from_command(command) if command else None
    await _keep(request, heard, "command")
    if command and not heard:
        return {"response_type": "ephemeral", "text": load_texts().usage}
    return Response(status_code=200)


async def _genuine(request: Request) -> bytes:
    """The raw body, once it is known to be Slack's."""
    settings: Settings = request.app.state.settings
    if settings.slack_signing_secret is None or "slack" not in request.app.state.channels.by_name:
        raise NotFound(UNSET)
    body = b""
    try:
        body = await deliveries.raw_body(request)
        Verification(settings.slack_signing_secret).check(body, request.headers)
    except JCreditError as error:
        log.warning("slack_refused", code=error.error_code, bytes=len(body), declared=_declared(request))
        raise
    return body


async def _keep(request: Request, heard: Event | None, kind: str) -> None:
    channels: Channels = request.app.state.channels
    new = await channels.receive("slack", [heard]) if heard else 0
    again = request.headers.get("x-slack-retry-num", "0")
    log.info("slack_received", kind=kind, heard=heard is not None, new=new, again=again if again.isdigit() else "?")


def _declared(request: Request) -> int | None:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdigit() and len(length) < 12 else None

"""Slack's deliveries in their official shape, made here, and signed as Slack signs them."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, APP, BOT_USER, PERSON, CHANNEL, DIRECT = "T0TEAM01", "A0APP001", "U0BOT001", "U0PERSON", "C0CHAN01", "D0DIRECT"
_numbers = itertools.count(1)


def stamp() -> str:
    """A message's ts; never the same twice."""
    return f"{int(time.time())}.{next(_numbers):06d}"


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET, kind: str = "json") -> dict[str, str]:
    """The headers of a delivery of this body."""
    moment = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=moment, body=body)
    mime = "application/json" if kind == "json" else "application/x-www-form-urlencoded"
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": signature or "", "Content-Type": mime}


def callback(event: dict[str, Any], event_id: str | None = None) -> dict[str, Any]:
    """An event in its envelope."""
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_numbers):010d}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
    }


def mention(text: str, **more: Any) -> dict[str, Any]:
    """A message in a channel that names the app."""
    ts = more.pop("ts", stamp())
    event = {
        "type": "app_mention",
        "user": PERSON,
        "text": f"<@{BOT_USER}> {text}",
        "ts": ts,
        "channel": CHANNEL,
        "event_ts": ts,
        "client_msg_id": "9a2b1a5e-0000-4000-8000-000000000000",
        "team": TEAM,
    }
    return event | more


def direct(text: str, **more: Any) -> dict[str, Any]:
    """A direct message to the app."""
    ts = more.pop("ts", stamp())
    event = {
        "type": "message",
        "channel": DIRECT,
        "user": PERSON,
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "channel_type": "im",
        "client_msg_id": "9a2b1a5e-0000-4000-8000-000000000001",
        "team": TEAM,
    }
    return event | more


def press(
    action: dict[str, Any],
    *,
    channel: str = CHANNEL,
    message: dict[str, Any] | None = None,
    thread: str | None = None,
    state: dict[str, Any] | None = None,
    response_url: str = "https://hooks.slack.com/actions/T0TEAM01/1/x",
    ephemeral: bool = False,
    trigger: str | None = None,
) -> dict[str, Any]:
    """Somebody pressed a button."""
    message = message or {"ts": stamp(), "text": "", "blocks": []}
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel,
        "is_ephemeral": ephemeral,
    }
    if thread:
        container["thread_ts"] = thread
    return {
        "type": "block_actions",
        "user": {"id": PERSON, "username": "hanako", "name": "hanako", "team_id": TEAM},
        "api_app_id": APP,
        "token": "deprecated",
        "container": container,
        "trigger_id": trigger or f"{next(_numbers)}.738474920.8088930838d88f008e0",
        "team": {"id": TEAM, "domain": "example"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "directmessage" if channel.startswith("D") else "general"},
        "message": message,
        "state": {"values": state or {}},
        "response_url": response_url,
        "actions": [{"action_ts": stamp()} | action],
    }


def command(text: str, response_url: str, **more: Any) -> bytes:
    """A slash command as Slack posts it: a form."""
    fields = {
        "token": "deprecated",
        "team_id": TEAM,
        "team_domain": "example",
        "channel_id": CHANNEL,
        "channel_name": "general",
        "user_id": PERSON,
        "user_name": "hanako",
        "command": "/jcredit",
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": f"{next(_numbers)}.738474920.8088930838d88f008e0",
    }
    return urlencode(fields | more).encode()


def as_form(payload: dict[str, Any]) -> bytes:
    """An interaction as Slack posts it: JSON in a form."""
    return urlencode({"payload": json.dumps(payload)}).encode()

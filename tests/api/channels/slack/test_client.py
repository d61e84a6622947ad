"""Slack's answers, as what to do next."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.channels.events import Busy, Refused
from api.channels.slack.client import SlackClient
from core.settings import Settings
from tests.api.channels.slack.payloads import SECRET
from tests.api.channels.slack.stand_in import TOKEN, Fault, Slack, running_slack

SAID: dict[str, Any] = {"channel": "C0CHAN01", "text": "はい"}


def client_of(base: str, token: str = TOKEN) -> SlackClient:
    ours: dict[str, Any] = {"slack_signing_secret": SECRET, "slack_bot_token": token, "slack_api_base": base}
    return SlackClient(Settings(**ours))


def test_a_call_that_slack_takes_ends_quietly(slack: Slack) -> None:
    asyncio.run(client_of(slack.api).call("chat.postMessage", SAID))
    assert [(call.method, call.text) for call in slack.calls] == [("chat.postMessage", "はい")]


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault(429, 1, headers={"Retry-After": "7"}, body={"ok": False, "error": "ratelimited"}), 7.0),
        (Fault(500, 1), None),
        (Fault(503, 1, body={}), None),
        (Fault(200, 1, body={"ok": False, "error": "fatal_error"}), None),
        (Fault(200, 1, body={"ok": False, "error": "token_revoked"}), None),
    ],
)
def test_what_passes_or_can_be_mended_is_tried_later(slack: Slack, fault: Fault, seconds: float | None) -> None:
    slack.fault = fault
    with pytest.raises(Busy) as found:
        asyncio.run(client_of(slack.api).call("chat.postMessage", SAID))
    assert found.value.seconds == seconds


def test_a_response_url_is_tried_later_too(slack: Slack) -> None:
    for status, seconds in ((429, 3.0), (500, None)):
        slack.fault = Fault(status, 1, headers={"Retry-After": "3"} if seconds else {})
        with pytest.raises(Busy) as found:
            asyncio.run(client_of(slack.api).respond(slack.response_url("x"), {"text": "はい"}))
        assert found.value.seconds == seconds


def test_a_wrong_token_waits_for_the_operator(slack: Slack) -> None:
    with pytest.raises(Busy):
        asyncio.run(client_of(slack.api, "xoxb-old").call("chat.postMessage", SAID))


def test_what_slack_never_takes_is_refused(slack: Slack) -> None:
    slack.fault = Fault(200, 1, body={"ok": False, "error": "not_in_channel"})
    with pytest.raises(Refused, match="not_in_channel"):
        asyncio.run(client_of(slack.api).call("chat.postMessage", SAID))


def test_nobody_there_is_tried_later() -> None:
    with pytest.raises(Busy):
        asyncio.run(client_of("http://127.0.0.1:9/api/").call("chat.postMessage", SAID))


def test_a_response_url_of_another_host_is_never_called(slack: Slack) -> None:
    with running_slack() as other:
        with pytest.raises(Refused, match="foreign_response_url"):
            asyncio.run(client_of(slack.api).respond(other.response_url("x"), {"text": "はい"}))
        assert not other.seen


def test_a_response_url_that_is_used_up_is_refused(slack: Slack) -> None:
    said = {"text": "はい", "response_type": "ephemeral"}
    client = client_of(slack.api)
    for _ in range(5):
        asyncio.run(client.respond(slack.response_url("x"), said))
    with pytest.raises(Refused, match="http_404"):
        asyncio.run(client.respond(slack.response_url("x"), said))

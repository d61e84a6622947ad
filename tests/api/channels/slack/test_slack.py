"""Slack's deliveries, signed and sent to the running service, and what Slack gets back."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.channels import outgoing
from api.channels.models import Thread
from api.chat import repository
from api.chat.codes import make_code
from api.db.models import Base, Conversation
from core.settings import Settings
from tests.api.bookings.visitor import BOTH
from tests.api.channels.slack.payloads import (
    CHANNEL,
    DIRECT,
    PERSON,
    as_form,
    callback,
    command,
    direct,
    mention,
    press,
    signed,
)
from tests.api.channels.slack.stand_in import Call, Fault, Slack
from tests.api.channels.slack.workspace import Workspace
from tests.api.conftest import ScriptedRasa, Talk, said
from tests.soak import count

Eventually = Callable[..., None]
CHOICES = [
    {"label": "はい", "ref": {"type": "field", "field": "C01", "value": "yes"}},
    {"label": "いいえ", "ref": {"type": "field", "field": "C01", "value": "no"}},
]


def actions_of(call: Call) -> list[dict[str, Any]]:
    """The buttons and boxes of a message, as they come back in an interaction."""
    blocks = [block for block in call.body["blocks"] if block["type"] == "actions"]
    return [element | {"block_id": block["block_id"]} for block in blocks for element in block["elements"]]


def test_a_mention_is_answered_in_its_thread(workspace: Workspace, slack: Slack, eventually: Eventually) -> None:
    event = mention("制度とは？")
    workspace.event(event)
    eventually(lambda: len(slack.posts()) == 1)
    (post,) = slack.posts()
    assert (post.body["channel"], post.body["thread_ts"]) == (CHANNEL, event["ts"])
    assert post.text == "はい、そうです。"
    assert workspace.turns() == ["制度とは？"]


def test_a_thread_is_one_conversation_and_another_thread_is_another(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually
) -> None:
    first = mention("一つ目")
    workspace.event(first)
    workspace.event(mention("続き", thread_ts=first["ts"]))
    workspace.event(mention("別の話"))
    eventually(lambda: len(slack.posts()) == 3)
    senders = {body["text"]: body["sender"] for body in rasa.sent}
    assert senders["一つ目"] == senders["続き"] != senders["別の話"]
    assert all(body["channel"] == "slack" for body in rasa.sent)


def test_a_direct_message_is_answered_beside_it_and_one_in_a_thread_there(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually
) -> None:
    workspace.event(direct("一つ目"))
    workspace.event(direct("二つ目"))
    workspace.event(direct("スレッド", thread_ts="1700000000.000100"))
    eventually(lambda: len(slack.posts(DIRECT)) == 3)
    threads = sorted(post.body.get("thread_ts", "") for post in slack.posts(DIRECT))
    assert threads == ["", "", "1700000000.000100"]
    senders = {body["text"]: body["sender"] for body in rasa.sent}
    assert senders["一つ目"] == senders["二つ目"] != senders["スレッド"]


def test_slack_is_told_that_the_address_is_ours(workspace: Workspace) -> None:
    body = {
        "token": "deprecated",
        "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
        "type": "url_verification",
    }
    answer = workspace.deliver(body)
    assert (answer.status_code, answer.json()) == (200, {"challenge": body["challenge"]})


@pytest.mark.parametrize(
    "event",
    [
        mention("x", bot_id="B0OTHER1"),
        mention("x", subtype="bot_message"),
        direct("x", subtype="message_changed", message={"text": "y"}),
        direct("x", subtype="message_deleted", deleted_ts="1700000000.000100"),
        direct("x", channel_type="channel"),
        {"type": "reaction_added", "user": PERSON, "item": {"type": "message"}, "reaction": "thumbsup"},
        {"type": "member_joined_channel", "user": PERSON, "channel": CHANNEL},
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT001"]}},
    ],
)
def test_what_is_not_for_us_is_taken_and_not_answered(
    workspace: Workspace, slack: Slack, eventually: Eventually, event: dict[str, Any]
) -> None:
    workspace.event(event)
    workspace.event(direct("もう一つ"))
    eventually(lambda: len(slack.posts()) == 1)
    assert workspace.turns() == ["もう一つ"]


@pytest.mark.parametrize("body", [{"type": "app_rate_limited", "team_id": "T0TEAM01", "minute_rate_limited": 1}, {}])
def test_other_envelopes_are_taken(workspace: Workspace, body: dict[str, Any]) -> None:
    assert workspace.deliver(body).status_code == 200


def test_a_file_alone_is_politely_refused(workspace: Workspace, slack: Slack, eventually: Eventually) -> None:
    workspace.event(direct("", subtype="file_share", files=[{"id": "F1", "name": "見積書.pdf"}]))
    eventually(lambda: len(slack.posts()) == 1)
    assert "文字" in slack.posts()[0].text
    assert workspace.turns() == []


def test_a_message_that_is_too_long_is_politely_refused(
    workspace: Workspace, slack: Slack, eventually: Eventually
) -> None:
    workspace.event(direct("長い" * 1001))
    eventually(lambda: len(slack.posts()) == 1)
    assert "2,000文字" in slack.posts()[0].text


def test_a_deleted_direct_message_is_forgotten(workspace: Workspace, slack: Slack, eventually: Eventually) -> None:
    event = direct("秘密の話です")
    workspace.event(event)
    eventually(lambda: len(slack.posts()) == 1)
    workspace.event(direct("", subtype="message_deleted", deleted_ts=event["ts"], previous_message={"text": "秘密"}))
    eventually(workspace.is_idle)
    assert "秘密の話です" not in workspace.turns() + workspace.said_by("user")
    assert len(slack.posts()) == 1


def test_a_button_is_answered_and_gives_way_to_what_was_chosen(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually
) -> None:
    rasa.messages = [said("question", "国内で行いますか。", choices=CHOICES, ask={"field": "C01", "type": "choice"})]
    event = mention("対象になる？")
    workspace.event(event)
    eventually(lambda: len(slack.posts()) == 1)
    asked = slack.posts()[0]
    button = actions_of(asked)[1]
    message = {"ts": asked.ts, "text": asked.text, "blocks": asked.body["blocks"]}
    assert workspace.press(press(button, message=message, thread=event["ts"])).status_code == 200
    eventually(lambda: len(slack.posts()) == 2)
    assert rasa.sent[-1]["choice"] == CHOICES[1]["ref"]
    assert slack.posts()[1].body["thread_ts"] == event["ts"]
    (update,) = (call for call in slack.calls if call.method == "chat.update")
    assert (update.body["channel"], update.body["ts"]) == (CHANNEL, asked.ts)
    assert [block["type"] for block in update.body["blocks"]] == ["rich_text", "context"]
    assert "選んだもの：いいえ" in json.dumps(update.body, ensure_ascii=False)


def test_boxes_are_answered_once_they_are_sent(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually
) -> None:
    rasa.messages = [said("question", "あてはまるものは？", choices=CHOICES, ask={"field": "C01", "type": "checks"})]
    workspace.event(direct("対象になる？"))
    eventually(lambda: len(slack.posts()) == 1)
    asked = slack.posts()[0]
    boxes, send = actions_of(asked)
    state = {boxes["block_id"]: {boxes["action_id"]: {"type": "checkboxes", "selected_options": boxes["options"]}}}
    message = {"ts": asked.ts, "text": asked.text, "blocks": asked.body["blocks"]}
    assert workspace.press(press(boxes, channel=DIRECT, message=message, state=state)).status_code == 200
    assert workspace.press(press(send, channel=DIRECT, message=message, state=state)).status_code == 200
    eventually(lambda: len(slack.posts()) == 2)
    assert rasa.sent[-1]["choice"] == {"type": "many", "refs": [choice["ref"] for choice in CHOICES]}
    assert len(rasa.sent) == 2
    assert "選んだもの：はい、いいえ" in json.dumps([c.body for c in slack.calls], ensure_ascii=False)


def test_a_button_pressed_again_is_answered_and_harms_nothing(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually
) -> None:
    rasa.messages = [said("question", "国内で行いますか。", choices=CHOICES)]
    workspace.event(direct("対象になる？"))
    eventually(lambda: len(slack.posts()) == 1)
    payload = press(actions_of(slack.posts()[0])[0], channel=DIRECT)
    for _ in range(5):
        assert workspace.press(payload).status_code == 200
    workspace.press(payload | {"trigger_id": "2.2.another"})
    eventually(lambda: len(slack.posts()) == 3)
    eventually(workspace.is_idle)
    assert len(workspace.turns()) == 3


def test_a_button_of_another_conversation_gets_a_kind_word(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually
) -> None:
    rasa.messages = [said("question", "国内で行いますか。", choices=CHOICES)]
    workspace.event(direct("対象になる？"))
    eventually(lambda: len(slack.posts()) == 1)
    workspace.press(press(actions_of(slack.posts()[0])[0], channel=CHANNEL, thread="1700000000.000100"))
    eventually(lambda: len(slack.posts(CHANNEL)) == 1)
    assert "この会話のボタンではありません" in slack.posts(CHANNEL)[0].text


def test_a_command_is_answered_for_the_asking_person_only(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually
) -> None:
    rasa.messages = [said(text="一つ目です。"), said(text="二つ目です。", choices=CHOICES)]
    answer = workspace.command("制度とは？")
    assert (answer.status_code, answer.content) == (200, b"")
    eventually(lambda: len(slack.posts()) == 1)
    (post,) = slack.posts()
    assert (post.method, post.body["response_type"]) == ("/commands/one", "ephemeral")
    assert post.text == "一つ目です。\n二つ目です。"
    button = actions_of(post)[0]
    message = {"ts": "1700000000.000200", "text": post.text, "blocks": post.body["blocks"]}
    url = slack.response_url("two")
    workspace.press(press(button, message=message, ephemeral=True, response_url=url))
    eventually(lambda: len(slack.posts()) == 2)
    assert rasa.sent[0]["sender"] == rasa.sent[1]["sender"]
    assert [call.method for call in slack.calls] == ["/commands/one", "/commands/two", "/commands/two"]
    assert slack.calls[1].body["replace_original"] is True


def test_when_slack_takes_no_more_answers_to_a_command_a_direct_message_comes(
    workspace: Workspace, slack: Slack, eventually: Eventually
) -> None:
    slack.fault = Fault(404, 1)
    workspace.command("制度とは？")
    eventually(lambda: len(slack.posts()) == 1)
    assert slack.posts()[0].body["channel"] == PERSON


def test_when_the_answer_to_a_command_is_later_than_slack_waits_a_direct_message_comes(
    workspace: Workspace, slack: Slack, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.channels.slack.channel.RESPONSE_URL_SECONDS", 0)
    workspace.command("制度とは？")
    eventually(lambda: len(slack.posts()) == 1)
    assert [(call.method, call.body["channel"]) for call in slack.calls] == [("chat.postMessage", PERSON)]


def test_a_command_without_a_question_says_how_to_ask(workspace: Workspace, slack: Slack) -> None:
    answer = workspace.command("  ")
    assert answer.json()["response_type"] == "ephemeral"
    assert "/jcredit" in answer.json()["text"]
    checking = b"ssl_check=1&token=x"
    assert workspace.raw("commands", checking, signed(checking, kind="form")).status_code == 200
    assert workspace.turns() == []


@BOTH
def test_however_often_and_in_whatever_order_it_is_delivered_it_is_answered_once(
    workspace: Workspace, slack: Slack, eventually: Eventually
) -> None:
    events = [callback(direct(f"質問{i}")) for i in range(count(3, 20))]
    deliveries = events * 5
    random.Random(9).shuffle(deliveries)
    for number, delivery in enumerate(deliveries):
        assert workspace.deliver(delivery, **{"X-Slack-Retry-Num": str(number % 4)}).status_code == 200
    eventually(lambda: len(slack.posts()) == len(events))
    eventually(workspace.is_idle)
    assert len(slack.posts()) == len(events)
    assert sorted(workspace.turns()) == sorted(event["event"]["text"] for event in events)


@BOTH
def test_twenty_deliveries_at_once_are_one_reply_and_one_turn(
    workspace: Workspace, slack: Slack, eventually: Eventually
) -> None:
    delivery = callback(mention("同時に届く"))
    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda _: workspace.deliver(delivery).status_code, range(20)))
    assert answers == [200] * 20
    eventually(lambda: len(slack.posts()) == 1)
    eventually(workspace.is_idle)
    assert (len(slack.posts()), workspace.turns()) == (1, ["同時に届く"])


def test_the_answer_to_slack_does_not_wait_for_ours(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually
) -> None:
    rasa.seconds = 2.5
    started = time.monotonic()
    workspace.event(direct("ゆっくり"))
    assert time.monotonic() - started < 3
    assert slack.posts() == []
    eventually(lambda: len(slack.posts()) == 1)


def test_a_burst_is_acknowledged_before_slack_loses_patience(
    workspace: Workspace, slack: Slack, eventually: Eventually
) -> None:
    def deliver(number: int) -> float:
        started = time.monotonic()
        workspace.event(mention(f"質問{number}"))
        return time.monotonic() - started

    burst = count(60, 400)
    with ThreadPoolExecutor(20) as people:
        slowest = max(people.map(deliver, range(burst)))
    assert slowest < 3
    eventually(lambda: len(slack.posts()) == burst, 120)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": str(int(time.time()) - 301)},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "x"},
    ],
)
@pytest.mark.parametrize("door", ["events", "interactions", "commands"])
def test_what_is_not_slacks_is_refused(workspace: Workspace, door: str, headers: dict[str, str]) -> None:
    body = json.dumps(callback(direct("こんにちは"))).encode()
    answer = workspace.raw(door, body, signed(body) | headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert workspace.is_idle()


def test_a_stale_delivery_with_its_own_right_signature_is_refused(workspace: Workspace) -> None:
    body = json.dumps(callback(direct("古い"))).encode()
    assert workspace.raw("events", body, signed(body, at=time.time() - 301)).status_code == 401
    assert workspace.raw("events", body, signed(body, at=time.time() + 330)).status_code == 401
    assert workspace.turns() == []


@pytest.mark.parametrize("door", ["events", "interactions", "commands"])
def test_two_megabytes_are_refused_though_they_are_signed(workspace: Workspace, door: str) -> None:
    body = json.dumps(callback(direct("x" * 2_000_000))).encode()
    assert workspace.raw(door, body, signed(body)).status_code == 413


@pytest.mark.parametrize(
    ("door", "said"),
    [
        ("events", "not json"),
        ("events", "[]"),
        ("events", '{"type":"event_callback"}'),
        ("events", '{"type":"event_callback","team_id":"T1","event_id":"../x","event":{"type":"app_mention"}}'),
        ("interactions", "{}"),
        ("interactions", as_form({"type": "block_actions"}).decode()),
        ("interactions", ""),
        ("commands", "text=x"),
    ],
)
def test_signed_nonsense_gets_a_clear_refusal(workspace: Workspace, door: str, said: str) -> None:
    body = said.encode()
    answer = workspace.raw(door, body, signed(body))
    assert answer.status_code == 422
    assert "Slack" in answer.json()["error"]["message"]


@pytest.mark.parametrize("status", [429, 500])
def test_while_slack_takes_nothing_nothing_is_lost_and_the_order_is_kept(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, eventually: Eventually, status: int
) -> None:
    seconds = count(3, 60)
    headers = {"Retry-After": "1"} if status == 429 else {}
    slack.fault = Fault(status, until=time.monotonic() + seconds, headers=headers)
    rasa.messages = [said(text="一つ目です。"), said(text="二つ目です。")]
    turns = count(4, 30)
    for number in range(turns):
        workspace.event(direct(f"直接{number}"))
        workspace.event(mention(f"スレッド{number}", thread_ts="1700000000.000100"))
    waiting = 30 if seconds < 10 else 400
    eventually(lambda: len(slack.posts()) == 4 * turns, waiting)
    assert slack.failed > 0
    for channel in (DIRECT, CHANNEL):
        assert [post.text for post in slack.posts(channel)] == ["一つ目です。", "二つ目です。"] * turns
    for name in ("直接", "スレッド"):
        assert [t for t in workspace.turns() if t.startswith(name)] == [f"{name}{n}" for n in range(turns)]
    assert len(slack.ids) == len(set(slack.ids)) == 4 * turns


def test_retry_after_is_kept(workspace: Workspace, slack: Slack, eventually: Eventually) -> None:
    slack.fault = Fault(429, 1, headers={"Retry-After": "2"}, body={"ok": False, "error": "ratelimited"})
    workspace.event(direct("待ってください"))
    eventually(lambda: len(slack.posts()) == 1)
    assert slack.seen[1] - slack.seen[0] >= 2


def test_words_of_the_staff_and_notices_reach_the_thread(
    workspace: Workspace, slack: Slack, eventually: Eventually
) -> None:
    event = mention("担当者と話したい")
    workspace.event(event)
    workspace.command("担当者と話したい")
    eventually(lambda: len(slack.posts()) == 2)
    with workspace.database.write() as session:
        for thread in session.query(Thread):
            conversation = session.get_one(Conversation, thread.conversation_id)
            word = {"role": "staff", "kind": "answer", "text": "担当の佐藤です。"}
            outgoing.post(session, conversation, [repository.add_message(session, conversation.id, word).id])
    eventually(lambda: len(slack.posts()) == 4)
    words = [call for call in slack.posts() if call.text == "担当の佐藤です。"]
    assert {(call.body["channel"], call.body.get("thread_ts")) for call in words} == {
        (CHANNEL, event["ts"]),
        (PERSON, None),
    }
    assert "担当者より" in json.dumps(words[0].body, ensure_ascii=False)


def test_a_conversation_of_the_web_goes_on_in_a_thread(
    workspace: Workspace, slack: Slack, rasa: ScriptedRasa, talk: Talk, eventually: Eventually
) -> None:
    talk.send(text="webでの質問")
    with workspace.database.write() as session:
        code = make_code(session, talk.id)
    event = mention(code)
    workspace.event(event)
    eventually(lambda: len(slack.posts()) == 1)
    workspace.event(mention("続きです", thread_ts=event["ts"]))
    eventually(lambda: len(slack.posts()) == 2)
    assert {body["sender"] for body in rasa.sent} == {talk.id}


@pytest.mark.parametrize("missing", ["slack_signing_secret", "slack_bot_token"])
def test_where_slack_is_not_set_up_its_doors_say_so_and_nothing_runs(
    settings: Settings, missing: str, slack: Slack
) -> None:
    app = create_app(settings.model_copy(update={missing: None}))
    Base.metadata.create_all(app.state.database.engine)
    body = json.dumps(callback(direct("こんにちは"))).encode()
    form = command("x", slack.response_url("x"))
    with TestClient(app) as client:
        for door, sent, kind in (("events", body, "json"), ("interactions", form, "form"), ("commands", form, "form")):
            answer = client.post(f"/channels/slack/{door}", content=sent, headers=signed(sent, kind=kind))
            assert answer.status_code == 404
            assert "SLACK_SIGNING_SECRET" in answer.json()["error"]["message"]
    assert slack.seen == []

"""The API is killed with SIGKILL after it said 200: the reply goes out after the restart, once. Nothing said is logged."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.db.engine import Database
from tests.api.channels.slack.payloads import DIRECT, callback, direct, mention, signed
from tests.api.channels.slack.running import Api, EchoRasa, echo_rasa
from tests.api.channels.slack.stand_in import Fault, Slack
from tests.api.channels.slack.workspace import Workspace
from tests.soak import count

Eventually = Callable[..., None]


@pytest.fixture
def rasa_stand_in() -> Iterator[EchoRasa]:
    with echo_rasa() as running:
        yield running


@pytest.fixture
def api(tmp_path: Path, slack: Slack, rasa_stand_in: EchoRasa) -> Api:
    return Api(tmp_path, slack, rasa_stand_in, TURN_SECONDS="20")


@pytest.fixture
def office(api: Api, slack: Slack) -> Iterator[Workspace]:
    database = Database(f"sqlite:///{api.data / 'assistant.db'}")
    with httpx.Client(timeout=10) as http:
        yield Workspace(http.post, database, slack, api.url)
    database.engine.dispose()


def kill(process: Any) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_killed_while_the_answer_is_thought_of_it_goes_out_once(
    api: Api, office: Workspace, slack: Slack, rasa_stand_in: EchoRasa, eventually: Eventually
) -> None:
    rasa_stand_in.hold.clear()
    event = mention("途中で止まる質問")
    with api.running() as process:
        office.event(event)
        eventually(lambda: rasa_stand_in.texts == ["途中で止まる質問"])
        kill(process)
    rasa_stand_in.hold.set()
    assert slack.posts() == []
    with api.running():
        eventually(lambda: len(slack.posts()) == 1)
        eventually(office.is_idle)
    assert [(post.text, post.body["thread_ts"]) for post in slack.posts()] == [("返事：途中で止まる質問", event["ts"])]
    assert office.turns() == ["途中で止まる質問"]
    assert office.said_by("bot") == ["返事：途中で止まる質問"]


def test_killed_right_after_the_200_it_goes_out_once(
    api: Api, office: Workspace, slack: Slack, eventually: Eventually
) -> None:
    delivery = callback(direct("すぐ止まる質問"))
    slack.fault = Fault(500, until=time.monotonic() + 600)
    with api.running() as process:
        assert office.deliver(delivery).status_code == 200
        kill(process)
    slack.fault = None
    with api.running():
        for _ in range(3):
            assert office.deliver(delivery, **{"X-Slack-Retry-Num": "1"}).status_code == 200
        eventually(lambda: len(slack.posts()) == 1)
        eventually(office.is_idle)
    assert [post.text for post in slack.posts()] == ["返事：すぐ止まる質問"]
    assert office.turns() == ["すぐ止まる質問"]


def test_killed_while_slack_takes_it_a_direct_message_comes_once_and_nothing_has_two_ids(
    api: Api, office: Workspace, slack: Slack, eventually: Eventually
) -> None:
    slack.hold.clear()
    with api.running() as process:
        office.event(direct("送る途中"))
        office.event(direct("スレッドで送る途中", thread_ts="1700000000.000100"))
        office.event(mention("チャンネルで送る途中"))
        eventually(lambda: slack.waiting == 3)
        kill(process)
    slack.hold.set()
    eventually(lambda: len(slack.posts()) == 3)
    with api.running():
        eventually(office.is_idle)
    assert len(slack.posts(DIRECT)) == 2
    assert len(set(slack.ids)) == 3, "where the app may not look, the same id is used again"


@pytest.mark.timeout(1200)
def test_killed_again_and_again_every_question_has_one_turn_and_its_reply_in_order(
    api: Api, office: Workspace, slack: Slack, eventually: Eventually
) -> None:
    chance, asked = random.Random(9), 0
    for _ in range(count(1, 20)):
        with api.running() as process:
            for _ in range(5):
                office.event(direct(f"質問{asked}"))
                asked += 1
            time.sleep(chance.uniform(0, 0.3))
            kill(process)
    with api.running():
        eventually(office.is_idle, 60)
    assert office.turns() == [f"質問{number}" for number in range(asked)]
    assert [post.text for post in slack.posts()] == [f"返事：質問{number}" for number in range(asked)]


def test_what_was_said_and_what_was_refused_is_never_logged(
    api: Api, office: Workspace, slack: Slack, eventually: Eventually
) -> None:
    secret = "ひみつのことば"
    body = b'{"text":"' + secret.encode() + b'"}'
    with api.running():
        office.event(mention(secret))
        eventually(lambda: len(slack.posts()) == 1)
        for changed in (
            {"X-Slack-Signature": "v0=" + "0" * 64},
            {"X-Slack-Request-Timestamp": str(int(time.time()) - 301)},
        ):
            assert office.raw("events", body, signed(body) | changed).status_code == 401
        large = secret.encode() * 100_000
        assert office.raw("events", large, signed(large)).status_code == 413
        assert office.raw("events", secret.encode(), signed(secret.encode())).status_code == 422
    log = api.log.read_text(encoding="utf-8")
    assert log.count('"slack_refused"') == 3
    assert '"slack_received"' in log
    assert secret not in log
    assert "unauthorized" in log
    assert "too_large" in log

"""The API is killed with SIGKILL after it said 200: the reply goes out after the restart, once. Nothing said is logged."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.db.engine import Database
from tests.api.channels.line.conftest import RunningLine
from tests.api.channels.line.friends import Friends
from tests.api.channels.line.payloads import SECRET, TOKEN, redelivered, text
from tests.api.channels.slack.running import Api, EchoRasa, echo_rasa
from tests.api.channels.slack.stand_in import running_slack
from tests.soak import count

Eventually = Callable[..., None]


@pytest.fixture
def rasa_stand_in() -> Iterator[EchoRasa]:
    with echo_rasa() as running:
        yield running


@pytest.fixture
def api(tmp_path: Path, line: RunningLine, rasa_stand_in: EchoRasa) -> Iterator[Api]:
    ours = {"LINE_CHANNEL_SECRET": SECRET, "LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "LINE_API_BASE": line.url}
    with running_slack() as slack:
        yield Api(tmp_path, slack, rasa_stand_in, TURN_SECONDS="20", **ours)


@pytest.fixture
def people(api: Api) -> Iterator[Friends]:
    database = Database(f"sqlite:///{api.data / 'assistant.db'}")
    with httpx.Client(timeout=10) as http:
        yield Friends(http.post, database, api.url)
    database.engine.dispose()


def kill(process: Any) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_killed_while_the_answer_is_thought_of_it_goes_out_once(
    api: Api, people: Friends, line: RunningLine, rasa_stand_in: EchoRasa, eventually: Eventually
) -> None:
    words = "ひみつの途中の質問"
    asked = text(words)
    rasa_stand_in.hold.clear()
    with api.running() as process:
        people.deliver(asked)
        eventually(lambda: rasa_stand_in.texts == [words], 30)
        kill(process)
    rasa_stand_in.hold.set()
    assert line.said == []
    with api.running():
        people.deliver(redelivered(asked))
        eventually(lambda: len(line.said) == 1, 30)
        eventually(people.is_idle, 30)
    assert line.texts() == [f"返事：{words}"]
    assert people.turns() == [words]
    assert words not in api.log.read_text(encoding="utf-8")


def test_killed_right_after_the_200_everything_is_answered_once_and_in_order(
    api: Api, people: Friends, line: RunningLine, eventually: Eventually
) -> None:
    asked = 0
    for _ in range(count(1, 20)):
        with api.running() as process:
            for _ in range(4):
                people.deliver(text(f"質問{asked}"))
                asked += 1
            kill(process)
    with api.running():
        eventually(people.is_idle, 60)
    assert people.turns() == [f"質問{number}" for number in range(asked)]
    assert line.texts() == [f"返事：質問{number}" for number in range(asked)]

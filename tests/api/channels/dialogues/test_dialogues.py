"""The same dialogues on every channel, with the whole house behind them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.db.engine import Database
from ops.running import RunningHouse, running_house
from tests.api.channels.dialogues.on_line import LinePerson
from tests.api.channels.dialogues.on_slack import SlackPerson
from tests.api.channels.dialogues.on_web import WebPerson
from tests.api.channels.dialogues.playing import CLOCK, DIALOGUES, HERE, PUBLIC, booked, compare, play
from tests.api.channels.line.friends import Friends
from tests.api.channels.line.payloads import SECRET as LINE_SECRET
from tests.api.channels.line.payloads import TOKEN as LINE_TOKEN
from tests.api.channels.slack.payloads import SECRET
from tests.api.channels.slack.person import Person
from tests.api.channels.slack.stand_in import TOKEN, Slack, running_slack
from tests.api.channels.slack.workspace import Workspace
from tests.api.channels.standin import LineStandIn, served

pytestmark = [pytest.mark.house, pytest.mark.timeout(900)]
NAMES = [dialogue["name"] for dialogue in DIALOGUES]


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    with running_slack() as running:
        yield running
    assert running.wrong == []


@pytest.fixture(scope="module")
def line() -> LineStandIn:
    return LineStandIn()


@pytest.fixture(scope="module")
def line_url(line: LineStandIn) -> Iterator[str]:
    with served(line.app) as url:
        yield url
    assert line.faults == []


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, slack: Slack, line_url: str) -> Iterator[RunningHouse]:
    limits = {"TURNS_PER_MINUTE": "100000", "REQUESTS_PER_MINUTE": "100000"}
    ours = {"SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_BASE": slack.api}
    ours |= {"LINE_CHANNEL_SECRET": LINE_SECRET, "LINE_CHANNEL_ACCESS_TOKEN": LINE_TOKEN, "LINE_API_BASE": line_url}
    steady = {"CLOCK": CLOCK, "PUBLIC_URL": PUBLIC}
    with running_house(tmp_path_factory.mktemp("dialogues"), **limits, **ours, **steady) as running:
        yield running


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, trust_env=False) as client:
        yield client


def give_back(http: httpx.Client, house: RunningHouse, looks: list[Any]) -> None:
    """Cancels what was booked, so that the next channel is offered the same times."""
    for token in booked(looks):
        assert http.post(f"{house.url}/bookings/{token}/cancel").status_code == 200


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=NAMES)
def test_on_the_web(house: RunningHouse, http: httpx.Client, dialogue: dict[str, Any]) -> None:
    give_back(http, house, play(dialogue, WebPerson(http, house.url)))


@pytest.mark.parametrize("number", range(len(DIALOGUES)), ids=NAMES)
def test_on_slack(house: RunningHouse, http: httpx.Client, slack: Slack, number: int) -> None:
    store = Database(f"sqlite:///{house.data / 'assistant.db'}")
    person = Person(Workspace(http.post, store, slack, house.url), f"D0DIALOG{number}")
    looks = play(DIALOGUES[number], SlackPerson(person))
    store.engine.dispose()
    give_back(http, house, looks)
    compare(looks, HERE / "golden_slack" / f"{number + 1}.json")


@pytest.mark.parametrize("number", range(len(DIALOGUES)), ids=NAMES)
def test_on_line(house: RunningHouse, http: httpx.Client, line: LineStandIn, number: int) -> None:
    store = Database(f"sqlite:///{house.data / 'assistant.db'}")
    person = LinePerson(Friends(http.post, store, house.url), line, f"U{number:032x}")
    looks = play(DIALOGUES[number], person)
    store.engine.dispose()
    give_back(http, house, looks)
    compare(looks, HERE / "golden_line" / f"{number + 1}.json")

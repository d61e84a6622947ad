"""The real API with a scripted Rasa, people of the staff, and a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from actions import reply
from api.console import accounts
from tests.api.console.staffer import PASSWORD, STORED
from tests.widget.conftest import House

ROLES = {"viewer": "閲覧花子", "reviewer": "確認太郎", "admin": "管理桜"}


@pytest.fixture(scope="session")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("console"), "http://127.0.0.1")
    with house.app.state.database.write() as session:
        for role, name in ROLES.items():
            accounts.add_account(
                session, email=f"{role}@example.jp", name=name, role=role, password_hash=STORED, must_change=False
            )
    yield house
    house.stop()


@pytest.fixture
def house(running_house: House) -> House:
    running_house.rasa.reset()
    running_house.app.state.sign_in_limits.__init__()  # each test is a new day
    return running_house


class Person:
    """Somebody who asks, without a browser."""

    def __init__(self, house: House) -> None:
        self.house, self.sent = house, 0
        started = httpx.post(f"{house.url}/api/conversations", json={}).raise_for_status().json()
        self.id = started["conversation_id"]
        self.headers = {"Authorization": f"Bearer {started['token']}"}

    def say(self, text: str, replies: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
        if replies is not None:
            self.house.rasa.always(replies)
        self.sent += 1
        body = {"client_message_id": f"m{self.sent}", "text": text}
        where = f"{self.house.url}/api/conversations/{self.id}/messages"
        messages: list[dict[str, Any]] = (
            httpx.post(where, json=body, headers=self.headers).raise_for_status().json()["messages"]
        )
        return messages

    def dislike(self, message: dict[str, Any], comment: str) -> None:
        body = {"message_id": message["id"], "rating": "bad", "comment": comment}
        where = f"{self.house.url}/api/conversations/{self.id}/feedback"
        httpx.post(where, json=body, headers=self.headers).raise_for_status()


@pytest.fixture
def person(house: House) -> Callable[[], Person]:
    return lambda: Person(house)


def handed_off() -> list[dict[str, Any]]:
    """What the assistant says when somebody wants a human."""
    return [reply.message("handoff", "担当者におつなぎします。", command={"type": "handoff"})]


def sign_in(page: Page, house: House, role: str = "reviewer") -> Page:
    """Signs in as the person with this role."""
    page.goto(f"{house.url}/console")
    page.get_by_label("メールアドレス").fill(f"{role}@example.jp")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    page.wait_for_url("**/console/inbox")
    return page


@pytest.fixture
def staff_page(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """A browser of its own for one of the staff; collects what the page complains about."""
    opened: list[BrowserContext] = []

    def enter(role: str = "reviewer", **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "ja-JP", "reduced_motion": "reduce"} | options
        own = browser.new_context(**options)
        own.set_default_timeout(10_000)
        opened.append(own)
        page = own.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
        return sign_in(page, house, role)

    yield enter
    for one in opened:
        one.close()

"""The real API with a scripted Rasa, a website that embeds the widget, and a real Chromium."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Page

from actions import reply
from api.app import create_app
from api.chat.rasa import TurnAnswer
from api.db.models import Base
from core.settings import Settings
from tests.widget.widget_page import Widget

Script = Callable[[dict[str, Any]], list[dict[str, Any]]]


def echo(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers with what was said."""
    return [reply.message("answer", f"「{body['text']}」ですね。")]


class ScriptedRasa:
    """Stands for Rasa: each test says what it replies."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.script: Script = echo
        self.turns: list[dict[str, Any]] = []
        self.ready = True

    def always(self, replies: list[dict[str, Any]]) -> None:
        """The same replies to whatever is said."""
        self.script = lambda _: replies

    async def turn(self, body: dict[str, Any]) -> TurnAnswer:
        self.turns.append(body)
        return TurnAnswer(self.script(body), {"intent": {"name": "ask", "confidence": 1.0}}, {}, "scripted")

    async def forget(self, sender: str) -> None:
        return None

    async def is_ready(self) -> bool:
        return self.ready

    async def close(self) -> None:
        return None


class Site:
    """A server in a thread; `app` is open for what a test needs."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)


class House(Site):
    """The real API; only Rasa is scripted."""

    rasa: ScriptedRasa

    def __init__(self, folder: Path, origin: str) -> None:
        settings = Settings(
            data_dir=folder, turns_per_minute=100_000, requests_per_minute=1_000_000, embed_origins=origin
        )
        app = create_app(settings)
        self.rasa = ScriptedRasa()
        app.state.chat.rasa = self.rasa
        Base.metadata.create_all(app.state.database.engine)
        super().__init__(app)


@pytest.fixture(scope="session")
def website() -> Iterator[Site]:
    """Somebody else's site with a strict CSP; `/?…` puts attributes on the tag."""
    app = FastAPI()
    app.state.widget = ""

    @app.get("/")
    def page(attributes: str = "") -> HTMLResponse:
        policy = f"default-src 'none'; script-src {app.state.widget}; connect-src {app.state.widget}"
        html = f"""<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>町のページ</title>
            <script src="{app.state.widget}/widget.js" {attributes} defer></script></head>
            <body><main><h1>町のページ</h1><p>本文</p>
            <button type="button" data-jcredit-ask="費用はいくらですか">費用を聞く</button></main></body></html>"""
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    site = Site(app)
    yield site
    site.stop()


@pytest.fixture(scope="session")
def running_house(tmp_path_factory: pytest.TempPathFactory, website: Site) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("widget"), website.url)
    website.app.state.widget = house.url
    yield house
    house.stop()


@pytest.fixture
def house(running_house: House) -> House:
    running_house.rasa.reset()
    return running_house


@pytest.fixture
def widget(page: Page, house: House) -> Widget:
    """The widget on the landing page, not yet opened."""
    page.goto(house.url)
    return Widget(page)


@pytest.fixture(scope="session")
def estimate(running_house: House) -> dict[str, Any]:
    """A card from the real calculator."""
    inputs = {"el_before": "190,000 kWh", "el_after": "40,000 kWh"}
    body = {"formula_id": "COMMON-SCREEN-ENERGY", "inputs": inputs, "fiscal_year": 2023}
    card: dict[str, Any] = httpx.post(f"{running_house.url}/api/estimates", json=body).raise_for_status().json()
    return card

"""Pages of other sites: those on the list may use the chat, others are told kindly."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, expect
from pydantic import ValidationError

from core.settings import Settings
from tests.widget.conftest import House, Site
from tests.widget.widget_page import Widget


@pytest.mark.parametrize(
    "wrong",
    ["*", "www.example.jp", "https://www.example.jp/", "https://www.example.jp/path", "https://*.example.jp", "null"],
)
def test_what_is_no_origin_is_refused_by_name(wrong: str) -> None:
    with pytest.raises(ValidationError, match="EMBED_ORIGINS"):
        Settings(embed_origins=f"https://fine.example.jp,{wrong}")


def test_origins_are_read_from_a_comma_separated_list() -> None:
    settings = Settings(embed_origins="https://a.example.jp, http://127.0.0.1:8080")
    assert settings.embedding_sites == ["https://a.example.jp", "http://127.0.0.1:8080"]


def test_only_the_api_is_open_and_only_to_the_listed_origin_without_cookies(house: House, website: Site) -> None:
    allowed = httpx.post(f"{house.url}/api/conversations", headers={"Origin": website.url})
    assert allowed.headers["access-control-allow-origin"] == website.url
    assert "access-control-allow-credentials" not in allowed.headers
    other = httpx.post(f"{house.url}/api/conversations", headers={"Origin": "https://other.example.jp"})
    assert "access-control-allow-origin" not in other.headers
    for path in ("/", "/embedding", "/healthz"):
        page = httpx.get(house.url + path, headers={"Origin": website.url})
        assert "access-control-allow-origin" not in page.headers


@pytest.mark.browser
def test_a_site_that_is_not_on_the_list_is_refused_and_the_widget_says_so_kindly(
    browser: Browser, house: House, website: Site
) -> None:
    page = browser.new_context().new_page()
    page.goto(website.url.replace("127.0.0.1", "localhost"))  # another origin, the same page
    widget = Widget(page)
    widget.launcher.click()
    expect(widget.state).to_contain_text("このページでは、まだ会話画面をお使いいただけません", timeout=15_000)
    assert house.rasa.turns == []
    page.context.close()

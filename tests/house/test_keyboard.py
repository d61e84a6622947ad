"""A question, a check and a booking in the widget on the whole system, with the keyboard alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from ops.running import RunningHouse
from tests.conftest import CHROMIUM, CHROMIUM_ARGS
from tests.widget.widget_page import Widget

pytestmark = [pytest.mark.house, pytest.mark.browser]
MOST_STEPS = 30
ASIDE = {"なぜ聞くの？", "戻る"}
PERSON = {"name": "山田太郎", "organization": "山田工業", "email": "yamada@example.jp", "phone": "086-000-0000"}


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        page = browser.new_context(locale="ja-JP", reduced_motion="reduce").new_page()
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        yield page
        expect.set_options(timeout=5_000)
        browser.close()


def write(widget: Widget, text: str) -> None:
    """Types into the composer, which is reached by Tab, and waits for the reply."""
    before = widget.replies.count()
    reach(widget, "TEXTAREA")
    widget.page.keyboard.type(text)
    widget.page.keyboard.press("Enter")
    settled(widget, before)


def press(widget: Widget, name: str) -> None:
    """Presses the newest button of this name; from the newest reply it is a few Tabs away."""
    before = widget.replies.count()
    reach(widget, "TEXTAREA")
    reach(widget, name, "Shift+Tab")
    widget.page.keyboard.press("Enter")
    settled(widget, before)


def settled(widget: Widget, before: int) -> None:
    widget.page.wait_for_function(
        "n => document.querySelector('jcredit-assistant').shadowRoot.querySelectorAll('.message:not(.user)').length > n",
        arg=before,
    )
    expect(widget.state).to_be_empty()


def reach(widget: Widget, name: str, key: str = "Tab") -> None:
    for _ in range(120):
        if name in widget.focused():
            return
        widget.page.keyboard.press(key)
    pytest.fail(f"「{name}」にキーボードで届きません")


def step(widget: Widget) -> None:
    """Answers whatever is asked, in words or by the first button."""
    newest = widget.replies.last
    labels = [one for one in newest.locator(".choices button").all_inner_texts() if one not in ASIDE]
    label = newest.locator(".ask label").first.inner_text() if newest.locator(".ask label").count() else ""
    text = newest.locator(".text").inner_text()
    known = {
        "名前": PERSON["name"],
        "会社": PERSON["organization"],
        "メール": PERSON["email"],
        "電話": PERSON["phone"],
        "ひとこと": "LED化の相談",
    }
    for word, answer in known.items():
        if word in label:
            return write(widget, answer)
    for choice in ("同意する", "はい", "予約する", "確定する", "わからない", "この質問を飛ばす"):
        found = next((one for one in labels if one.startswith(choice)), None)
        if found:
            return press(widget, found)
    if labels:
        return press(widget, labels[0])
    return write(widget, next((answer for word, answer in known.items() if word in text), "わからない"))


def until(widget: Widget, card: str) -> None:
    for _ in range(MOST_STEPS):
        if widget.panel.get_by_label(card, exact=True).count():
            return
        step(widget)
    pytest.fail(f"「{card}」まで進めません: {widget.replies.last.inner_text()}")


def test_a_question_a_check_and_a_booking_by_keyboard_alone(house: RunningHouse, page: Page) -> None:
    page.goto(house.url)
    widget = Widget(page)
    widget.launcher.focus()
    page.keyboard.press("Enter")
    expect(widget.replies).to_have_count(1)
    write(widget, "Ｊ－クレジット制度とは何ですか")
    expect(widget.replies.last.locator("summary")).to_contain_text("出典")
    write(widget, "対象になるか調べたい")
    until(widget, "判定")
    write(widget, "相談を予約したい")
    until(widget, "相談の予約")
    if folder := os.environ.get("TREE_DIR"):
        Path(folder, "widget_a11y_tree.txt").write_text(widget.panel.aria_snapshot(), encoding="utf-8")

"""Booked in the widget, moved by the secret link, cancelled in the chat: with the mails and calendar files of each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ops.running import RunningHouse
from tests.widget.widget_page import Widget

vobject = pytest.importorskip("vobject")
pytestmark = [pytest.mark.house, pytest.mark.browser]
EMAIL = "booked-in-browser@example.jp"
ANSWERS = {
    "会社や団体": "山田工業",
    "お名前を教えて": "山田太郎",
    "確認のメールをお送りするアドレス": EMAIL,
    "電話番号を教えて": "086-000-0000",
    "ひとこと": "LED化の相談",
}
BUTTONS = ("Web会議", "同意する", "この内容で進める")
ASIDE = {"なぜ聞くの？", "戻る"}
MOST_STEPS = 20
MOST_WEEKS = 8
SECONDS = 60


@pytest.fixture
def widget(browser: Browser, house: RunningHouse) -> Iterator[Widget]:
    page = browser.new_context(locale="ja-JP", reduced_motion="reduce").new_page()
    page.context.set_default_timeout(SECONDS * 1000)
    expect.set_options(timeout=SECONDS * 1000)
    page.goto(house.url)
    yield Widget(page).open()
    page.context.close()
    expect.set_options(timeout=5_000)


def card(widget: Widget) -> Locator:
    """The newest booking card."""
    return widget.panel.get_by_label("相談の予約", exact=True).last


def press(widget: Widget, name: str) -> None:
    """Clicks the newest button of this name and waits until the house has answered."""
    before = widget.replies.count()
    widget.button(name).click()
    expect(widget.replies.nth(before)).to_be_visible()
    expect(widget.state).to_be_empty()


def write(widget: Widget, text: str) -> None:
    """Sends a sentence and waits until the house has answered."""
    before = widget.replies.count()
    widget.input.fill(text)
    widget.input.press("Enter")
    expect(widget.replies.nth(before)).to_be_visible()
    expect(widget.state).to_be_empty()


def answer(widget: Widget) -> None:
    """Answers the open question, by a button where there is one that fits."""
    newest = widget.replies.last
    labels = [label for label in newest.locator(".choices button").all_inner_texts() if label not in ASIDE]
    if found := next((label for start in BUTTONS for label in labels if label.startswith(start)), None):
        return press(widget, found)
    asked = newest.inner_text()
    if words := next((words for word, words in ANSWERS.items() if word in asked), None):
        return write(widget, words)
    assert labels, f"知らない質問です: {asked}"
    return press(widget, labels[0])


def book(widget: Widget) -> None:
    write(widget, "相談を予約したい")
    for _ in range(MOST_STEPS):
        if card(widget).count():
            return expect(card(widget)).to_contain_text("予約済み")
        answer(widget)
    pytest.fail(f"予約まで進めません: {widget.replies.last.inner_text()}")


def move(page: Page) -> str:
    """Takes the first free time of a later week on the booking's page; returns it as the page writes it."""
    for _ in range(MOST_WEEKS):
        page.get_by_role("link", name="次の週").click()
        if page.get_by_role("radio").count():
            break
    day = page.locator("fieldset").first
    wanted = f"{day.locator('legend').inner_text()} {day.locator('label').first.inner_text().strip()}"
    day.get_by_role("radio").first.check()
    page.get_by_role("button", name="選んだ日時に変える").click()
    expect(page.get_by_role("status")).to_contain_text("日時を変更しました")
    expect(page.locator("dl")).to_contain_text(wanted)
    return wanted


def calendar_files(outbox: Path, sequence: int) -> list[Any]:
    """The files that the guest was sent with this SEQUENCE; waits until there is one."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        mails = [message_from_bytes(path.read_bytes(), policy=default) for path in outbox.glob("*.eml")]
        parts = [part for mail in mails if EMAIL in str(mail["To"]) for part in mail.walk()]
        files = [vobject.readOne(p.get_content()) for p in parts if p.get_content_type() == "text/calendar"]
        if found := [file for file in files if int(file.vevent.sequence.value) == sequence]:
            return found
        time.sleep(0.1)
    pytest.fail(f"SEQUENCE {sequence} の予定表が届きません")


def the_file(house: RunningHouse, sequence: int) -> Any:
    files = calendar_files(house.data / "outbox", sequence)
    assert len(files) == 1
    return files[0]


def start(file: Any) -> str:
    """The beginning, as the booking's page writes it."""
    moment = file.vevent.dtstart.value
    weekday = "月火水木金土日"[moment.weekday()]
    return f"{moment.year}年{moment.month}月{moment.day}日({weekday}) {moment:%H:%M}"


def test_booked_in_the_widget_moved_by_its_link_and_cancelled_in_the_chat(house: RunningHouse, widget: Widget) -> None:
    book(widget)
    link = card(widget).get_by_role("link", name="予約を見る")
    address = str(link.get_attribute("href"))
    booked = the_file(house, 0)
    assert (booked.method.value, booked.vevent.status.value) == ("REQUEST", "CONFIRMED")

    with widget.page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("dl")).to_contain_text(start(booked))
    wanted = move(opened.value)
    opened.value.close()
    moved = the_file(house, 1)
    assert moved.method.value == "REQUEST"
    assert wanted.startswith(start(moved))
    assert start(moved) != start(booked)

    write(widget, "予約をキャンセルしたい")
    press(widget, "取り消す")
    expect(card(widget)).to_contain_text("取り消し済み")
    cancelled = the_file(house, 2)
    assert (cancelled.method.value, cancelled.vevent.status.value) == ("CANCEL", "CANCELLED")
    assert start(cancelled) == start(moved)
    assert {file.vevent.uid.value for file in (booked, moved, cancelled)} == {booked.vevent.uid.value}
    assert httpx.get(address, headers={"Accept": "application/json"}).json()["status"] == "cancelled"

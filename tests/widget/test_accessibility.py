from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from actions import reply
from tests.widget import states
from tests.widget.conftest import House
from tests.widget.widget_page import Widget

pytestmark = pytest.mark.browser
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page) -> list[str]:
    """What axe-core finds, worst first."""
    found = Axe().run(page, options={"runOnly": STANDARDS}).response["violations"]
    return [f"{one['impact']} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_any_state(
    browser: Browser, house: House, estimate: dict[str, Any], width: int, scheme: Any
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 720}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(house.url)
    found = {"page": faults(page)}
    widget = Widget(page).open()
    found["greeting"] = faults(page)
    for name, replies in states.every_state(estimate).items():
        house.rasa.always(replies)
        widget.say("お願いします")
        for folded in widget.replies.last.locator("details").all():
            folded.locator("summary").first.click()
        # What has no field stays in the history and is looked at with the next state that has one.
        if widget.panel.locator(".ask").count() or name == "decline":
            found[name] = faults(page)
    widget.button("やさしい日本語").click()
    found["plain Japanese"] = faults(page)
    widget.button("ちがう").click()
    widget.button("履歴を削除").click()
    found["opinion and confirmation"] = faults(page)
    widget.button("消す").click()
    expect(widget.log).to_contain_text("受付番号")
    found["receipt"] = faults(page)
    page.goto(f"{house.url}/embedding")
    found["embedding"] = faults(page)
    context.close()
    assert {name: what for name, what in found.items() if what} == {}


def test_focus_goes_in_on_opening_and_back_on_closing(widget: Widget) -> None:
    widget.launcher.focus()
    widget.page.keyboard.press("Enter")
    expect(widget.input).to_be_focused()
    expect(widget.launcher).to_have_attribute("aria-expanded", "true")
    widget.page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_focused()
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")


def test_escape_and_enter_during_conversion_belong_to_the_conversion(widget: Widget) -> None:
    widget.open()
    widget.input.fill("へんかん")
    for key in ("Enter", "Escape"):
        widget.input.evaluate(
            "(n, key) => n.dispatchEvent(new KeyboardEvent('keydown', {key, isComposing: true, bubbles: true, composed: true}))",
            key,
        )
    expect(widget.own).to_have_count(0)
    expect(widget.panel).to_be_visible()


def test_one_key_leads_to_the_newest_reply(widget: Widget) -> None:
    widget.open()
    widget.say("一つ目")
    widget.say("二つ目")
    widget.page.keyboard.press("ArrowUp")
    expect(widget.replies.last).to_be_focused()


def test_nothing_traps_the_keyboard_on_a_wide_screen(widget: Widget) -> None:
    widget.open()
    for _ in range(12):
        widget.page.keyboard.press("Tab")
    assert widget.page.evaluate("document.activeElement.tagName") != "JCREDIT-ASSISTANT"


def tab_to(widget: Widget, name: str, key: str = "Tab") -> None:
    for _ in range(60):
        widget.page.keyboard.press(key)
        if name in widget.focused():
            return
    pytest.fail(f"「{name}」にキーボードで届きません")


def test_question_qualification_and_booking_by_keyboard_alone(
    widget: Widget, house: House, estimate: dict[str, Any]
) -> None:
    keys = widget.page.keyboard
    widget.launcher.focus()
    keys.press("Enter")
    expect(widget.replies).to_have_count(1)
    house.rasa.always(states.answer())
    keys.type("桃太郎空港の照明の例を教えて")
    keys.press("Enter")
    expect(widget.replies).to_have_count(2)

    house.rasa.always(states.checks())
    tab_to(widget, "くわしく", "Shift+Tab")
    keys.press("Enter")
    expect(widget.replies).to_have_count(3)
    expect(widget.panel.get_by_role("checkbox").first).to_be_focused()
    keys.press("Space")
    house.rasa.always(states.number())
    tab_to(widget, "これで答える")
    keys.press("Enter")
    expect(widget.panel.get_by_label("数字（単位：kWh/年）")).to_be_focused()
    house.rasa.always(states.verdict(estimate))
    keys.type("190000")
    keys.press("Enter")
    expect(widget.panel.get_by_label("判定", exact=True)).to_be_visible()

    house.rasa.always(states.slots())
    keys.press("ArrowUp")
    tab_to(widget, "相談を予約する")
    keys.press("Enter")
    expect(widget.replies.last).to_contain_text("ご希望の日時")
    house.rasa.always(states.email())
    tab_to(widget, "11月25日（水）14:00")
    keys.press("Enter")
    expect(widget.panel.get_by_label("メールアドレス")).to_be_focused()
    house.rasa.always(states.booking())
    keys.type("yamada@example.jp")
    keys.press("Enter")
    expect(widget.panel.get_by_label("相談の予約")).to_be_visible()
    keys.press("Escape")
    expect(widget.launcher).to_be_focused()


def test_every_target_is_at_least_24_pixels(widget: Widget, house: House, estimate: dict[str, Any]) -> None:
    widget.open()
    for replies in states.every_state(estimate).values():
        house.rasa.always(replies)
        widget.say("x")
    small = widget.panel.evaluate(
        """panel => [...panel.querySelectorAll('button, summary, input, textarea, label.box')]
            .filter(n => n.offsetParent && n.type !== 'checkbox')
            .filter(n => Math.min(n.getBoundingClientRect().width, n.getBoundingClientRect().height) < 24)
            .map(n => n.outerHTML)"""
    )
    assert small == []


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 568), (844, 390)])
def test_it_reflows_without_sideways_scrolling(
    browser: Browser, house: House, estimate: dict[str, Any], width: int, height: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(house.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    widget = Widget(page).open()
    for replies in states.every_state(estimate).values():
        house.rasa.always(replies)
        widget.say("あ" * 40 + "https://japancredit.go.jp/" + "x" * 80)
        wide = "p => [p, ...p.querySelectorAll('.scroller, .log, .message')].filter(n => n.scrollWidth > n.clientWidth + 1).length"
        assert widget.panel.evaluate(wide) == 0
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    widget.input.scroll_into_view_if_needed()
    assert widget.input.evaluate("n => n.offsetHeight") >= 24
    context.close()


def test_a_whole_history_is_not_read_aloud(widget: Widget) -> None:
    widget.open()
    widget.say("x")
    widget.page.reload()
    script = """() => { const log = document.querySelector('jcredit-assistant').shadowRoot.querySelector('[role=log]');
        window.loud = 0; new MutationObserver((all) => { if (log.getAttribute('aria-live') !== 'off')
        window.loud += all.length; }).observe(log, {childList: true}); }"""
    widget.page.evaluate(script)
    Widget(widget.page).open()
    assert widget.page.evaluate("window.loud") == 0


def test_the_accessibility_tree_makes_sense(widget: Widget, house: House) -> None:
    source = {"title": "公式のよくある質問", "as_of": "2026-11-01", "status": "verified"}
    house.rasa.always([reply.message("answer", "答えです。", sources=[source], choices=states.choices("くわしく"))])
    widget.open()
    widget.say("質問です")
    tree = widget.panel.aria_snapshot()
    places = [
        tree.rindex(part)
        for part in (
            'dialog "Ｊ－クレジット相談アシスタント"',
            'button "閉じる"',
            'log "会話"',
            "あなた：",
            "質問です",
            "アシスタント：",
            "答えです。",
            "出典 1件",
            'group "あわせてどうぞ"',
            'group "この返事への感想"',
            'textbox "メッセージ"',
            'button "送信"',
            'button "担当者と話す"',
            'button "履歴を削除"',
        )
    ]
    assert places == sorted(places)


def test_printing_shows_the_whole_conversation_and_no_controls(widget: Widget) -> None:
    widget.open()
    for i in range(8):
        widget.say(f"{i}つ目の質問です。" * 5)
    widget.page.emulate_media(media="print")
    expect(widget.input).to_be_hidden()
    expect(widget.launcher).to_be_hidden()
    assert widget.panel.evaluate(
        "p => p.scrollHeight <= p.clientHeight + 1 && getComputedStyle(p).position === 'static'"
    )

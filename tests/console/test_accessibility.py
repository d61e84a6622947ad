"""Every page of the console: axe-core, the keyboard, small and zoomed-in screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from actions import reply
from tests.api.console.staffer import PASSWORD
from tests.console.conftest import Person, handed_off
from tests.widget.conftest import House
from tests.widget.test_accessibility import faults

pytestmark = pytest.mark.browser


@pytest.fixture
def places(house: House, person: Callable[[], Person], estimate: dict[str, Any]) -> dict[str, str]:
    """Every kind of page, with something on it."""
    asker = person()
    asker.say("読み上げで聞くこと", [reply.message("decline", "分かりません。")])
    answered = asker.say("費用は？", [reply.message("answer", "費用の目安です。", knowledge=["costs.overview"])])
    asker.dislike(answered[0], "知りたいことではありませんでした")
    asker.say("計算して", [reply.message("estimate", "結果です。", card=estimate)])
    asker.say("担当者と話したい", handed_off())
    return {
        "unanswered": "/console/inbox",
        "waiting": "/console/inbox?queue=waiting",
        "all, narrowed": "/console/inbox?queue=all&channel=web",
        "nothing": "/console/inbox?q=どこにもない言葉",
        "conversation": f"/console/conversations/{asker.id}",
        "staff": "/console/staff",
        "audit": "/console/audit",
        "password": "/console/password",
        "refused": "/console/nothing",
    }


@pytest.fixture(scope="session")
def estimate(running_house: House) -> dict[str, Any]:
    """A card like the calculator's."""
    return {
        "type": "estimate", "methodology_id": "EN-S-006", "formula_id": "EN-S-006-O", "fiscal_year": 2023,
        "reduction_tco2": 63, "creditable_tco2": 63, "assumptions": [], "warnings": [],
        "steps": [{"label": "前", "expression": "190,000 × 0.42 ÷ 1000", "value": 79.8, "unit": "tCO2"}],
        "factors": [{"id": "electricity", "value": 0.42, "unit": "kgCO2/kWh", "source": "資料", "as_of": "2026-11-23", "status": "reference"}],
    }  # fmt: skip


def unfold(page: Page) -> None:
    for folded in page.locator("summary").all():
        if folded.is_visible():
            folded.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_and_nothing_scrolls_sideways(
    house: House, places: dict[str, str], staff_page: Callable[..., Page], scheme: str
) -> None:
    page = staff_page("admin", color_scheme=scheme)
    found: dict[str, list[str]] = {}
    page.goto(f"{house.url}{places['unanswered']}")
    places["question"] = page.get_by_role("row").get_by_role("link").first.get_attribute("href") or ""
    for name, path in places.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{house.url}{path}")
        unfold(page)
        found[name] = faults(page)
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append("scrolls sideways at 320 px")
    page.goto(f"{house.url}{places['conversation']}")
    page.get_by_role("button", name="引き受ける", exact=True).click()
    found["taken, narrow"] = faults(page)
    page.get_by_role("button", name="サインアウト").click()
    found["sign-in"] = faults(page)
    assert {name: what for name, what in found.items() if what} == {}


def test_every_target_is_at_least_24_pixels(
    house: House, places: dict[str, str], staff_page: Callable[..., Page]
) -> None:
    page = staff_page("admin")
    small: dict[str, list[str]] = {}
    for name, path in places.items():
        page.goto(f"{house.url}{path}")
        unfold(page)
        small[name] = page.evaluate(
            """() => [...document.querySelectorAll('button, summary, select, textarea, input:not([type=hidden]), nav a, .button')]
                .filter(n => n.offsetParent && !['checkbox', 'radio'].includes(n.type))
                .filter(n => Math.min(n.getBoundingClientRect().width, n.getBoundingClientRect().height) < 24)
                .map(n => n.outerHTML)"""
        )
    assert {name: what for name, what in small.items() if what} == {}


def reach(page: Page, name: str) -> None:
    """Tabs on to something of this name."""
    script = """() => { const n = document.activeElement;
        if (n.getAttribute('role') === 'region') return '';
        return [n.innerText, n.labels?.[0]?.innerText, n.getAttribute('aria-label')].join(' '); }"""
    for _ in range(120):
        page.keyboard.press("Tab")
        if name in page.evaluate(script):
            return
    pytest.fail(f"「{name}」にキーボードで届きません")


def test_a_question_is_judged_and_a_person_answered_by_keyboard_alone(
    browser: Browser, house: House, person: Callable[[], Person]
) -> None:
    person().say("キーボードで探す質問", [reply.message("decline", "分かりません。")])
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    keys = page.keyboard
    page.goto(f"{house.url}/console")
    reach(page, "本文へ移動")
    keys.press("Enter")
    reach(page, "メールアドレス")
    keys.type("reviewer@example.jp")
    reach(page, "パスワード")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/console/inbox")
    reach(page, "本文へ移動")
    keys.press("Enter")
    reach(page, "言葉で探す")
    keys.type("キーボード")
    keys.press("Enter")
    page.wait_for_url("**q=**")
    reach(page, "キーボードで探す質問")
    keys.press("Enter")
    page.wait_for_url("**/questions/**")
    reach(page, "判定する")
    keys.press("Enter")
    reach(page, "正解")
    keys.press("ArrowRight")
    reach(page, "判定を保存")
    keys.press("Enter")
    expect(page.get_by_text("判定：不正解").first).to_be_visible()

    asker = person()
    asker.say("担当者と話したい", handed_off())
    page.goto(f"{house.url}/console/conversations/{asker.id}")
    reach(page, "引き受ける")
    keys.press("Enter")
    page.wait_for_url("**done=taken**")
    reach(page, "返事を書く")
    keys.type("お待たせしました")
    reach(page, "送る")
    keys.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("お待たせしました")
    context.close()


def test_forms_name_their_fields_and_pages_their_headings(
    house: House, places: dict[str, str], staff_page: Callable[..., Page]
) -> None:
    page = staff_page("admin")
    for path in places.values():
        page.goto(f"{house.url}{path}")
        assert page.evaluate("document.documentElement.lang") == "ja"
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)
        nameless = page.evaluate(
            """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
                .filter(n => !n.labels?.length && !n.getAttribute('aria-label')).map(n => n.outerHTML)"""
        )
        assert nameless == [], path

"""The inquiry part of a day's work, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from actions import reply
from tests.console.conftest import Person, handed_off
from tests.widget.conftest import House
from tests.widget.widget_page import Widget

pytestmark = pytest.mark.browser
DECLINED = [reply.message("decline", "手もとの資料では分かりません。")]


def test_an_unanswered_question_is_found_judged_and_assigned(
    house: House, person: Callable[[], Person], staff_page: Callable[..., Page]
) -> None:
    for text in ("検証機関の費用はいくら？", "検証機関の費用は いくら", "検証機関の費用はいくら。"):
        person().say(text, DECLINED)
    page = staff_page()
    page.get_by_label("言葉で探す").fill("検証 費用")
    page.get_by_role("button", name="絞り込む").click()
    row = page.get_by_role("row").filter(has_text="検証機関の費用")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("3")
    row.get_by_role("link").click()

    page.get_by_text("判定する").click()
    page.get_by_label("不正解", exact=True).check()
    page.get_by_label("別の答え").check()
    box = page.get_by_label("正しい答え")
    option = page.locator("#answers option[value*='（costs.audit_range）']").get_attribute("value")
    box.fill(option or "")
    page.get_by_role("button", name="判定を保存").click()
    expect(page.get_by_role("status")).to_have_text("判定を保存しました。")
    expect(page.get_by_text("判定：不正解").first).to_be_visible()

    page.get_by_label("状態").select_option("対応中")
    page.get_by_label("担当", exact=True).select_option(label="確認太郎（自分）")
    page.get_by_label("目印").fill("費用")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("保存しました。")
    page.get_by_label("メモを残す").fill("答えの言い回しを増やす")
    page.get_by_role("button", name="残す", exact=True).click()
    expect(page.locator(".memo")).to_contain_text("答えの言い回しを増やす")

    page.get_by_role("link", name="問い合わせ").first.click()
    page.get_by_label("担当", exact=True).select_option("自分")
    page.get_by_role("button", name="絞り込む").click()
    row = page.get_by_role("row").filter(has_text="検証機関の費用")
    expect(row).to_contain_text("対応中")
    expect(row).to_contain_text("確認太郎")
    expect(row).to_contain_text("判定：不正解")


def test_a_waiting_person_is_answered_on_the_widget(house: House, page: Page, staff_page: Callable[..., Page]) -> None:
    page.goto(house.url)
    widget = Widget(page).open()
    house.rasa.always(handed_off())
    widget.say("ボイラーの件で担当者と話したい")
    staff = staff_page()
    staff.get_by_role("link", name="担当者を待つ人").click()
    card = staff.get_by_role("listitem").filter(has_text="ボイラーの件で")
    card.get_by_role("link", name="会話を開く").click()
    staff.get_by_role("button", name="引き受ける", exact=True).click()
    expect(widget.replies.last).to_contain_text("確認太郎がお答えします")

    staff.get_by_label("返事を書く").fill("お待たせしました。ご用件をどうぞ。")
    clicked = time.monotonic()
    staff.get_by_role("button", name="送る").click()
    expect(widget.replies.last).to_contain_text("お待たせしました。ご用件をどうぞ。")
    assert time.monotonic() - clicked < 2 + 2, "two seconds, and two for a loaded machine to draw"

    turns = len(house.rasa.turns)
    widget.input.fill("ボイラーの更新です")
    widget.input.press("Enter")
    expect(staff.get_by_role("log")).to_contain_text("ボイラーの更新です")
    assert len(house.rasa.turns) == turns, "the assistant is silent"

    staff.get_by_role("button", name="自動の応答に戻す").click()
    expect(widget.replies.last).to_contain_text("自動の案内がお答えします")
    house.rasa.always([reply.message("answer", "自動の返事です。")])
    expect(widget.say("もう一つ聞きます")).to_contain_text("自動の返事です。")


def test_everything_works_without_scripts(
    house: House, person: Callable[[], Person], staff_page: Callable[..., Page]
) -> None:
    asker = person()
    asker.say("スクリプトなしの質問", DECLINED)
    asker.say("担当者と話したい", handed_off())
    page = staff_page(java_script_enabled=False)
    page.goto(f"{house.url}/console/conversations/{asker.id}")
    page.get_by_role("button", name="引き受ける", exact=True).click()
    page.get_by_label("返事を書く").fill("はい、どうぞ")
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("log")).to_contain_text("はい、どうぞ")
    asker.say("届きました")
    page.get_by_role("link", name="画面を新しくする").click()
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("届きました")
    page.get_by_text("判定する").first.click()
    page.get_by_label("不正解", exact=True).first.check()
    page.get_by_role("button", name="判定を保存").first.click()
    expect(page.get_by_text("判定：不正解").first).to_be_visible()
    page.get_by_role("button", name="サインアウト").click()
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()
    page.goto(f"{house.url}/console/conversations/{asker.id}")
    expect(page.get_by_role("heading", name="サインイン")).to_be_visible()


def test_a_script_in_a_message_stays_text(
    house: House, person: Callable[[], Person], staff_page: Callable[..., Page]
) -> None:
    asker = person()
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    asker.say(attack, [reply.message("decline", attack)])
    asker.say("担当者と話したい", handed_off())
    page = staff_page()
    page.goto(f"{house.url}/console/conversations/{asker.id}")
    page.get_by_role("button", name="引き受ける", exact=True).click()
    asker.say(attack)
    expect(page.get_by_role("log").get_by_text(attack)).to_have_count(3)
    assert "owned" not in page.title()

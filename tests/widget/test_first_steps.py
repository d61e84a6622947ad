from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from actions import reply
from tests.widget.conftest import House
from tests.widget.widget_page import Widget

pytestmark = pytest.mark.browser


def test_it_opens_and_greets_and_answers_with_source_date_and_status(widget: Widget, house: House) -> None:
    source = {
        "title": "公式のよくある質問",
        "url": "https://japancredit.go.jp/faq/",
        "as_of": "2026-11-01",
        "status": "verified",
    }
    house.rasa.always([reply.message("answer", "一行目\n二行目", sources=[source])])
    widget.open()
    answer = widget.say("質問です")
    assert answer.locator(".text").inner_text() == "一行目\n二行目"
    expect(answer.locator("summary")).to_contain_text("出典 1件（2026年11月1日時点）")
    expect(answer.locator("summary")).to_contain_text("出典あり")
    answer.locator("summary").click()
    assert answer.get_by_role("link").get_attribute("href") == "https://japancredit.go.jp/faq/"


def test_a_button_answers_and_shows_what_was_pressed(widget: Widget, house: House) -> None:
    ref = {"type": "answer", "id": "scheme.overview"}
    house.rasa.always([reply.message("answer", "どうぞ", choices=[reply.choice("制度とは", ref)])])
    widget.open()
    widget.say("x")
    widget.button("制度とは").click()
    expect(widget.replies).to_have_count(3)
    expect(widget.own.last).to_contain_text("制度とは")
    assert house.rasa.turns[-1]["choice"] == ref


def test_the_history_comes_back_after_a_reload_and_only_id_and_token_are_kept(widget: Widget) -> None:
    widget.open()
    widget.say("こんにちは")
    widget.page.reload()
    again = Widget(widget.page).open()
    expect(again.own).to_have_count(1)
    expect(again.messages).to_have_count(3)
    kept = widget.page.evaluate(
        "[Object.keys(localStorage), Object.keys(JSON.parse(localStorage['jcredit-assistant']))]"
    )
    assert kept == [["jcredit-assistant"], ["id", "token"]]
    assert widget.page.evaluate("document.cookie + Object.keys(sessionStorage).join()") == ""


def test_a_conversation_that_is_gone_starts_anew_with_a_note(widget: Widget, house: House) -> None:
    widget.open()
    widget.page.evaluate("localStorage['jcredit-assistant'] = JSON.stringify({id: 'f'.repeat(32), token: 'x'})")
    widget.page.reload()
    again = Widget(widget.page).open()
    expect(again.log).to_contain_text("前の会話は見つかりませんでした")
    expect(again.replies).to_have_count(2)  # the note and the greeting
    again.say("続けます")
    expect(again.own).to_have_count(1)


def test_erasing_asks_first_and_shows_the_receipt(widget: Widget) -> None:
    widget.open()
    widget.say("消したい話")
    widget.button("履歴を削除").click()
    widget.button("やめる").click()
    expect(widget.own).to_have_count(1)
    widget.button("履歴を削除").click()
    widget.button("消す").click()
    expect(widget.log).to_contain_text(re.compile("受付番号：[0-9a-f]{32}"))
    expect(widget.own).to_have_count(0)
    assert widget.page.evaluate("localStorage.length") == 0
    widget.input.fill("新しい話")
    widget.input.press("Enter")
    expect(widget.own).to_have_count(1)
    expect(widget.log).to_contain_text("「新しい話」ですね。")


def test_an_opinion_and_its_reason_are_stored(widget: Widget, house: House) -> None:
    widget.open()
    widget.say("x")
    widget.button("ちがう").click()
    widget.panel.get_by_label("理由をひとこと").fill("古い数字です")
    widget.button("送る").click()
    expect(widget.log.locator(".thanks")).to_be_visible()
    with house.app.state.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("select rating, comment from feedback").all()
    assert ("bad", "古い数字です") in [tuple(row) for row in rows]


def test_a_person_is_always_one_button_away(widget: Widget, house: House) -> None:
    widget.open()
    before = widget.button("担当者と話す").bounding_box()
    widget.button("担当者と話す").click()
    expect(widget.replies).to_have_count(2)
    assert house.rasa.turns[-1]["text"] == "担当者と話したい"
    assert widget.button("担当者と話す").bounding_box() == before


def test_an_example_on_the_page_opens_the_widget_and_asks(widget: Widget, house: House) -> None:
    widget.page.locator("#examples button").first.click()
    expect(widget.own).to_have_count(1)
    expect(widget.replies).to_have_count(2)
    assert house.rasa.turns[-1]["text"] == widget.page.locator("#examples button").first.inner_text()


def test_too_long_a_text_is_refused_at_the_input_and_kept(widget: Widget) -> None:
    widget.open()
    widget.input.fill("あ" * 2001)
    widget.input.press("Enter")
    expect(widget.panel).to_contain_text("2,000文字までにしてください（いま2,001文字です）")
    expect(widget.input).to_have_attribute("aria-invalid", "true")
    assert widget.input.input_value() == "あ" * 2001

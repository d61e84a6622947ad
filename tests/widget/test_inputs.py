from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from actions import reply
from tests.widget import states
from tests.widget.conftest import House
from tests.widget.widget_page import Widget

pytestmark = pytest.mark.browser


def asked(widget: Widget, house: House, replies: states.Replies) -> Widget:
    """Opens the widget at this question; what follows is echoed."""
    house.rasa.always(replies)
    widget.open()
    widget.say("始めます")
    house.rasa.script = lambda body: [reply.message("answer", f"「{body['text']}」ですね。")]
    return widget


def test_a_number_is_sent_with_its_unit(widget: Widget, house: House) -> None:
    asked(widget, house, states.number())
    widget.panel.get_by_label("数字（単位：kWh/年）").fill("190,000")
    widget.button("答える").click()
    expect(widget.own.last).to_contain_text("190,000 kWh/年")
    expect(widget.replies).to_have_count(3)
    assert house.rasa.turns[-1]["text"] == "190,000 kWh/年"


def test_a_number_with_its_own_unit_is_left_alone(widget: Widget, house: House) -> None:
    asked(widget, house, states.number())
    widget.panel.get_by_label("数字（単位：kWh/年）").fill("月1.5万kWh")
    widget.button("答える").click()
    expect(widget.own.last).to_contain_text("月1.5万kWh")
    expect(widget.replies).to_have_count(3)
    assert house.rasa.turns[-1]["text"] == "月1.5万kWh"


def test_an_empty_number_is_refused_at_the_field(widget: Widget, house: House) -> None:
    asked(widget, house, states.number())
    widget.button("答える").click()
    field = widget.panel.get_by_label("数字（単位：kWh/年）")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(widget.log).to_contain_text("数字を入力してください（例：190,000）")
    assert len(house.rasa.turns) == 1


def test_a_date_is_sent_as_people_write_it(widget: Widget, house: House) -> None:
    asked(widget, house, states.date())
    widget.panel.get_by_label("日付").fill("2026-04-01")
    widget.button("答える").click()
    expect(widget.own.last).to_contain_text("2026年4月1日")


def test_boxes_are_sent_together_and_none_of_these_stands_alone(widget: Widget, house: House) -> None:
    asked(widget, house, states.checks())
    boxes = widget.panel.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(3).check()
    expect(boxes.nth(0)).not_to_be_checked()
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(boxes.nth(3)).not_to_be_checked()
    widget.button("これで答える").click()
    expect(widget.own.last).to_contain_text("国の補助金を使う、県や市の補助金を使う")
    expect(boxes).to_have_count(0)


def test_no_box_at_all_is_refused(widget: Widget, house: House) -> None:
    asked(widget, house, states.checks())
    widget.button("これで答える").click()
    expect(widget.log).to_contain_text("当てはまるものを選んでください")


def test_an_address_that_cannot_be_one_is_refused_at_the_field(widget: Widget, house: House) -> None:
    asked(widget, house, states.email())
    field = widget.panel.get_by_label("メールアドレス")
    assert field.get_attribute("autocomplete") == "email"
    field.fill("だめ")
    widget.button("答える").click()
    expect(widget.log).to_contain_text("メールアドレスを確かめてください")
    field.fill("a@example.jp")
    widget.button("答える").click()
    expect(widget.own.last).to_contain_text("a@example.jp")


def test_an_optional_question_can_be_skipped(widget: Widget, house: House) -> None:
    ask = {"field": "phone", "type": "tel", "optional": True}
    asked(widget, house, [reply.message("question", "電話番号を教えてください。", ask=ask)])
    widget.button("とばす").click()
    expect(widget.own.last).to_contain_text("とばす")


def test_a_question_may_be_answered_in_words_and_its_field_goes(widget: Widget, house: House) -> None:
    asked(widget, house, states.number())
    widget.say("わかりません")
    expect(widget.panel.locator(".ask")).to_have_count(0)


def test_an_old_field_does_not_come_back_after_a_reload_but_the_open_one_does(widget: Widget, house: House) -> None:
    asked(widget, house, states.number())
    house.rasa.always(states.date())
    widget.say("19万kWh")
    widget.page.reload()
    again = Widget(widget.page).open()
    expect(again.panel.locator(".ask")).to_have_count(1)
    expect(again.panel.get_by_label("日付")).to_be_visible()


def test_the_estimate_shows_result_steps_factors_and_where_to_print(
    widget: Widget, house: House, estimate: dict[str, Any]
) -> None:
    asked(widget, house, states.estimate(estimate))
    card = widget.panel.get_by_label("削減量の見込み")
    expect(card.locator(".result")).to_have_text("63 t-CO2")
    card.get_by_text("計算の式を見る").click()
    expect(card).to_contain_text("190,000 × 0.42 ÷ 1000")
    card.get_by_text("使った係数と出典").click()
    expect(card).to_contain_text("電気事業低炭素社会協議会")
    assert card.get_by_role("link").get_attribute("href") == f"{house.url}/cases/x"


def test_the_verdict_says_it_in_words_with_rules_sources_and_things_to_do(
    widget: Widget, house: House, estimate: dict[str, Any]
) -> None:
    asked(widget, house, states.verdict(estimate, "unlikely"))
    card = widget.panel.get_by_label("判定", exact=True)
    for words in ("対象外の見込み", "規則 C02", "参考", "検収書", "削減量の見込み"):
        expect(card).to_contain_text(words)


def test_the_booking_shows_weekday_state_and_links(widget: Widget, house: House) -> None:
    asked(widget, house, states.booking())
    card = widget.panel.get_by_label("相談の予約")
    expect(card).to_contain_text("2026年11月25日(水) 14:00〜15:00")
    expect(card).to_contain_text("Web会議")
    manage, calendar = (link.get_attribute("href") or "" for link in card.get_by_role("link").all())
    assert manage.startswith(f"{house.url}/bookings/")
    assert calendar == f"{manage}.ics"

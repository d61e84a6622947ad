"""The switch for やさしい日本語: from the answer's file to the window."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from actions import reply
from knowledge.loader import load
from tests.widget.conftest import House
from tests.widget.widget_page import Widget

LEAST_ANSWERS = 40


def test_at_least_forty_answers_have_a_plain_text() -> None:
    assert sum(bool(answer.plain) for answer in load().answers.values()) >= LEAST_ANSWERS


def test_the_short_answer_carries_its_plain_text_and_the_long_one_does_not() -> None:
    known = load()
    found = known.answers["scheme.overview"]
    assert reply.answer(known, found)["plain_text"] == found.plain
    assert "plain_text" not in reply.answer(known, found, detail=True)


@pytest.mark.browser
def test_the_switch_changes_old_and_new_answers_and_is_forgotten_with_the_page(widget: Widget, house: House) -> None:
    known = load()
    found = known.answers["scheme.overview"]
    house.rasa.always([reply.answer(known, found)])
    widget.open()
    text = widget.say("制度とは").locator(".text")
    expect(text).to_have_text(found.text)
    switch = widget.button("やさしい日本語")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(text).to_have_text(found.plain or "")
    expect(widget.say("もう一度").locator(".text")).to_have_text(found.plain or "")
    switch.click()
    expect(text).to_have_text(found.text)
    switch.click()
    widget.page.reload()
    again = Widget(widget.page).open()
    expect(again.button("やさしい日本語")).to_have_attribute("aria-pressed", "false")
    expect(again.replies.last.locator(".text")).to_have_text(found.text)

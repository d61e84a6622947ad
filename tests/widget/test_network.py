from __future__ import annotations

import random
import time
from typing import Any

import httpx
import pytest
from playwright.sync_api import Route, expect

from actions import reply
from tests.soak import count
from tests.widget.conftest import House
from tests.widget.widget_page import Widget

pytestmark = pytest.mark.browser
STARTING = '{"error": {"code": "starting", "message": "準備中です。"}}'


def history(widget: Widget, house: House) -> list[dict[str, Any]]:
    """The conversation as the server has it."""
    saved = widget.page.evaluate("JSON.parse(localStorage['jcredit-assistant'])")
    headers = {"Authorization": f"Bearer {saved['token']}"}
    answer = httpx.get(f"{house.url}/api/conversations/{saved['id']}/messages", headers=headers)
    return list(answer.raise_for_status().json()["messages"])


def test_not_ready_is_said_and_the_message_is_sent_later_by_itself(widget: Widget) -> None:
    widget.open()
    refusals = 2

    def refuse(route: Route) -> None:
        nonlocal refusals
        if route.request.method != "POST" or refusals == 0:
            route.fallback()
            return
        refusals -= 1
        route.fulfill(status=503, headers={"Retry-After": "1"}, content_type="application/json", body=STARTING)

    widget.page.route("**/messages*", refuse)
    widget.input.fill("準備中でも送る")
    widget.input.press("Enter")
    expect(widget.state).to_contain_text("準備中です。整いしだい、自動で続けます。")
    expect(widget.log).to_contain_text("「準備中でも送る」ですね。")
    expect(widget.state).to_be_empty()


def test_while_rasa_loads_the_api_says_starting_and_the_widget_goes_on_by_itself(widget: Widget, house: House) -> None:
    chat = house.app.state.chat
    chat._was_ready, house.rasa.ready = False, False
    refused = httpx.post(f"{house.url}/api/conversations")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "starting")
    assert int(refused.headers["retry-after"]) > 0
    widget.launcher.click()
    expect(widget.state).to_contain_text("準備中です。整いしだい、自動で続けます。")
    house.rasa.ready = True
    expect(widget.replies.first).to_be_visible(timeout=20_000)
    expect(widget.state).to_be_empty()


def test_a_server_that_is_away_is_said_and_coming_back_is_enough(widget: Widget, house: House) -> None:
    widget.open()
    widget.page.route("**/api/**", lambda route: route.abort("connectionrefused"))
    widget.input.fill("一つ目")
    widget.input.press("Enter")
    expect(widget.state).to_contain_text("サーバーにつながりません")
    widget.input.fill("二つ目")
    widget.input.press("Enter")
    expect(widget.own).to_have_count(2)
    widget.page.unroute("**/api/**")
    widget.button("今すぐ試す").click()
    expect(widget.log).to_contain_text("「二つ目」ですね。")
    expect(widget.state).to_be_empty()
    assert [turn["text"] for turn in house.rasa.turns] == ["一つ目", "二つ目"]


def test_a_server_that_is_away_at_the_first_opening_is_said_too(widget: Widget) -> None:
    widget.page.route("**/api/**", lambda route: route.abort("connectionrefused"))
    widget.launcher.click()
    expect(widget.state).to_contain_text("サーバーにつながりません")
    widget.input.fill("先に書いた質問")
    widget.input.press("Enter")
    widget.page.unroute("**/api/**")
    widget.button("今すぐ試す").click()
    expect(widget.log).to_contain_text("「先に書いた質問」ですね。")
    texts = widget.messages.all_inner_texts()
    assert [("こんにちは" in text, "先に書いた質問" in text) for text in texts] == [
        (True, False),
        (False, True),
        (False, True),
    ]


def test_too_many_waits_as_long_as_the_server_says(widget: Widget) -> None:
    widget.open()
    sent: list[float] = []

    def limit(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        sent.append(time.monotonic())
        if len(sent) > 1:
            route.fallback()
            return
        body = '{"error": {"code": "too_many", "message": "2秒ほど待ってください。"}}'
        route.fulfill(status=429, headers={"Retry-After": "2"}, content_type="application/json", body=body)

    widget.page.route("**/messages*", limit)
    widget.input.fill("速い質問")
    widget.input.press("Enter")
    expect(widget.state).to_contain_text("2秒ほど待ってください")
    expect(widget.log).to_contain_text("「速い質問」ですね。")
    assert sent[1] - sent[0] >= 1.9


def test_a_message_that_is_refused_says_why_and_goes_back_into_the_input(widget: Widget) -> None:
    widget.open()
    widget.input.fill("使えない\u0000文字")
    widget.input.press("Enter")
    expect(widget.own.last).to_contain_text("送れませんでした")
    expect(widget.own.last).to_contain_text("使えない文字が入っています")
    assert "使えない" in widget.input.input_value()
    widget.input.fill("こんどは普通")
    widget.input.press("Enter")
    expect(widget.log).to_contain_text("「こんどは普通」ですね。")


def test_a_slow_answer_is_announced(widget: Widget, house: House) -> None:
    widget.open()

    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            time.sleep(1)
        route.fallback()

    widget.page.route("**/messages*", slowly)
    widget.input.fill("ゆっくり")
    widget.input.press("Enter")
    expect(widget.state).to_contain_text("回答を準備しています")
    expect(widget.log).to_contain_text("「ゆっくり」ですね。")
    expect(widget.state).to_be_empty()


def test_a_message_of_the_staff_arrives_within_two_seconds(widget: Widget, house: House) -> None:
    widget.open()
    widget.say("担当者をお願いします")
    conversation = widget.page.evaluate("JSON.parse(localStorage['jcredit-assistant']).id")
    chat = house.app.state.chat
    said = {"role": "staff", **reply.message("answer", "担当の山田です。")}
    with chat.database.write() as session:
        from api.chat import repository

        repository.add_message(session, conversation, said)
    expect(widget.log).to_contain_text("担当の山田です。", timeout=2000)


def test_a_closed_widget_says_that_an_answer_came(widget: Widget) -> None:
    widget.open()

    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            time.sleep(0.5)
        route.fallback()

    widget.page.route("**/messages*", slowly)
    widget.input.fill("閉じて待つ")
    widget.input.press("Enter")
    widget.page.keyboard.press("Escape")
    expect(widget.launcher).to_contain_text("新しい返事があります")
    widget.open()
    expect(widget.launcher).not_to_contain_text("新しい返事があります")


def test_two_windows_of_one_conversation_show_the_same(widget: Widget, house: House) -> None:
    widget.open()
    widget.say("一枚目から")
    second = Widget(widget.page.context.new_page())
    second.page.goto(house.url)
    second.open()
    expect(second.own).to_have_count(1)
    second.say("二枚目から")
    expect(widget.own).to_have_count(2)
    expect(widget.messages).to_have_count(5)


def test_a_flaky_network_sends_nothing_twice_and_loses_nothing(widget: Widget, house: House) -> None:
    """10 % of the requests are dropped, half before and half after the server worked; some are late."""
    turns = count(40, 200)
    late = 0.3 if turns < 200 else 3.0
    dice = random.Random(8)
    widget.open()

    def flaky(route: Route) -> None:
        luck = dice.random()
        if luck < 0.05:
            route.abort("connectionreset")
        elif luck < 0.10:
            route.fetch()
            route.abort("connectionreset")
        else:
            if luck < 0.15:
                time.sleep(late)
            route.fallback()

    widget.page.route(
        "**/messages*", lambda route: flaky(route) if route.request.method == "POST" else route.fallback()
    )
    texts = [f"質問{i}" for i in range(turns)]
    widget.page.evaluate("texts => texts.forEach(text => JCreditAssistant.ask(text))", texts)
    expect(widget.replies).to_have_count(turns + 1, timeout=240_000)
    stored = history(widget, house)
    assert [message["text"] for message in stored if message["role"] == "user"] == texts
    assert [turn["text"] for turn in house.rasa.turns] == texts
    answers = [message["text"] for message in stored if message["role"] == "bot"][1:]
    assert answers == [f"「{text}」ですね。" for text in texts]
    assert widget.own.locator(".text").all_inner_texts() == texts

"""The neutral reply on Slack: everything is shown, nothing becomes markup, no limit is passed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ContextBlock, HeaderBlock, Option, SectionBlock

from api.channels.slack import limits
from api.channels.slack.render import SEND, Renderer
from api.chat.contract import Choice, Message
from tests.api.channels.slack.stand_in import wrongs

SDK = {
    "BLOCK_TEXT": SectionBlock.text_max_length,
    "HEADER": HeaderBlock.text_max_length,
    "BUTTONS": ActionsBlock.elements_max_length,
    "BUTTON_TEXT": ButtonElement.text_max_length,
    "BUTTON_VALUE": ButtonElement.value_max_length,
    "URL": ButtonElement.url_max_length,
    "OPTION_TEXT": Option.label_max_length,
    "OPTION_VALUE": Option.value_max_length,
    "CONTEXT": ContextBlock.elements_max_length,
    "ID": Block.block_id_max_length,
}
BASE = "https://soudan.example.jp"
TRICKS = "*太字* _斜体_ ~消す~ `code` <!channel> <!here> <@U0PERSON> <https://evil.example|公式> &amp; > 引用 :smile: @everyone"


def message(text: str = "はい。", **parts: Any) -> Message:
    choices = [Choice(id=f"{i:032x}", label=label) for i, label in enumerate(parts.pop("labels", []))]
    given: dict[str, Any] = {
        "id": "ab" * 16,
        "role": "bot",
        "kind": "answer",
        "created_at": "2026-11-25T10:00:00+09:00",
    }
    return Message(**given | {"text": text, "choices": choices} | parts)


def shown(posts: list[dict[str, Any]], kind: str = "text") -> str:
    """All words of rich text elements of one kind."""

    def walk(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["text"]] if value.get("type") == kind and isinstance(value.get("text"), str) else []
            return own + [word for inner in value.values() for word in walk(inner)]
        return [word for inner in value for word in walk(inner)] if isinstance(value, list) else []

    return "".join(walk([post["blocks"] for post in posts]))


def accepted(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert [wrong for post in posts for wrong in wrongs(post)] == []
    return posts


@pytest.mark.parametrize("name", SDK)
def test_our_limits_are_those_of_the_official_sdk(name: str) -> None:
    assert getattr(limits, name) == SDK[name]


def test_markup_and_mentions_in_words_stay_words() -> None:
    source = {"title": TRICKS, "url": "https://example.jp/?a=1&b=<2>|3", "as_of": "2025-03-01", "status": "verified"}
    posts = accepted(Renderer(BASE).render(message(TRICKS, sources=[source], labels=[TRICKS])))
    assert shown(posts) + shown(posts, "link") != ""
    assert "*太字* _斜体_ ~消す~ `code` <!channel> <!here> <@U0PERSON>" in shown(posts)
    context = next(block for block in posts[0]["blocks"] if block["type"] == "context")["elements"][0]
    assert context["verbatim"] is True
    assert context["text"].startswith(
        "出典：<https://example.jp/?a=1&amp;b=%3C2%3E%7C3|＊太字＊ ＿斜体＿ ～消す～ ｀code｀ &lt;!channel&gt;"
    )
    assert "<!" not in posts[0]["text"]
    assert "<@" not in posts[0]["text"]
    assert "*" not in posts[0]["text"]


def test_addresses_in_words_can_be_opened_and_only_those_of_the_web() -> None:
    posts = accepted(Renderer(BASE).render(message("公式サイト https://japancredit.go.jp です。javascript:alert(1)")))
    assert shown(posts, "link") == "https://japancredit.go.jp"
    assert "javascript:alert(1)" in shown(posts)


def test_long_words_are_cut_at_sentences_and_none_is_lost() -> None:
    sentence = "これは長い説明の一文です。" * 20 + "\n"
    posts = accepted(Renderer(BASE).render(message(sentence * 100)))
    assert len(posts) > 1
    assert shown(posts).replace("\n", "") == sentence.replace("\n", "") * 100
    first = posts[0]["blocks"][0]["elements"][0]["elements"][0]["text"]
    assert first.endswith("。")
    assert limits.units(first) <= limits.BLOCK_TEXT


def test_more_buttons_than_a_block_holds_go_on_in_the_next_and_long_labels_are_written_out() -> None:
    labels = [f"選択肢{i}" for i in range(27)] + ["とても長い選択肢" * 12]
    posts = accepted(Renderer(BASE).render(message(labels=labels, kind="clarify")))
    actions = [block for block in posts[0]["blocks"] if block["type"] == "actions"]
    assert [len(block["elements"]) for block in actions] == [25, 3]
    assert "とても長い選択肢" * 12 in shown(posts)
    assert actions[1]["elements"][-1]["text"]["text"].endswith("…")


def test_checks_are_boxes_with_one_button_to_send_them() -> None:
    labels = [f"項目{i}" for i in range(12)] + ["どれにも当てはまらない"]
    ask = {"field": "C02", "type": "checks", "optional": False}
    posts = accepted(Renderer(BASE).render(message(labels=labels, kind="question", ask=ask)))
    (actions,) = (block for block in posts[0]["blocks"] if block["type"] == "actions")
    assert [len(e.get("options", [])) for e in actions["elements"]] == [10, 3, 0]
    assert actions["elements"][-1]["action_id"] == SEND
    assert actions["elements"][-1]["text"]["text"] == "送信"


def test_a_pressed_message_keeps_its_words_and_loses_its_buttons() -> None:
    renderer = Renderer(BASE)
    (post,) = renderer.render(message(labels=["はい", "いいえ"]))
    after = renderer.pressed(post["blocks"], "*はい*")
    assert [block["type"] for block in after] == ["rich_text", "context"]
    assert after[-1]["elements"][0]["text"] == "選んだもの：＊はい＊"
    accepted([{"text": post["text"], "blocks": after}])


def test_the_staff_is_named_before_its_words() -> None:
    (post,) = accepted(Renderer(BASE).render(message("担当の佐藤です。", role="staff", kind="answer")))
    assert post["blocks"][0]["elements"][0]["text"] == "担当者より"


def test_several_messages_go_together_where_posts_are_few() -> None:
    (post,) = accepted(
        Renderer(BASE).together([message("一つ目です。"), message("二つ目です。", id="cd" * 16, labels=["はい"])])
    )
    assert shown([post]) == "一つ目です。二つ目です。"
    assert post["text"] == "一つ目です。\n二つ目です。"


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=400)


@settings(max_examples=60, deadline=None)
@given(
    text=WORDS.map(lambda t: t * 20),
    labels=st.lists(WORDS, max_size=30, unique=True),
    titles=st.lists(WORDS, max_size=12),
    checks=st.booleans(),
)
def test_whatever_the_words_are_slack_takes_them(text: str, labels: list[str], titles: list[str], checks: bool) -> None:
    sources = [{"title": title, "url": "https://example.jp/a", "status": "reference"} for title in titles]
    ask = {"field": "C02", "type": "checks"} if checks else None
    posts = accepted(Renderer(BASE).render(message(text, labels=labels, sources=sources, ask=ask)))
    assert json.loads(json.dumps(posts)) == posts


@pytest.mark.parametrize("status", ["held", "confirmed", "cancelled"])
def test_a_booking_shows_when_how_and_where_to_change_it(status: str) -> None:
    card = {
        "type": "booking",
        "booking_id": "b" * 32,
        "status": status,
        "start": "2026-12-01T10:00:00+09:00",
        "end": "2026-12-01T11:00:00+09:00",
        "kind": "web",
        "manage_url": f"{BASE}/bookings/x",
        "ics_url": f"{BASE}/bookings/x.ics",
    }
    posts = accepted(Renderer(BASE).render(message(card=card, kind="booking")))
    assert "2026年12月1日(火) 10:00〜11:00" in shown(posts)
    assert ("カレンダーに追加" in shown(posts, "link")) is (status != "cancelled")


def test_an_unknown_card_is_left_out_and_its_words_are_said() -> None:
    posts = accepted(Renderer(BASE).render(message("新しい種類です。", card={"type": "later"})))
    assert shown(posts) == "新しい種類です。"

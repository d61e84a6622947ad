"""What counts as said to us, where the answer belongs, and what gets no answer."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk.signature import Clock

from api.channels.events import Event
from api.channels.slack.normalise import Place, from_command, from_event, from_press, plain
from api.channels.slack.shapes import Callback, Command, Pressed
from api.channels.slack.verification import Verification
from core.errors import Unauthorized
from tests.api.channels.slack.payloads import (
    BOT_USER,
    CHANNEL,
    DIRECT,
    PERSON,
    SECRET,
    TEAM,
    callback,
    direct,
    mention,
    press,
    signed,
)


def heard(event: dict[str, Any]) -> Event | None:
    return from_event(Callback.model_validate(callback(event)))


def test_a_mention_starts_a_thread_and_its_name_is_not_part_of_the_words() -> None:
    found = heard(mention("制度とは？", ts="1700000000.000100"))
    assert found is not None
    assert (found.text, Place.of(found.thread)) == ("制度とは？", Place(TEAM, CHANNEL, "1700000000.000100"))


def test_a_mention_in_a_thread_belongs_to_that_thread() -> None:
    found = heard(mention("費用は？", thread_ts="1700000000.000100"))
    assert found is not None
    assert Place.of(found.thread).thread == "1700000000.000100"


def test_direct_messages_are_one_conversation_and_their_threads_are_others() -> None:
    first, second, inside = heard(direct("a")), heard(direct("b")), heard(direct("c", thread_ts="1700000000.000100"))
    assert first is not None
    assert second is not None
    assert inside is not None
    assert first.thread == second.thread == Place(TEAM, DIRECT).key
    assert inside.thread != first.thread


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER1"},
        {"bot_profile": {"id": "B0OTHER1"}},
        {"subtype": "bot_message"},
        {"subtype": "message_changed", "message": {"text": "x"}},
        {"subtype": "channel_join"},
        {"subtype": "assistant_app_thread"},
        {"user": BOT_USER},
        {"user": None},
    ],
)
@pytest.mark.parametrize("kind", [mention, direct])
def test_bots_and_changes_get_no_answer(kind: Any, more: dict[str, Any]) -> None:
    assert heard(kind("こんにちは", **more)) is None


@pytest.mark.parametrize(
    "event",
    [
        direct("x", channel_type="channel"),
        direct("x", channel_type="mpim"),
        {"type": "reaction_added", "user": PERSON, "item": {"type": "message"}, "reaction": "thumbsup"},
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}},
        {"type": "channel_rename", "channel": {"id": CHANNEL, "name": "new"}},
        {"type": "team_join", "user": {"id": PERSON}},
    ],
)
def test_other_events_get_no_answer(event: dict[str, Any]) -> None:
    assert heard(event) is None


def test_a_file_without_words_is_heard_as_such() -> None:
    found = heard(direct("", subtype="file_share", files=[{"id": "F1"}]))
    assert found is not None
    assert found.kind == "other"


def test_a_file_with_words_is_heard_as_words_and_a_bare_mention_as_a_greeting() -> None:
    with_words, bare = heard(direct("これは？", subtype="file_share", files=[{"id": "F1"}])), heard(mention(""))
    assert with_words is not None
    assert bare is not None
    assert (with_words.kind, with_words.text) == ("text", "これは？")
    assert (bare.kind, bare.text) == ("text", "こんにちは")


def test_a_direct_message_that_is_deleted_is_unsaid_and_one_of_a_channel_is_not_ours() -> None:
    said = heard(direct("秘密です", ts="1700000000.000100"))
    gone = direct("", subtype="message_deleted", deleted_ts="1700000000.000100", previous_message={"text": "秘密です"})
    found = heard(gone)
    assert said is not None
    assert found is not None
    assert (found.kind, found.thread, found.message_id) == ("unsend", said.thread, said.message_id)
    assert heard(gone | {"channel_type": "channel"}) is None


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("<https://example.jp/?a=1&amp;b=2>", "https://example.jp/?a=1&b=2"),
        ("<http://example.jp|example.jp> を見ました", "example.jp を見ました"),
        ("<mailto:a@example.jp|a@example.jp>", "a@example.jp"),
        ("<#C123|general> で <@U999|taro> が <!here> と", "#general で @taro が @here と"),
        (f"<@{BOT_USER}>", ""),
    ],
)
def test_slacks_markup_is_read_as_people_see_it(sent: str, read: str) -> None:
    assert plain(sent, {BOT_USER}) == read


def test_a_button_belongs_to_the_thread_that_it_stands_in() -> None:
    action = {"type": "button", "action_id": "choose:0", "block_id": "m:0", "value": "c1"}
    found = from_press(Pressed.model_validate(press(action, thread="1700000000.000100")))
    assert found is not None
    assert (found.choice_ids, Place.of(found.thread)) == (["c1"], Place(TEAM, CHANNEL, "1700000000.000100"))


def test_boxes_are_heard_when_they_are_sent_and_not_when_they_are_ticked() -> None:
    state = {
        "m:boxes": {
            "tick:0": {"type": "checkboxes", "selected_options": [{"value": "c1"}, {"value": "c2"}]},
            "tick:1": {"type": "checkboxes", "selected_options": [{"value": "c9"}]},
        }
    }
    tick = {"type": "checkboxes", "action_id": "tick:0", "block_id": "m:boxes", "selected_options": []}
    send = {"type": "button", "action_id": "send", "block_id": "m:boxes", "value": "m"}
    assert from_press(Pressed.model_validate(press(tick, state=state))) is None
    found = from_press(Pressed.model_validate(press(send, state=state, channel=DIRECT)))
    assert found is not None
    assert (found.choice_ids, Place.of(found.thread)) == (["c1", "c2", "c9"], Place(TEAM, DIRECT))


def test_a_slash_command_is_one_persons_own_conversation() -> None:
    ours = {
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "user_id": PERSON,
        "trigger_id": "1.2.3",
        "response_url": "https://x",
    }
    found = from_command(Command.model_validate(ours | {"text": "制度とは &amp; 何"}))
    assert found is not None
    assert (found.text, Place.of(found.thread).user) == ("制度とは & 何", PERSON)
    assert found.route["response_url"] == "https://x"
    assert from_command(Command.model_validate(ours | {"text": " "})) is None


@pytest.mark.parametrize("place", [Place(TEAM, DIRECT), Place(TEAM, CHANNEL, "1.2"), Place(TEAM, CHANNEL, user=PERSON)])
def test_a_place_is_found_again_from_its_key(place: Place) -> None:
    assert Place.of(place.key) == place


class At(Clock):
    def __init__(self, moment: float) -> None:
        self.moment = moment

    def now(self) -> float:
        return self.moment


@pytest.mark.parametrize("age", [0, 299, -299])
def test_a_signature_holds_for_five_minutes(age: int) -> None:
    Verification(SecretStr(SECRET), At(1_700_000_000 + age)).check(b"{}", signed(b"{}", at=1_700_000_000))


@pytest.mark.parametrize(
    ("age", "change"),
    [
        (301, {}),
        (-301, {}),
        (0, {"X-Slack-Signature": "v0=" + "0" * 64}),
        (0, {"X-Slack-Signature": "v0=é"}),
        (0, {"X-Slack-Signature": None}),
        (0, {"X-Slack-Request-Timestamp": None}),
        (0, {"X-Slack-Request-Timestamp": "yesterday"}),
        (0, {"X-Slack-Request-Timestamp": "nan"}),
        (0, {"X-Slack-Request-Timestamp": "9" * 5000}),
    ],
)
def test_wrong_stale_and_broken_signatures_are_refused(age: int, change: dict[str, str | None]) -> None:
    headers = {name: value for name, value in (signed(b"{}", at=1_700_000_000) | change).items() if value is not None}
    with pytest.raises(Unauthorized):
        Verification(SecretStr(SECRET), At(1_700_000_000 + age)).check(b"{}", headers)


def test_another_body_and_another_secret_and_broken_bytes_are_refused() -> None:
    check = Verification(SecretStr(SECRET), At(1_700_000_000)).check
    for body, headers in (
        (b"{ }", signed(b"{}", at=1_700_000_000)),
        (b"{}", signed(b"{}", at=1_700_000_000, secret="another")),
        (b"\xff\xfe", signed(b"{}", at=1_700_000_000)),
    ):
        with pytest.raises(Unauthorized):
            check(body, headers)

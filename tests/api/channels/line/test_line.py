"""LINE's deliveries, signed and sent to the running service, and what LINE gets back."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from fastapi.testclient import TestClient
from linebot.v3.webhook import SignatureValidator

from api.app import create_app
from api.channels import outgoing
from api.channels.models import Thread
from api.chat import repository
from api.db.models import Base, Conversation
from core.clock import utc_now
from core.settings import Settings
from tests.api.bookings.visitor import Visitor
from tests.api.channels.line.conftest import RunningLine
from tests.api.channels.line.friends import Friends
from tests.api.channels.line.payloads import (
    GROUP,
    PERSON,
    body_of,
    event,
    group,
    image,
    mentioned,
    postback,
    redelivered,
    signed,
    sticker,
    text,
    user,
)
from tests.api.conftest import ScriptedRasa, Talk, said
from tests.soak import count

Eventually = Callable[..., None]
CHOICES = [
    {"label": "はい", "ref": {"type": "field", "field": "C01", "value": "yes"}},
    {"label": "いいえ", "ref": {"type": "field", "field": "C01", "value": "no"}},
]
ANSWER = "はい、そうです。"


@pytest.fixture
def say(friends: Friends, eventually: Eventually) -> Callable[..., None]:
    """Delivers events and waits until nothing is left to do."""

    def deliver(*events: dict[str, Any]) -> None:
        friends.deliver(*events)
        eventually(friends.is_idle)

    return deliver


def threads(friends: Friends) -> list[Thread]:
    with friends.database.read() as session:
        return list(session.scalars(sa.select(Thread)))


def test_the_signature_is_the_official_one() -> None:
    assert SignatureValidator("channel_secret").validate(
        "bodybodybodybody", "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="
    )
    body = body_of(text("こんにちは"))
    assert SignatureValidator("s").validate(body.decode(), signed(body, "s")["X-Line-Signature"])


def test_a_message_is_answered_with_its_reply_token_after_the_loading_animation(
    line: RunningLine, friends: Friends, say: Callable[..., None]
) -> None:
    asked = text("制度とは？")
    say(asked)
    assert [(where, message["text"]) for where, message in line.said] == [(asked["replyToken"], ANSWER)]
    assert line.calls == ["loading", "reply"]
    assert friends.turns() == ["制度とは？"]


def test_an_old_reply_token_gives_way_to_a_push(
    line: RunningLine, friends: Friends, say: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.channels.line.channel.REPLY_TOKEN_LIVES", timedelta(seconds=-1))
    say(text("遅くなった質問"))
    assert [where for where, _ in line.said] == [PERSON]


def test_a_used_reply_token_gives_way_to_a_push(line: RunningLine, say: Callable[..., None]) -> None:
    asked = text("質問")
    line.used_tokens.add(asked["replyToken"])
    say(asked)
    assert [where for where, _ in line.said] == [PERSON]


def test_a_button_is_a_quick_reply_and_its_postback_is_that_choice(
    line: RunningLine, rasa: ScriptedRasa, friends: Friends, say: Callable[..., None]
) -> None:
    rasa.messages = [said("question", "国内ですか。", choices=CHOICES, ask={"field": "C01", "type": "choice"})]
    say(text("調べたい"))
    (first, _) = [item["action"] for item in line.said[0][1]["quickReply"]["items"]]
    assert (first["type"], first["label"], first["displayText"]) == ("postback", "はい", "はい")
    say(postback(first["data"]))
    assert friends.turns() == ["調べたい", "はい"]
    assert len(line.said) == 2


def test_what_is_no_text_is_declined_kindly(line: RunningLine, rasa: ScriptedRasa, say: Callable[..., None]) -> None:
    say(sticker(), image())
    assert len(line.said) == 2
    assert all("文字の" in words for words in line.texts())
    assert rasa.sent == []


def test_a_new_friend_is_greeted_and_may_choose_what_leaving_means(
    line: RunningLine, friends: Friends, say: Callable[..., None]
) -> None:
    say(event("follow", follow={"isUnblocked": False}))
    assert line.texts()[0].startswith("友だち追加ありがとうございます")
    erase, keep = [item["action"]["data"] for item in line.said[-1][1]["quickReply"]["items"]]
    say(postback(erase))
    assert "すべて消します" in line.texts()[-1]
    assert threads(friends)[0].erase_on_leaving
    say(postback(keep))
    assert "残します" in line.texts()[-1]
    assert not threads(friends)[0].erase_on_leaving


def test_who_leaves_gets_nothing_more_and_is_welcomed_when_back(
    line: RunningLine, friends: Friends, say: Callable[..., None]
) -> None:
    say(text("制度とは？"))
    say(event("unfollow"))
    post(friends, "担当者です。")
    assert len(line.said) == 1
    assert friends.turns() == ["制度とは？"], "leaving stops; erasing is the person's choice"
    say(event("follow", follow={"isUnblocked": True}))
    assert line.texts()[1].startswith("おかえりなさい")


def test_who_chose_so_is_erased_on_leaving(
    line: RunningLine, friends: Friends, rasa: ScriptedRasa, say: Callable[..., None]
) -> None:
    say(text("ひみつの質問"), postback("leave:erase"))
    say(event("unfollow"))
    assert friends.turns() == []
    assert friends.said_by("bot") == []
    assert len(rasa.forgotten) == 1


def test_a_group_is_greeted_and_answered_only_when_the_assistant_is_called(
    line: RunningLine, friends: Friends, rasa: ScriptedRasa, say: Callable[..., None]
) -> None:
    say(event("join", group()))
    joined = event("memberJoined", group(), joined={"members": [user("U" + "3" * 32)]})
    say(joined)
    greeted = len(line.said)
    assert greeted == 2
    say(text("みんなの話", group()), mentioned("ほかの人へ", is_self=False), sticker(group()))
    assert len(line.said) == greeted
    assert rasa.sent == []
    say(mentioned("制度とは？"))
    assert friends.turns() == ["制度とは？"]
    assert "loading" not in line.calls, "the animation is for talks of two"


def test_after_leaving_a_group_nothing_is_sent_there(
    line: RunningLine, friends: Friends, say: Callable[..., None]
) -> None:
    say(mentioned("制度とは？"))
    say(event("leave", {"type": "group", "groupId": GROUP}))
    post(friends, "担当者です。")
    assert len(line.said) == 1


def test_withdrawn_words_are_taken_back(friends: Friends, say: Callable[..., None]) -> None:
    asked = text("まちがえて送ったこと")
    say(asked)
    say(event("unsend", unsend={"messageId": asked["message"]["id"]}))
    assert "まちがえて" not in "".join([*friends.turns(), *friends.said_by("user")])


@pytest.mark.parametrize(
    "other",
    [
        text("待機中") | {"mode": "standby"},
        event("accountLink", link={"result": "ok", "nonce": "n"}),
        event("beacon", beacon={"hwid": "d41d8cd98f", "type": "enter"}),
        event("videoPlayComplete", videoPlayComplete={"trackingId": "t"}),
        event("brandNewKind"),
        postback("something of another program"),
    ],
    ids=lambda one: f"{one['type']}-{one['mode']}",
)
def test_what_is_not_for_us_is_taken_in_silence(
    line: RunningLine, rasa: ScriptedRasa, say: Callable[..., None], other: dict[str, Any]
) -> None:
    say(other)
    assert (line.calls, rasa.sent) == ([], [])


def test_the_same_event_five_times_is_answered_once(
    line: RunningLine, friends: Friends, say: Callable[..., None]
) -> None:
    asked = text("一度だけ")
    friends.deliver(asked)
    for _ in range(5):
        friends.deliver(redelivered(asked))
    say(redelivered(asked))
    assert (friends.turns(), line.texts()) == (["一度だけ"], [ANSWER])


def test_twenty_deliveries_at_once_and_out_of_order_give_one_turn_each(
    line: RunningLine, friends: Friends, eventually: Eventually
) -> None:
    for _ in range(count(1, 20)):
        line.said.clear()
        before = len(friends.turns())
        asked = [text(f"質問{number}") for number in range(4)]
        copies = asked * 5
        random.Random(9).shuffle(copies)
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(friends.deliver, copies))
        eventually(friends.is_idle)
        assert sorted(friends.turns()[before:]) == [f"質問{number}" for number in range(4)]
        assert sorted(where for where, _ in line.said) == sorted(one["replyToken"] for one in asked)


def test_different_people_are_answered_side_by_side(
    line: RunningLine, rasa: ScriptedRasa, friends: Friends, say: Callable[..., None]
) -> None:
    rasa.seconds = 0.3
    say(*[text(f"質問{number}", user(f"U{number:032x}")) for number in range(6)])
    assert len(line.said) == 6
    assert rasa.most_busy > 1


def test_wrong_signatures_and_large_or_strange_bodies_are_refused_and_logged_without_text(
    line: RunningLine, friends: Friends
) -> None:
    words = "ひみつのことば"
    body, large = body_of(text(words)), body_of(text(words * 120_000))
    strange = words.encode()
    assert len(large) > 2_000_000
    with structlog.testing.capture_logs() as logs:
        assert friends.raw(body, signed(body, "another secret")).status_code == 401
        assert friends.raw(body, {"Content-Type": "application/json"}).status_code == 401
        assert friends.raw(body + b" ", signed(body)).status_code == 401
        assert friends.raw(body, signed(body) | {"X-Line-Signature": "?"}).status_code == 401
        assert friends.raw(large, signed(large)).status_code == 413
        for odd in (strange, b"[]", b'{"events":1}', b"\xff"):
            assert friends.raw(odd, signed(odd)).status_code in (401, 422), odd
        for event_of_no_kind in (b'{"events":[1]}', b'{"events":[{"type":"message"}]}'):
            assert friends.raw(event_of_no_kind, signed(event_of_no_kind)).status_code == 200
    assert [log["event"] for log in logs].count("line_signature_refused") >= 4
    assert "line_body_too_large" in [log["event"] for log in logs]
    assert words not in repr(logs)
    assert (friends.turns(), line.calls) == ([], [])


def test_the_check_button_of_the_console_without_events_is_answered(friends: Friends) -> None:
    body = body_of()
    assert friends.raw(body, signed(body)).status_code == 200


def test_without_settings_the_door_says_what_is_missing(tmp_path: Any) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    Base.metadata.create_all(app.state.database.engine)
    with TestClient(app) as client:
        answer = client.post("/channels/line/webhook", content=b"{}")
    assert answer.status_code == 404
    assert "docs/line.md" in answer.json()["error"]["message"]


@pytest.mark.parametrize("status", [429, 500])
def test_an_outage_loses_nothing_and_keeps_the_order(
    line: RunningLine, friends: Friends, eventually: Eventually, status: int
) -> None:
    line.fail_with, line.fail_until = status, time.monotonic() + count(2, 60)
    asked = [text(f"質問{number}") for number in range(5)]
    friends.deliver(*asked)
    eventually(lambda: len(friends.turns()) == 5)
    eventually(friends.is_idle, 180)
    assert [where for where, _ in line.said if where != PERSON] == [
        one["replyToken"] for one in asked if one["replyToken"] in line.used_tokens
    ]
    assert len(line.said) == 5
    assert line.calls.count("reply") + line.calls.count("push") > 5, "some were refused first"
    with friends.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Thread)) == 1


def post(friends: Friends, words: str, role: str = "staff") -> None:
    """What the staff console does."""
    with friends.database.write() as session:
        conversation = session.scalars(sa.select(Conversation)).first()
        if conversation is None:
            return
        stored = repository.add_message(session, conversation.id, {"role": role, **said("answer", words)})
        outgoing.post(session, conversation, [stored.id])


def test_words_of_the_staff_reach_the_person_in_order_and_once(
    line: RunningLine, friends: Friends, say: Callable[..., None], eventually: Eventually
) -> None:
    say(text("担当者と話したい"))
    line.failing += [500, 429]
    for number in range(5):
        post(friends, f"担当者です{number}")
    eventually(friends.is_idle)
    assert line.texts()[1:] == [f"担当者です{number}" for number in range(5)]
    assert {where for where, _ in line.said[1:]} == {PERSON}


def test_a_code_moves_a_conversation_here_once(
    line: RunningLine, rasa: ScriptedRasa, friends: Friends, talk: Talk, say: Callable[..., None]
) -> None:
    rasa.messages = [said("notice", "番号は{code}です。", command={"type": "continue"})]
    told = talk.send(text="続きをLINEで").json()["messages"][0]["text"]
    code = told.removeprefix("番号は").removesuffix("です。")
    rasa.messages = [said()]
    say(text(code.lower().replace("-", "")))
    assert line.texts()[-1].startswith("続きをお話しできます")
    say(text("次の質問"))
    assert rasa.sent[-1]["sender"] == rasa.sent[0]["sender"]
    assert "次の質問" in [message["text"] for message in talk.history().json()["messages"]]
    say(text(code, user("U" + "9" * 32)))
    assert line.texts()[-1].startswith("この番号は使えません")


def test_codes_cannot_be_guessed(line: RunningLine, say: Callable[..., None]) -> None:
    say(*[text(f"ABCD-{number}") for number in ("2222", "2223", "2224", "2225", "2226", "2227", "2228")])
    assert line.texts().count(line.texts()[0]) == 5
    assert all(words.startswith("送信が続いています") for words in line.texts()[5:])


def test_what_happens_to_a_booking_elsewhere_is_told_on_line(
    client: TestClient, line: RunningLine, friends: Friends, say: Callable[..., None], eventually: Eventually
) -> None:
    say(text("予約したい"))
    with friends.database.read() as session:
        conversation_id = session.scalars(sa.select(Conversation.id)).one()
    visitor, today = Visitor(client), utc_now().date()
    first, other = visitor.slots(today.isoformat(), (today + timedelta(days=21)).isoformat())[:2]
    card = visitor.booked(first, conversation_id=conversation_id)
    eventually(lambda: len(line.said) == 2)
    visitor.post(f"{card['path']}/reschedule", {"slot_id": other["id"]})
    eventually(lambda: len(line.said) == 3)
    visitor.post(f"{card['path']}/cancel")
    eventually(lambda: len(line.said) == 4)
    parts = ("承りました", "日時が変わりました", "取り消しました")
    assert all(part in words for part, words in zip(parts, line.texts()[1:], strict=True))
    assert {where for where, _ in line.said[1:]} == {PERSON}

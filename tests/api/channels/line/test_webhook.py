"""LINE's events, delivered signed to the running API; LINE's own API is a stand-in that reads every call."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from linebot.v3.webhook import SignatureValidator

from api.channels import outgoing
from api.channels.models import Arrival, Departure, Thread
from api.chat import repository
from api.chat.codes import make_code
from api.db.models import Conversation, MessageRecord, TurnRecord
from tests.api.channels.conftest import LinePerson, until
from tests.api.channels.standin import LineStandIn
from tests.api.conftest import ScriptedRasa, said

GROUP = {"type": "group", "groupId": "G1", "userId": "U1"}


def stored(app: Any, what: Any) -> Any:
    with app.state.database.read() as session:
        return session.scalar(what)


def turns(app: Any) -> int:
    found: int = stored(app, sa.select(sa.func.count()).select_from(TurnRecord))
    return found


def settled(app: Any) -> bool:
    """Nothing waits in either line."""
    waiting = [
        sa.select(sa.func.count()).select_from(line).where(line.done_at.is_(None)) for line in (Arrival, Departure)
    ]
    return all(stored(app, count) == 0 for count in waiting)


def test_the_signature_is_the_official_one() -> None:
    validator = SignatureValidator("channel_secret")
    assert validator.validate("bodybodybodybody", "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k=")


def test_a_question_is_answered_with_its_reply_token_and_shows_that_it_works(
    app: Any, person: LinePerson, line: LineStandIn
) -> None:
    event = person.text("Ｊ－クレジットって何？")
    assert person.deliver(event).status_code == 200
    until(lambda: bool(line.said))
    assert line.said == [(event["replyToken"], {"type": "text", "text": "はい、そうです。"})]
    assert line.calls == ["loading", "reply"]
    assert line.faults == []


def test_the_same_event_five_times_is_one_turn_and_one_reply(app: Any, person: LinePerson, line: LineStandIn) -> None:
    event = person.text("費用は？")
    for number in range(5):
        assert person.deliver(event, again=number > 0).status_code == 200
    until(lambda: settled(app))
    assert (turns(app), len(line.said)) == (1, 1)


def test_twenty_people_at_once_get_one_reply_each(app: Any, line: LineStandIn) -> None:
    people = [LinePerson(app.state.url, f"U{number}") for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda one: one.deliver(one.text(f"質問です {one.user}")), people))
    assert {answer.status_code for answer in answers} == {200}
    until(lambda: settled(app))
    assert (turns(app), len(line.said), line.faults) == (20, 20, [])


def test_twenty_deliveries_at_once_and_out_of_order_are_one_reply_an_event(
    app: Any, person: LinePerson, line: LineStandIn
) -> None:
    events = [person.text(f"質問 {number}") for number in range(4)] * 5
    random.Random(7).shuffle(events)
    with ThreadPoolExecutor(20) as pool:
        assert {answer.status_code for answer in pool.map(person.deliver, events)} == {200}
    until(lambda: settled(app))
    assert (turns(app), len(line.said), line.faults) == (4, 4, [])


def test_messages_of_one_person_are_answered_in_their_order(
    app: Any, person: LinePerson, line: LineStandIn, rasa: ScriptedRasa
) -> None:
    rasa.seconds = 0.02
    person.deliver(*[person.text(f"{number}番目") for number in range(6)])
    until(lambda: settled(app))
    assert [body["text"] for body in rasa.sent] == [f"{number}番目" for number in range(6)]
    assert rasa.most_busy == 1


@pytest.mark.parametrize("signature", ["AAAA", "x"])
def test_a_wrong_signature_is_refused_and_logged_without_text(
    app: Any, person: LinePerson, capsys: pytest.CaptureFixture[str], signature: str
) -> None:
    assert person.deliver(person.text("秘密の相談"), signature=signature).status_code == 401
    assert turns(app) == 0
    told = capsys.readouterr().out
    assert "line_signature_refused" in told
    assert "秘密の相談" not in told


def test_two_megabytes_are_refused(person: LinePerson, capsys: pytest.CaptureFixture[str]) -> None:
    body = json.dumps({"destination": "U", "events": [], "pad": "a" * 2_000_000}).encode()
    assert person.post(body).status_code == 413
    assert "aaaa" not in capsys.readouterr().out


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"events": 3}', '{"events": [{}]}'])
def test_a_signed_body_of_another_shape_is_refused_with_a_reason(person: LinePerson, body: str) -> None:
    answer = person.post(body.encode())
    assert answer.status_code in (401, 422)
    assert answer.json()["error"]["message"]


def test_without_secrets_the_door_says_that_line_is_not_set_up(client: Any) -> None:
    assert client.post("/channels/line/webhook", content=b"{}").status_code == 404


def test_a_button_is_the_persons_choice(app: Any, person: LinePerson, line: LineStandIn, rasa: ScriptedRasa) -> None:
    choices = [{"label": "はい", "ref": {"type": "field", "field": "C02", "value": "yes"}}]
    rasa.messages = [said("question", "国内ですか。", choices=choices, ask={"field": "C02", "type": "choice"})]
    person.deliver(person.text("うちは対象？"))
    until(lambda: bool(line.said))
    action = line.said[0][1]["quickReply"]["items"][0]["action"]
    assert action["displayText"] == "はい"
    rasa.messages = [said(text="次の質問です。")]
    person.deliver(person.event("postback", postback={"data": action["data"]}))
    until(lambda: "次の質問です。" in line.texts())
    assert rasa.sent[-1]["choice"] == {"type": "field", "field": "C02", "value": "yes"}


def test_a_friend_is_greeted_and_told_what_leaving_means(app: Any, person: LinePerson, line: LineStandIn) -> None:
    person.deliver(person.event("follow", follow={"isUnblocked": False}))
    until(lambda: len(line.said) == 2)
    assert line.texts()[0].startswith("友だち追加ありがとうございます。")
    data = [item["action"]["data"] for item in line.said[1][1]["quickReply"]["items"]]
    assert data == ["leave:erase", "leave:keep"]


@pytest.mark.parametrize("erase", [True, False])
def test_leaving_does_what_the_person_chose(app: Any, person: LinePerson, line: LineStandIn, erase: bool) -> None:
    person.deliver(person.text("こんにちは"))
    until(lambda: bool(line.said))
    person.deliver(person.event("postback", postback={"data": f"leave:{'erase' if erase else 'keep'}"}))
    until(lambda: len(line.said) == 2)
    person.deliver(person.event("unfollow"))
    until(lambda: stored(app, sa.select(Thread.stopped)) and settled(app))
    assert stored(app, sa.select(sa.func.count()).select_from(Conversation)) == (0 if erase else 1)


def test_who_comes_back_is_greeted_again(app: Any, person: LinePerson, line: LineStandIn) -> None:
    person.deliver(person.event("unfollow"))
    until(lambda: settled(app))
    person.deliver(person.event("follow", follow={"isUnblocked": True}))
    until(lambda: len(line.said) == 2)
    assert line.texts()[0].startswith("おかえりなさい。")


def test_in_a_group_only_a_mention_is_answered(
    app: Any, person: LinePerson, line: LineStandIn, rasa: ScriptedRasa
) -> None:
    person.deliver(person.text("みんなへ", source=GROUP))
    event = person.text("@案内 費用は？", source=GROUP)
    mine = {"index": 0, "length": 3, "type": "user", "userId": "Ubot", "isSelf": True}
    event["message"]["mention"] = {"mentionees": [mine]}
    person.deliver(event)
    until(lambda: bool(line.said))
    assert [body["text"] for body in rasa.sent] == ["費用は？"]
    assert "loading" not in line.calls


def test_an_invitation_is_thanked_and_leaving_stops(app: Any, person: LinePerson, line: LineStandIn) -> None:
    joined = {"members": [{"type": "user", "userId": "U2"}]}
    person.deliver(person.event("join", source=GROUP), person.event("memberJoined", source=GROUP, joined=joined))
    until(lambda: len(line.said) == 2)
    person.deliver(person.event("leave", source=GROUP))
    until(lambda: bool(stored(app, sa.select(Thread.stopped))))


def test_a_sticker_is_refused_politely(app: Any, person: LinePerson, line: LineStandIn) -> None:
    sticker = {"id": "1", "type": "sticker", "packageId": "1", "stickerId": "1"}
    more = {"stickerResourceType": "STATIC", "quoteToken": "q"}
    person.deliver(person.event("message", message=sticker | more))
    until(lambda: bool(line.said))
    assert "文字" in line.texts()[0]


def test_withdrawn_words_are_gone(app: Any, person: LinePerson, line: LineStandIn) -> None:
    event = person.text("取り消す言葉")
    person.deliver(event)
    until(lambda: bool(line.said))
    person.deliver(person.event("unsend", unsend={"messageId": event["message"]["id"]}))
    until(lambda: settled(app))
    with app.state.database.read() as session:
        texts = [*session.scalars(sa.select(TurnRecord.text)), *session.scalars(sa.select(MessageRecord.text))]
    assert not any("取り消す言葉" in text for text in texts)


def test_standby_is_silent(app: Any, person: LinePerson, line: LineStandIn) -> None:
    assert person.deliver(person.text("聞こえますか", mode="standby")).status_code == 200
    assert turns(app) == 0


def test_a_text_that_is_too_long_is_told_so(app: Any, person: LinePerson, line: LineStandIn) -> None:
    person.deliver(person.text("長" * 4000))
    until(lambda: bool(line.said))
    assert "2,000文字" in line.texts()[0]


def test_a_word_of_the_staff_is_pushed(app: Any, person: LinePerson, line: LineStandIn) -> None:
    person.deliver(person.text("人と話したい"))
    until(lambda: bool(line.said))
    word = {"role": "staff", "kind": "answer", "text": "担当の田中です。"}
    with app.state.database.write() as session:
        conversation = session.scalars(sa.select(Conversation)).one()
        outgoing.post(session, conversation, [repository.add_message(session, conversation.id, word).id])
    until(lambda: "担当の田中です。" in line.texts())
    assert line.said[-1][0] == "U1"


def test_a_conversation_of_the_website_goes_on_here_with_its_code_once(
    app: Any, person: LinePerson, line: LineStandIn
) -> None:
    web = httpx.post(f"{app.state.url}/api/conversations", json={}).json()
    with app.state.database.write() as session:
        code = make_code(session, web["conversation_id"])
    person.deliver(person.text(code.lower()))
    until(lambda: bool(line.said))
    assert "引き継ぎました" in line.texts()[0]
    assert stored(app, sa.select(Thread.conversation_id)) == web["conversation_id"]
    other = LinePerson(app.state.url, "U2")
    other.deliver(other.text(code))
    until(lambda: len(line.said) == 2)
    assert "使えません" in line.texts()[1]


def test_guessing_codes_is_stopped(app: Any, person: LinePerson, line: LineStandIn) -> None:
    for number in range(7):
        person.deliver(person.text(f"ABCD-234{number + 2}"))
    until(lambda: len(line.said) == 7)
    assert "少し待って" in line.texts()[-1]

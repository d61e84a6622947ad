"""Every text is stored once in full and once masked, in one transaction."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.db.models import Feedback, MessageRecord, TurnRecord
from tests.api.bookings.visitor import BOTH
from tests.api.conftest import ScriptedRasa, Talk, said

NAME, MAIL = "山田太郎", "taro@example.jp"


def stored(client: TestClient, table: Any) -> list[Any]:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return list(session.scalars(sa.select(table)))


@BOTH
def test_the_turn_and_its_messages_have_a_masked_copy(client: TestClient, talk: Talk, rasa: ScriptedRasa) -> None:
    rasa.messages = [said(text=f"{NAME}様、{MAIL} ですね。")]
    answer = talk.send(text=f"{NAME}です。{MAIL}").json()["messages"][0]
    assert answer["text"] == f"{NAME}様、{MAIL} ですね。"
    (turn,) = stored(client, TurnRecord)
    assert (turn.text, turn.masked_text) == (f"{NAME}です。{MAIL}", "〔お名前〕です。〔メール〕")
    texts = [(m.role, m.masked_text) for m in stored(client, MessageRecord)][1:]
    assert texts == [("user", "〔お名前〕です。〔メール〕"), ("bot", "〔お名前〕様、〔メール〕 ですね。")]


def test_the_answer_to_a_personal_question_is_masked_whole(client: TestClient, talk: Talk, rasa: ScriptedRasa) -> None:
    rasa.messages = [said("question", "お名前を教えてください。", ask={"field": "name", "type": "text"})]
    talk.send(text="予約したい")
    talk.send(text="ぽんた")
    assert [turn.masked_text for turn in stored(client, TurnRecord)] == ["予約したい", "〔お名前〕"]


def test_a_comment_has_a_masked_copy(client: TestClient, talk: Talk) -> None:
    answer = talk.send(text="こんにちは").json()["messages"][0]
    opinion = {"message_id": answer["id"], "rating": "bad", "comment": f"{NAME}です。電話は090-1234-5678"}
    assert client.post(f"{talk.path}/feedback", json=opinion, headers=talk.headers).status_code == 204
    (kept,) = stored(client, Feedback)
    assert kept.masked_comment == "〔お名前〕です。電話は〔電話番号〕"

"""The chat contract: what goes in, what comes out, and that nothing is done twice or lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.db.models import MessageRecord, TurnRecord
from tests.api.conftest import ScriptedRasa, Talk, said

FIELDS = {"id", "role", "kind", "text", "created_at", "knowledge", "sources", "choices", "ask", "card"}


def stored(client: TestClient) -> list[TurnRecord]:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return list(session.scalars(sa.select(TurnRecord).order_by(TurnRecord.id)))


def test_a_new_conversation_greets_and_shows_its_token_once(talk: Talk) -> None:
    assert talk.greeting[0]["kind"] == "greeting"
    assert len(talk.token) >= 32
    assert talk.token not in talk.history().text


def test_a_message_has_all_fields_of_the_contract(talk: Talk) -> None:
    assert set(talk.send(text="こんにちは").json()["messages"][0]) == FIELDS


def test_the_reply_leaves_out_the_persons_own_words_and_the_history_has_them(talk: Talk) -> None:
    assert [m["role"] for m in talk.send(text="１クレジットは？").json()["messages"]] == ["bot"]
    history = talk.history().json()
    assert [m["kind"] for m in history["messages"]] == ["greeting", "user", "answer"]
    assert history["handoff"] == "bot"


def test_the_same_id_again_gives_the_same_answer_and_asks_rasa_once(talk: Talk, rasa: ScriptedRasa) -> None:
    first, second = (talk.send(client_message_id="a1", text="はい").json() for _ in range(2))
    assert first == second
    assert len(rasa.sent) == 1


def test_the_same_id_with_other_words_is_a_conflict(talk: Talk) -> None:
    talk.send(client_message_id="a1", text="はい")
    again = talk.send(client_message_id="a1", text="いいえ")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")


def test_a_turn_that_failed_says_sorry_and_runs_again_under_the_same_id(
    client: TestClient, talk: Talk, rasa: ScriptedRasa
) -> None:
    rasa.fail = "unreachable"
    sorry = talk.send(client_message_id="a1", text="はい")
    assert sorry.status_code == 200
    assert [m["kind"] for m in sorry.json()["messages"]] == ["notice"]
    assert [turn.outcome for turn in stored(client)] == ["failed"]
    rasa.fail = None
    assert talk.send(client_message_id="a1", text="はい").json()["messages"][0]["kind"] == "answer"
    assert [turn.outcome for turn in stored(client)] == ["answered"]
    assert [m["kind"] for m in talk.history().json()["messages"]] == ["greeting", "user", "answer"]


def test_a_turn_that_hangs_is_answered_in_time(talk: Talk, rasa: ScriptedRasa) -> None:
    rasa.seconds = 30
    assert talk.send(text="はい").json()["messages"][0]["kind"] == "notice"


def test_a_turn_is_stored_with_how_it_was_understood(client: TestClient, talk: Talk, rasa: ScriptedRasa) -> None:
    rasa.messages = [said(knowledge=["scheme.unit"])]
    talk.send(text="１クレジットは何トン？")
    turn = stored(client)[0]
    assert (turn.intent, turn.confidence, turn.outcome, turn.channel) == ("ask", 0.9, "answered", "web")
    assert turn.knowledge_ids == ["scheme.unit"]
    assert turn.slots == {"talk": {"topic": "scheme.unit"}}
    assert turn.release_id == "checkout"
    assert turn.latency_ms is not None


def test_a_button_reaches_rasa_as_its_meaning_and_shows_only_an_opaque_id(talk: Talk, rasa: ScriptedRasa) -> None:
    ref = {"type": "answer", "id": "scheme.unit"}
    rasa.messages = [said(choices=[{"label": "単位は？", "ref": ref}])]
    button = talk.send(text="はい").json()["messages"][0]["choices"][0]
    assert set(button) == {"id", "label"}
    talk.send(choice_id=button["id"])
    assert (rasa.sent[-1]["text"], rasa.sent[-1]["choice"]) == ("単位は？", ref)


def test_several_boxes_reach_rasa_together(talk: Talk, rasa: ScriptedRasa) -> None:
    refs = [{"type": "field", "field": field, "value": True} for field in ("C01", "C11")]
    rasa.messages = [said(choices=[{"label": ref["field"], "ref": ref} for ref in refs])]
    boxes = talk.send(text="はい").json()["messages"][0]["choices"]
    talk.send(choice_ids=[box["id"] for box in boxes])
    assert rasa.sent[-1]["choice"] == {"type": "many", "refs": refs}


def test_a_button_of_another_conversation_is_a_conflict(new_talk: Callable[[], Talk], rasa: ScriptedRasa) -> None:
    mine, theirs = new_talk(), new_talk()
    assert theirs.send(choice_id=mine.greeting[0]["choices"][0]["id"]).status_code == 409
    assert rasa.sent == []


def test_two_messages_of_one_conversation_are_answered_one_after_the_other(talk: Talk, rasa: ScriptedRasa) -> None:
    rasa.seconds = 0.05
    threads = [threading.Thread(target=talk.send, kwargs={"text": f"質問{i}"}) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rasa.most_busy == 1
    assert len(rasa.sent) == 4


def test_only_what_is_new_comes_after_a_message(talk: Talk) -> None:
    last = talk.send(text="はい").json()["messages"][-1]["id"]
    assert talk.history(after=last).json()["messages"] == []
    talk.send(text="もう一つ")
    assert [m["kind"] for m in talk.history(after=last).json()["messages"]] == ["user", "answer"]


def test_a_long_poll_ends_when_something_is_said(talk: Talk) -> None:
    last = talk.history().json()["messages"][-1]["id"]
    timer = threading.Timer(0.3, talk.send, kwargs={"text": "はい"})
    timer.start()
    assert talk.history(after=last, wait=10).json()["messages"]
    timer.join()


@pytest.mark.parametrize("rating", ["good", "bad"])
def test_feedback_is_kept_once_a_message(talk: Talk, rating: str) -> None:
    shown = talk.send(text="はい").json()["messages"][0]["id"]
    for _ in range(2):
        body = {"message_id": shown, "rating": rating, "comment": "わかりやすい"}
        assert talk.client.post(f"{talk.path}/feedback", json=body, headers=talk.headers).status_code == 204


def test_erasing_removes_everything_and_gives_a_receipt(client: TestClient, talk: Talk, rasa: ScriptedRasa) -> None:
    talk.send(text="ひみつの言葉")
    erased = client.delete(talk.path, headers=talk.headers)
    assert erased.status_code == 200
    assert erased.json()["receipt"]
    assert rasa.forgotten == [talk.id]
    assert talk.history().status_code == 404
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        assert session.scalar(sa.select(sa.func.count()).select_from(MessageRecord)) == 0


def test_an_erased_persons_words_are_in_no_file(client: TestClient, talk: Talk, settings: Any) -> None:
    talk.send(text="ヒミツノコトバ９７３")
    client.delete(talk.path, headers=talk.headers)
    client.app.state.database.engine.dispose()  # type: ignore[attr-defined]
    marker = "ヒミツノコトバ９７３".encode()
    assert [p for p in settings.data_dir.rglob("*") if p.is_file() and marker in p.read_bytes()] == []

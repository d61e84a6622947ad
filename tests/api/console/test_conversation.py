"""One conversation: what staff sees of it, verdicts, taking over, answering, and the full text for a reason."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.channels.models import Departure, Thread
from api.chat.rasa import TurnAnswer
from api.console.models import Audit
from api.db.models import Conversation, TurnRecord
from api.inquiries.models import Handoff, Inquiry, Judgement, Unmasking
from core.clock import utc_now
from tests.api.bookings.visitor import BOTH
from tests.api.conftest import ScriptedRasa, Talk, said
from tests.api.console.staffer import Staffer, enter, words_of

XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"><svg/onload=alert(3)> {{7*7}}"


@pytest.fixture
def talk(client: TestClient) -> Iterator[Talk]:
    yield Talk(client)
    client.app.state.database.engine.dispose()  # type: ignore[attr-defined]


@pytest.fixture
def place(talk: Talk) -> str:
    return f"/console/conversations/{talk.id}"


def ask_for_a_person(talk: Talk, rasa: ScriptedRasa) -> None:
    rasa.messages = [said("handoff", "担当者におつなぎします。", command={"type": "handoff"})]
    assert talk.send(text="担当者と話したい").status_code == 200


def whats_told(talk: Talk) -> list[tuple[str, str]]:
    return [(m["role"], m["text"]) for m in talk.history().json()["messages"]]


def audited(client: TestClient, what: str) -> list[Audit]:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return list(session.scalars(sa.select(Audit).where(Audit.what == what)))


def test_every_turn_shows_how_it_was_understood_and_on_what_it_stands(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, place: str, staffer: Callable[[str], Staffer], monkeypatch: Any
) -> None:
    topics = [
        {"id": "costs.overview", "confidence": 0.81},
        {"id": "costs.fees", "confidence": 0.12},
        {"id": "scheme.unit", "confidence": 0.03},
        {"id": "scheme.gases", "confidence": 0.01},
    ]
    card = {
        "type": "estimate", "methodology_id": "EN-S-006", "formula_id": "EN-S-006-O", "fiscal_year": 2023,
        "reduction_tco2": 71.4, "creditable_tco2": 71,
        "steps": [{"label": "差", "expression": "190,000 − 40,000", "value": 150000, "unit": "kWh"}],
        "factors": [{"id": "grid.2023", "value": 0.4, "unit": "kg", "source": "環境省", "as_of": "2023"}],
    }  # fmt: skip
    parse = {
        "intent": {"name": "ask", "confidence": 0.97},
        "intent_ranking": [{"name": "ask", "confidence": 0.97}],
        "topics": topics,
    }

    async def turn(_: Any) -> TurnAnswer:
        messages = [
            said("answer", "費用の目安です。", knowledge=["costs.overview"]),
            said("estimate", "結果です。", card=card),
        ]
        return TurnAnswer(messages, parse, {"talk": {"topic": "costs.overview"}, "task": None}, "model")

    monkeypatch.setattr(rasa, "turn", turn)
    talk.send(text="費用はいくら？")
    page = words_of(staffer("viewer").get(place))
    for shown in (
        "費用はいくら？", "費用の目安です。", "質問 97%", "81%", "12%", "3%", "costs.overview", "checkout", "ミリ秒",
        "71.4 tCO2／年", "190,000 − 40,000", "grid.2023", '"topic": "costs.overview"',
    ):  # fmt: skip
        assert shown in page, shown
    assert "scheme.gases" not in page, "only the first three"
    assert "判定する" not in page, "a viewer only reads"
    assert [entry.subject for entry in audited(client, "conversation.read")] == [talk.id]


@BOTH
def test_a_verdict_says_what_would_have_been_right_and_the_last_one_counts(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, place: str, reviewer: Staffer
) -> None:
    talk.send(text="費用はいくら？")
    turn = turn_id(client)
    answer = reviewer.post(f"/console/turns/{turn}/verdict", verdict="wrong", better="new_topic", remark="まだない")
    assert answer.headers["location"] == f"{place}?done=judged#turn-{turn}"
    (option,) = re.findall(r'<option value="([^"]+（costs.overview）)">', reviewer.get(place).text)
    reviewer.post(f"/console/turns/{turn}/verdict", verdict="outdated", better="answer", answer=option)
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        kept = session.scalars(sa.select(Judgement)).one()
        assert (kept.verdict, kept.better, kept.staff_id) == ("outdated", "answer", reviewer.id)
        assert kept.better_id == "costs.overview"
        assert session.scalar(sa.select(Inquiry.verdict)) == "outdated"
    assert "判定：古い" in words_of(reviewer.get(place))
    assert [entry.detail for entry in audited(client, "turn.judge")][0] == "wrong new_topic"
    reviewer.post(f"/console/turns/{turn}/verdict", verdict="right", better="answer", answer=option)
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        kept = session.scalars(sa.select(Judgement)).one()
        assert (kept.verdict, kept.better, kept.better_id) == ("right", None, None)


def test_a_verdict_needs_a_choice_and_an_answer_that_exists(client: TestClient, talk: Talk, reviewer: Staffer) -> None:
    talk.send(text="費用はいくら？")
    place = f"/console/turns/{turn_id(client)}/verdict"
    for fields in (
        {},
        {"verdict": "nice"},
        {"verdict": "wrong", "better": "something"},
        {"verdict": "wrong", "better": "answer"},
        {"verdict": "wrong", "better": "answer", "answer": "ないもの（no.such_answer）"},
    ):
        assert reviewer.post(place, **fields).status_code == 422, fields
    assert reviewer.post("/console/turns/9999/verdict", verdict="right").status_code == 404


def turn_id(client: TestClient) -> int:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return int(session.scalar(sa.select(sa.func.max(TurnRecord.id))))


@BOTH
def test_a_waiting_person_is_answered_by_staff_while_the_assistant_is_silent(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, place: str, reviewer: Staffer
) -> None:
    ask_for_a_person(talk, rasa)
    waiting = words_of(reviewer.get("/console/inbox?queue=waiting"))
    assert "担当者と話したい" in waiting
    assert "担当者を待っています" in waiting
    assert reviewer.post(f"{place}/take").status_code == 303
    assert talk.history().json()["handoff"] == "staff"
    assert whats_told(talk)[-1][0] == "system"
    assert "reviewerさん" in whats_told(talk)[-1][1], "the person is told who answers"

    asked = len(rasa.sent)
    first = talk.send(text="まだですか", client_message_id="same")
    assert first.json() == {"messages": []} == talk.send(text="まだですか", client_message_id="same").json()
    assert len(rasa.sent) == asked, "the assistant was not asked"
    assert [text for role, text in whats_told(talk) if role == "user"].count("まだですか") == 1

    assert reviewer.post(f"{place}/reply", text="お待たせしました。").status_code == 303
    assert whats_told(talk)[-1] == ("staff", "お待たせしました。")
    assert reviewer.post(f"{place}/reply", text="  ").status_code == 422
    assert reviewer.post(f"{place}/reply", text="あ" * 2001).status_code == 422

    assert reviewer.post(f"{place}/release").status_code == 303
    assert talk.history().json()["handoff"] == "bot"
    rasa.messages = [said("answer", "自動の返事です。")]
    assert talk.send(text="もう一つ").json()["messages"][0]["text"] == "自動の返事です。"
    assert reviewer.post(f"{place}/release").status_code == 409
    assert reviewer.post(f"{place}/reply", text="遅れて").status_code == 409
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        held = session.scalars(sa.select(Handoff)).one()
        assert held.waiting_since <= held.taken_at <= held.released_at
    for what in ("take", "reply", "release"):
        assert [entry.staff_id for entry in audited(client, f"conversation.{what}")] == [reviewer.id]


def test_only_who_took_a_conversation_answers_and_another_may_take_it(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, place: str, staffer: Callable[[str], Staffer]
) -> None:
    first, second = staffer("reviewer"), staffer("editor")
    ask_for_a_person(talk, rasa)
    assert first.post(f"{place}/reply", text="まだ").status_code == 409
    first.post(f"{place}/take")
    first.post(f"{place}/take")
    assert [role for role, _ in whats_told(talk)].count("system") == 1, "said once"
    assert second.post(f"{place}/reply", text="横から").status_code == 409
    second.post(f"{place}/take")
    assert "editorさん" in whats_told(talk)[-1][1]
    assert first.post(f"{place}/reply", text="もう").status_code == 409
    assert second.post(f"{place}/reply", text="代わりました").status_code == 303


def test_a_waiting_page_hears_of_a_reply_within_two_seconds(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, place: str, reviewer: Staffer
) -> None:
    ask_for_a_person(talk, rasa)
    reviewer.post(f"{place}/take")
    last = talk.history().json()["messages"][-1]["id"]
    csrf, heard = reviewer.csrf(), list[float]()
    sent_at = list[float]()

    def reply() -> None:
        time.sleep(0.3)
        sent_at.append(time.monotonic())
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in reviewer.cookies.items())}
        sender.post(
            f"{place}/reply", data={"csrf": csrf, "text": "はい、どうぞ"}, headers=headers, follow_redirects=False
        )

    sender = TestClient(client.app)
    thread = threading.Thread(target=reply)
    thread.start()
    news = talk.history(after=last, wait=20).json()
    heard.append(time.monotonic())
    thread.join()
    assert [m["text"] for m in news["messages"]] == ["はい、どうぞ"]
    assert heard[0] - sent_at[0] < 2


def test_new_messages_come_to_the_staffs_page_too(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, place: str, reviewer: Staffer
) -> None:
    ask_for_a_person(talk, rasa)
    reviewer.post(f"{place}/take")
    page = reviewer.get(place).text
    assert f'data-news="{place}/news"' in page
    last = page.split('data-last="')[1].split('"')[0]
    assert reviewer.get(f"{place}/news", params={"after": last}).status_code == 204
    talk.send(text="着きましたか")
    piece = reviewer.get(f"{place}/news", params={"after": last})
    assert "着きましたか" in piece.text
    assert "<html" not in piece.text


def test_the_full_text_needs_a_reason_that_stays_and_ends_by_itself(
    client: TestClient, talk: Talk, place: str, staffer: Callable[[str], Staffer]
) -> None:
    first, second = staffer("reviewer"), staffer("reviewer")
    talk.send(text="連絡は hanako@example.jp へ")
    assert "hanako@example.jp" not in first.get(place).text
    assert first.post(f"{place}/unmask", reason=" ").status_code == 422
    assert staffer("viewer").post(f"{place}/unmask", reason="読みたいから").status_code == 403
    assert first.post(f"{place}/unmask", reason="折り返しの連絡のため").status_code == 303
    assert "hanako@example.jp" in first.get(place).text
    assert "hanako@example.jp" not in second.get(place).text, "for one person"
    assert "hanako@example.jp" not in enter(client, first.id).get(place).text, "in one session"
    assert "hanako@example.jp" not in first.get("/console/inbox?queue=all").text, "of one conversation"
    (entry,) = audited(client, "conversation.unmask")
    assert (entry.staff_id, entry.subject, entry.detail) == (first.id, talk.id, "折り返しの連絡のため")
    with client.app.state.database.write() as session:  # type: ignore[attr-defined]
        session.scalars(sa.select(Unmasking)).one().until -= timedelta(minutes=31)
    assert "hanako@example.jp" not in first.get(place).text


def test_what_people_and_staff_write_stays_text_on_every_page(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, place: str, staffer: Callable[[str], Staffer]
) -> None:
    admin = staffer("admin")
    rasa.messages = [said("decline", XSS, choices=[{"label": XSS, "ref": {"type": "say", "text": XSS}}])]
    sent = talk.send(text=XSS).json()["messages"]
    body = {"message_id": sent[0]["id"], "rating": "bad", "comment": XSS}
    client.post(f"{talk.path}/feedback", json=body, headers=talk.headers)
    ask_for_a_person(talk, rasa)
    talk.send(text=XSS)
    admin.post("/console/staff", name=XSS, email="x@example.jp", role="viewer")
    for where in (place, f"/console/questions/{key_of(client)}"):
        admin.post(f"{where}/notes", text=XSS)
        admin.post(f"{where}/work", status="open", tags=XSS[:30])
    admin.post(f"/console/turns/{turn_id(client)}/verdict", verdict="wrong", remark=XSS)
    admin.post(f"{place}/unmask", reason=XSS)
    pages = [
        place, f"{place}/news?after=0", f"/console/questions/{key_of(client)}", "/console/staff", "/console/audit",
        *(f"/console/inbox?queue={queue}" for queue in ("waiting", "unanswered", "disliked", "all")),
        f"/console/inbox?q={XSS[:60]}&tag=%22%3E%3Cscript%3E&queue=all",
    ]  # fmt: skip
    for path in pages:
        page = admin.get(path)
        assert page.status_code == 200, path
        for bad in ("<script>alert", "<img src=x", "<svg/onload", ' onerror=alert(2)>"'):
            assert bad not in page.text, (path, bad)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in admin.get(place).text
    assert "{{7*7}}" in admin.get(place).text


def key_of(client: TestClient) -> str:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return str(session.scalar(sa.select(Inquiry.question_key).order_by(Inquiry.turn_id)))


@BOTH
def test_the_record_cannot_be_changed_or_deleted(client: TestClient, talk: Talk, place: str, admin: Staffer) -> None:
    admin.get(place)
    database = client.app.state.database  # type: ignore[attr-defined]
    for statement in (sa.update(Audit).values(who="nobody"), sa.delete(Audit)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.write() as session:
            session.execute(statement)
    assert "会話を見た" in words_of(admin.get("/console/audit"))


def test_a_long_conversation_is_read_in_pieces(client: TestClient, talk: Talk, place: str, reviewer: Staffer) -> None:
    for i in range(65):
        talk.send(text=f"質問その{i}")
    newest = reviewer.get(place).text
    assert "質問その64" in newest
    assert "質問その1<" not in newest
    before = newest.split("?before=")[1].split('"')[0]
    assert "質問その1<" in reviewer.get(f"{place}?before={before}").text


def test_an_erased_conversation_is_gone_for_staff(
    client: TestClient, talk: Talk, place: str, reviewer: Staffer
) -> None:
    reviewer.post(f"{place}/notes", text="覚え書き")
    client.delete(talk.path, headers=talk.headers)
    assert reviewer.get(place).status_code == 404
    assert reviewer.post(f"{place}/take").status_code == 404
    assert reviewer.post(f"{place}/notes", text="まだ").status_code == 404


def test_what_staff_says_goes_to_the_persons_own_channel(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, place: str, reviewer: Staffer
) -> None:
    ask_for_a_person(talk, rasa)
    with client.app.state.database.write() as session:  # type: ignore[attr-defined]
        session.get_one(Conversation, talk.id).channel = "line"
        at = utc_now()
        session.add(Thread(channel="line", key="user:U1", conversation_id=talk.id, created_at=at, updated_at=at))
    for act, fields in (("take", {}), ("reply", {"text": "着工はいつですか。"}), ("release", {})):
        assert reviewer.post(f"{place}/{act}", **fields).status_code == 303
    told = talk.history().json()["messages"][-3:]
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        queued = session.scalars(sa.select(Departure).order_by(Departure.id)).all()
        assert [departure.message_ids for departure in queued] == [[message["id"]] for message in told]
    assert [message["role"] for message in told] == ["system", "staff", "system"]

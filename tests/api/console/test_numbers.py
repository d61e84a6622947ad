"""The dashboard counts what happened, the knowledge's health is told, and a person is erased from the console."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.cases.models import Case
from api.console import charts, health
from api.console.charts import Column
from api.console.models import Audit
from api.db.models import Erasure, TurnRecord
from api.inquiries import statistics
from api.inquiries.models import Asked
from api.inquiries.statistics import Period
from core.clock import today, utc_now
from knowledge.loader import load
from tests.api.bookings.visitor import BOTH, Visitor
from tests.api.conftest import ScriptedRasa, Talk, said
from tests.api.console.staffer import Staffer, words_of

Enter = Callable[[str], Staffer]


@pytest.fixture
def talk(client: TestClient) -> Any:
    yield Talk(client)
    client.app.state.database.engine.dispose()  # type: ignore[attr-defined]


def read(client: TestClient, work: Callable[..., Any], *args: Any) -> Any:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return work(session, *args)


@BOTH
def test_turns_are_counted_by_day_topic_channel_and_verdict(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    rasa.messages = [said("answer", knowledge=["scheme.unit"])]
    for text in ("単位は", "単位は何"):
        talk.send(text=text)
    rasa.messages = [said("decline")]
    talk.send(text="知らないこと")
    turn = read(client, lambda session: session.scalar(sa.select(sa.func.min(TurnRecord.id))))
    reviewer.post(f"/console/turns/{turn}/verdict", verdict="right")
    counted = read(client, statistics.counts, Period(today() - timedelta(days=6), today()))
    assert (counted.turns, counted.declined, counted.verdicts) == (3, 1, {"right": 1, "wrong": 0, "outdated": 0})
    assert [(b.turns, b.unanswered) for b in counted.buckets] == [(0, 0)] * 6 + [(3, 1)]
    assert [(s.name, s.turns, s.unanswered) for s in counted.channels] == [("web", 3, 1)]
    assert ("scheme.unit", 2) in [(s.name, s.turns) for s in counted.topics]
    assert ("scheme", 2) in [(s.name, s.turns) for s in counted.fields]
    page = words_of(reviewer.get("/console/dashboard?days=7"))
    assert "判定した答えの正解率 100%" in page
    assert "答えられなかった割合 33%" in page


@BOTH
def test_where_people_stop_is_the_last_question_without_a_verdict(client: TestClient, talk: Talk) -> None:
    talks = [talk, Talk(client), Talk(client)]
    with client.app.state.database.write() as session:  # type: ignore[attr-defined]
        for number, one in enumerate(talks):
            for field in ("C09", "C01", "C02")[: number + 1]:
                turn = TurnRecord(
                    conversation_id=one.id, client_message_id=field, body_hash="", text="はい", channel="web",
                    release_id="r", outcome="asked", created_at=utc_now(),
                )  # fmt: skip
                session.add(turn)
                session.flush()
                session.add(
                    Asked(turn_id=turn.id, conversation_id=one.id, task="qualify", field=field, created_at=utc_now())
                )
        session.add(
            Case(
                id="k", conversation_id=talks[2].id, kind="verdict", data={}, release="r", token_hash="t",
                created_at=utc_now(),
            )
        )  # fmt: skip
    stops = read(client, statistics.drop_off, Period(today(), today()))
    assert [(s.field, s.asked, s.stopped) for s in stops] == [("C09", 3, 1), ("C01", 2, 1), ("C02", 1, 0)]


def test_a_question_of_a_task_is_kept_with_its_turn(client: TestClient, talk: Talk, rasa: ScriptedRasa) -> None:
    async def asking(body: dict[str, Any]) -> Any:
        answer = await ScriptedRasa.turn(rasa, body)
        answer.slots["task"] = {"stack": [{"task": "qualify", "values": {}}]}
        return answer

    rasa.messages = [said("question", ask={"field": "C02", "type": "date"})]
    rasa.turn = asking  # type: ignore[method-assign]
    talk.send(text="対象か知りたい")
    kept = read(client, lambda session: session.execute(sa.select(Asked.task, Asked.field)).all())
    assert kept == [("qualify", "C02")]


def test_bookings_are_counted_from_the_first_word_to_the_meeting(client: TestClient, talk: Talk) -> None:
    visitor = Visitor(client)
    slots = visitor.slots(first=str(today()), last=str(today() + timedelta(days=20)))
    visitor.booked(slots[0], conversation_id=talk.id)
    visitor.booked(slots[-1])
    counted = read(client, statistics.conversion, Period(today(), today()))
    assert (counted["conversations"], counted["begun"], counted["booked"], counted["done"]) == (1, 1, 2, 0)


def test_charts_are_svg_without_style_and_say_what_they_show() -> None:
    for drawn in (
        charts.columns("数<&", [Column("1", 3, 1), Column("<b>", 0, 0)]),
        charts.line("割合", [("1", 0.2), ("2", None), ("3", 0.4), ("4", 0.1)]),
        charts.columns("空", []),
        charts.line("空", []),
        charts.bar(3, 10, 1),
    ):
        tree = ElementTree.fromstring(str(drawn))  # noqa: S314
        assert not [e for e in tree.iter() if "style" in e.attrib]
    assert charts.nice_top(0) == 4
    assert [charts.nice_top(n) for n in (1, 3, 11, 0.07, 99, 100, 121)] == [1.2, 4, 12, 0.08, 120, 120, 200]


def test_no_page_carries_a_style_or_a_script_of_its_own(client: TestClient, talk: Talk, admin: Staffer) -> None:
    talk.send(text="審査は？")
    for path in ("dashboard", "health", "bookings", "cases", "export", "privacy"):
        page = admin.get(f"/console/{path}")
        assert page.status_code == 200, path
        assert not re.search(r"\sstyle=|<style|<script>|\son\w+=", page.text), path
        assert "'unsafe-inline'" not in page.headers["content-security-policy"]


def test_knowledge_that_is_due_unused_or_disliked_is_listed(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, staffer: Enter
) -> None:
    rasa.messages = [said("answer", knowledge=["scheme.unit"])]
    answer = talk.send(text="単位は").json()["messages"][0]
    client.post(f"{talk.path}/feedback", json={"message_id": answer["id"], "rating": "bad"}, headers=talk.headers)
    knowledge = load()
    found = read(client, health.of, knowledge, date(2027, 12, 31))
    assert {a.id for a in found.due} == {a.id for a in knowledge.answers.values() if a.review_by <= date(2028, 2, 29)}
    assert "scheme.unit" not in {a.id for a in found.unused}
    assert len(found.unused) == len(knowledge.answers) - 1
    assert [(d.answer.id, d.used, d.disliked) for d in found.disliked] == [("scheme.unit", 1, 1)]
    source = found.stale[0]
    assert staffer("editor").post(f"/console/health/sources/{source.id}").status_code == 303
    again = read(client, health.of, knowledge, today())
    assert source.id not in {s.id for s in again.stale}
    assert len(again.stale) == len(found.stale) - 1


def test_a_person_is_found_and_erased_with_a_receipt(client: TestClient, talk: Talk, staffer: Enter) -> None:
    talk.send(text="連絡先は sanshiro@soseki.example です")
    admin = staffer("admin")
    page = words_of(admin.post("/console/privacy/find", email="sanshiro@soseki.example"))
    assert "会話1件、予約0件が見つかりました" in page
    assert admin.post("/console/privacy/erase", email="sanshiro@soseki.example").status_code == 422
    done = admin.post("/console/privacy/erase", email="sanshiro@soseki.example", sure="yes")
    (receipt,) = read(client, lambda session: list(session.scalars(sa.select(Erasure.receipt))))
    assert receipt in done.text
    assert client.get(f"{talk.path}/messages", headers=talk.headers).status_code == 404
    kept = read(client, lambda session: list(session.scalars(sa.select(Audit).where(Audit.what == "person.erase"))))
    assert "sanshiro" not in f"{kept[0].subject} {kept[0].detail}"
    assert receipt in kept[0].detail


def test_one_conversation_is_erased_by_its_number_or_its_address(
    client: TestClient, talk: Talk, admin: Staffer
) -> None:
    address = f"http://localhost/console/conversations/{talk.id}"
    assert admin.post("/console/privacy/erase", conversation=address, sure="yes").status_code == 200
    assert admin.post("/console/privacy/erase", conversation=talk.id, sure="yes").status_code == 404

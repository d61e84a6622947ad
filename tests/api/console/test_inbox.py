"""The inbox: queues, the same questions in one line, filters, and words found however they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.chat.rasa import TurnAnswer
from api.db.models import TurnRecord
from api.inquiries import indexing
from api.inquiries.models import Inquiry, TurnWord, Work
from api.inquiries.words import question_key
from core.clock import TOKYO
from tests.api.bookings.visitor import BOTH
from tests.api.conftest import ScriptedRasa, Talk, said
from tests.api.console.staffer import Staffer, words_of

ROW = re.compile(r'class="asked" href="/console/questions/(\w+)">([^<]+)</a>', re.DOTALL)


@pytest.fixture
def talk(client: TestClient) -> Iterator[Talk]:
    yield Talk(client)
    client.app.state.database.engine.dispose()  # type: ignore[attr-defined]


def ask(talk: Talk, rasa: ScriptedRasa, text: str, kind: str = "decline", **parts: Any) -> Any:
    rasa.messages = [said(kind, **parts)]
    return talk.send(text=text).json()["messages"]


def asked(browser: Staffer, **query: Any) -> list[str]:
    """The questions of a queue, top first."""
    page = browser.get("/console/inbox", params=query)
    assert page.status_code == 200
    return [text for _, text in ROW.findall(page.text)]


def test_the_same_question_is_one_line_and_the_most_asked_is_first(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    for text in ("ブルーカーボンは？", "審査費用はいくら？", "審査費用は いくら", "審査費用はいくら。"):
        ask(talk, rasa, text)
    assert asked(reviewer) == ["審査費用はいくら。", "ブルーカーボンは？"]
    assert re.search(r"<strong>3</strong>", reviewer.get("/console/inbox").text)


def test_width_and_case_make_no_other_question() -> None:
    assert question_key("ＬＥＤ　ｸﾚｼﾞｯﾄ！") == question_key("led クレジット")
    assert question_key("LEDの審査") != question_key("LEDの費用")
    assert question_key("？") != question_key("！！")


@BOTH
def test_each_queue_holds_its_own(client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer) -> None:
    ask(talk, rasa, "知らないこと")
    ask(talk, rasa, "あいまいなこと", "clarify")
    rasa.fail = "timeout"
    talk.send(text="落ちたこと")
    rasa.fail = None
    liked = ask(talk, rasa, "いいこと", "answer", knowledge=["scheme.unit"])
    disliked = ask(talk, rasa, "わるいこと", "answer", knowledge=["scheme.unit"])
    for messages, rating in ((liked, "good"), (disliked, "bad")):
        body = {"message_id": messages[0]["id"], "rating": rating}
        assert client.post(f"{talk.path}/feedback", json=body, headers=talk.headers).status_code == 204
    assert set(asked(reviewer)) == {"知らないこと", "落ちたこと"}
    assert asked(reviewer, queue="unsure") == ["あいまいなこと"]
    assert asked(reviewer, queue="disliked") == ["わるいこと"]
    assert len(asked(reviewer, queue="all")) == 5


def test_an_answer_that_nearly_was_another_is_unsure(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = {"sure": (0.9, 0.2), "tied": (0.52, 0.50), "weak": (0.3, 0.1)}
    for name, (first, second) in near.items():
        topics = [{"id": "scheme.unit", "confidence": first}, {"id": "terms.t_co2", "confidence": second}]

        async def turn(_: Any, topics: Any = topics) -> TurnAnswer:
            parse = {"intent": {"name": "ask", "confidence": 0.9}, "topics": topics}
            return TurnAnswer([said("answer", knowledge=["scheme.unit"])], parse, {}, "model")

        monkeypatch.setattr(rasa, "turn", turn)
        talk.send(text=f"{name}の質問")
    assert set(asked(reviewer, queue="unsure")) == {"tiedの質問", "weakの質問"}


@BOTH
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("中干し", {"水田の中干しの期間は？"}),
        ("審査", {"審査機関はどこ？"}),
        ("ＬＥＤ", {"工場をLED化したい"}),
        ("led 工場", {"工場をLED化したい"}),
        ("ｸﾚｼﾞｯﾄ", {"Ｊ－クレジットの値段", "ｸﾚｼﾞｯﾄを売る"}),
        ("クレジット　売る", {"ｸﾚｼﾞｯﾄを売る"}),
        ("値段 工場", set()),
        ("、。", set()),
        ("%", set()),
        ("' OR 1=1 --", set()),
    ],
)
def test_words_are_found_however_they_are_written(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer, words: str, found: set[str]
) -> None:
    for text in (
        "水田の中干しの期間は？",
        "審査機関はどこ？",
        "工場をLED化したい",
        "Ｊ－クレジットの値段",
        "ｸﾚｼﾞｯﾄを売る",
    ):
        ask(talk, rasa, text)
    assert set(asked(reviewer, queue="all", q=words)) == found


@BOTH
def test_filters_narrow_the_inbox(client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer) -> None:
    ask(talk, rasa, "費用のこと", "answer", knowledge=["costs.overview"])
    ask(talk, rasa, "方法論のこと", "answer", knowledge=["EN-S-007"])
    ask(talk, rasa, "古いこと")
    with client.app.state.database.write() as session:  # type: ignore[attr-defined]
        old = session.scalars(sa.select(Inquiry).where(Inquiry.outcome == "declined")).one()
        old.created_at -= timedelta(days=40)
        old.channel, old.intent = "line", "qualify"
        day = old.created_at.astimezone(TOKYO).date().isoformat()
    assert asked(reviewer, queue="all", field="costs") == ["費用のこと"]
    assert asked(reviewer, queue="all", field="methodology") == ["方法論のこと"]
    assert asked(reviewer, queue="all", channel="line") == ["古いこと"]
    assert asked(reviewer, queue="all", intent="qualify") == ["古いこと"]
    assert asked(reviewer, queue="all", to=day) == ["古いこと"]
    assert set(asked(reviewer, queue="all", **{"from": day})) == {"費用のこと", "方法論のこと", "古いこと"}
    assert asked(reviewer, queue="all", **{"from": "2999-01-01"}) == []
    assert len(asked(reviewer, queue="all", **{"from": "no day"})) == 3


@BOTH
def test_work_on_a_question_is_found_again_by_status_person_and_tag(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer, staffer: Callable[[str], Staffer]
) -> None:
    ask(talk, rasa, "審査費用はいくら？")
    ask(talk, rasa, "ほかのこと")
    place = f"/console/questions/{question_key('審査費用はいくら？')}"
    change = reviewer.post(f"{place}/work", status="doing", assignee=reviewer.id, tags="審査、 急ぎ,審査")
    assert change.headers["location"] == f"{place}?done=saved"
    assert reviewer.post(f"{place}/notes", text="事務局に聞く").status_code == 303
    page = words_of(reviewer.get(place))
    for shown in ("審査、急ぎ", "事務局に聞く", "reviewerさん"):
        assert shown in page or shown in reviewer.get(place).text
    for query in ({"status": "doing"}, {"assignee": reviewer.id}, {"tag": "急ぎ"}):
        assert asked(reviewer, **query) == ["審査費用はいくら？"]
    for query in ({"status": "open"}, {"assignee": "nobody"}):
        assert asked(reviewer, **query) == ["ほかのこと"]
    reviewer.post(f"{place}/work", status="done", assignee="", tags="")
    assert asked(reviewer) == ["ほかのこと"]
    assert asked(reviewer, status="done") == ["審査費用はいくら？"]
    assert len(asked(reviewer, status="any")) == 2
    assert asked(reviewer, tag="急ぎ") == []
    entries = words_of(staffer("admin").get("/console/audit"))
    for entry in ("状態を変えた", "担当を決めた", "目印を変えた", "メモを残した", "質問を見た"):
        assert entry in entries


def test_a_done_question_that_is_unanswered_again_is_open_again(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    ask(talk, rasa, "審査費用はいくら？")
    place = f"/console/questions/{question_key('審査費用はいくら？')}"
    reviewer.post(f"{place}/work", status="done")
    ask(talk, rasa, "審査費用はいくら？", "answer", knowledge=["costs.overview"])
    assert asked(reviewer) == []
    ask(talk, rasa, "審査費用はいくら")
    assert asked(reviewer, status="open") == ["審査費用はいくら"]


def test_wrong_work_is_refused_with_a_reason(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    ask(talk, rasa, "審査費用はいくら？")
    place = f"/console/questions/{question_key('審査費用はいくら？')}"
    for fields in (
        {"status": "lost"},
        {"status": "open", "assignee": "nobody-of-us"},
        {"status": "open", "tags": "x" * 33},
        {"status": "open", "tags": ",".join(map(str, range(11)))},
    ):
        answer = reviewer.post(f"{place}/work", **fields)
        assert answer.status_code == 422
        assert "できませんでした" in answer.text
    assert reviewer.post(f"{place}/notes", text=" ").status_code == 422
    assert reviewer.post("/console/questions/unknown/work", status="open").status_code == 404


def test_a_turn_that_runs_again_is_counted_once(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    rasa.fail = "timeout"
    talk.send(text="落ちたこと", client_message_id="same")
    assert asked(reviewer) == ["落ちたこと"]
    rasa.fail, rasa.messages = None, [said("answer")]
    talk.send(text="落ちたこと", client_message_id="same")
    assert asked(reviewer) == []
    assert asked(reviewer, queue="all") == ["落ちたこと"]


@BOTH
def test_turns_from_before_are_put_in_and_erased_ones_leave_nothing(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    database, limits = client.app.state.database, client.app.state.chat.knowledge.thresholds  # type: ignore[attr-defined]
    ask(talk, rasa, "山本さんの秘密の工場")
    with database.write() as session:
        session.execute(sa.delete(TurnWord))
        session.execute(sa.delete(Inquiry))
    assert asked(reviewer) == []
    with database.write() as session:
        assert indexing.index_missing(session, limits) == 1
    with database.write() as session:
        assert indexing.index_missing(session, limits) == 0
    assert len(asked(reviewer, q="工場")) == 1
    reviewer.post(f"/console/questions/{key_of(client)}/notes", text="山本さんに電話")
    assert client.delete(talk.path, headers=talk.headers).status_code == 200
    with database.read() as session:
        for table in (Inquiry, TurnWord, TurnRecord, Work):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def key_of(client: TestClient) -> str:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return str(session.scalar(sa.select(Inquiry.question_key)))


def test_search_and_pages_read_the_masked_copy(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    ask(talk, rasa, "審査のことは hanako@example.jp か 090-1234-5678 に連絡ください")
    assert asked(reviewer, q="hanako") == []
    assert asked(reviewer, q="5678") == []
    assert len(asked(reviewer, q="審査")) == 1
    for path in ("/console/inbox", f"/console/questions/{key_of(client)}", f"/console/conversations/{talk.id}"):
        assert "hanako@example.jp" not in reviewer.get(path).text
        assert "090-1234-5678" not in reviewer.get(path).text


def test_pages_of_a_long_queue_follow_one_another(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    for i in range(33):
        ask(talk, rasa, f"質問その{i}")
    first, second = asked(reviewer), asked(reviewer, page=2)
    assert (len(first), len(second), len({*first, *second})) == (30, 3, 33)
    assert asked(reviewer, page=3) == []

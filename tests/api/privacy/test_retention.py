"""What is too old really goes, class by class, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from api.console.audit import audit
from api.console.models import Audit
from api.db.models import Conversation, Erasure, MessageRecord, TurnRecord
from api.privacy.nightly import next_night
from api.privacy.periods import periods
from api.widget.texts import read_texts
from core.clock import now
from knowledge.loader import load
from tests.api.bookings.conftest import Clock
from tests.api.bookings.visitor import BOTH, Visitor
from tests.api.conftest import ScriptedRasa, Talk
from tests.api.privacy.searching import files_with, rows_with

SECRET = "津山の川端三四郎"
WORDS = ["川端三四郎"]


def night(client: TestClient) -> Any:
    assert client.portal is not None
    return client.portal.call(client.app.state.privacy.nightly.tidy)  # type: ignore[attr-defined,call-arg]


def rows(client: TestClient, table: Any) -> list[Any]:
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return list(session.scalars(sa.select(table)))


@BOTH
def test_the_full_text_goes_first_and_the_masked_copy_stays(
    client: TestClient, talk: Talk, clock: Clock, rasa: ScriptedRasa, tmp_path: Path, database: str | None
) -> None:
    talk.send(text=f"{SECRET}と申します。LEDの相談です")
    clock.advance(days=periods().full_text.days - 1)
    assert night(client).full_texts == 0
    clock.advance(days=2)
    talk_of_today = Talk(client)
    talk_of_today.send(text=f"{SECRET}と申します")
    taken = night(client)
    assert taken.full_texts == 4  # the turn, its message, the answer, the greeting
    assert (taken.states, rasa.forgotten) == (1, [talk.id])
    texts = {turn.conversation_id: turn.text for turn in rows(client, TurnRecord)}
    assert texts[talk.id] == "津山の〔お名前〕と申します。LEDの相談です"
    assert texts[talk_of_today.id] == f"{SECRET}と申します"
    assert client.delete(talk_of_today.path, headers=talk_of_today.headers).status_code == 200
    if database is None:
        assert files_with(tmp_path, WORDS) == []
    else:
        assert rows_with(database, WORDS) == []


@BOTH
def test_a_conversation_that_is_over_goes_whole(
    client: TestClient, talk: Talk, clock: Clock, rasa: ScriptedRasa
) -> None:
    talk.send(text="LEDの相談です")
    clock.advance(days=periods().masked_text.days + 1)
    assert night(client).conversations == 1
    assert (rows(client, Conversation), rows(client, TurnRecord), rows(client, MessageRecord)) == ([], [], [])
    assert talk.id in rasa.forgotten


def test_old_turns_of_a_conversation_that_goes_on_go_alone(client: TestClient, talk: Talk, clock: Clock) -> None:
    talk.send(text="ずっと前の質問")
    clock.advance(days=periods().masked_text.days + 1)
    talk.send(text="きょうの質問")
    assert night(client).conversations == 0
    assert [turn.text for turn in rows(client, TurnRecord)] == ["きょうの質問"]


@BOTH
def test_an_appointment_goes_after_its_time_with_its_mails(
    client: TestClient, visitor: Visitor, mails: Any, clock: Clock, tmp_path: Path
) -> None:
    visitor.booked(name="川端三四郎")
    assert mails()
    clock.advance(days=periods().bookings.days + 40)
    taken = night(client)
    assert taken.bookings == 1
    assert list((tmp_path / "outbox").iterdir()) == []


@BOTH
def test_the_record_of_the_staff_ends_only_by_the_night(client: TestClient, clock: Clock) -> None:
    database = client.app.state.database  # type: ignore[attr-defined]
    with database.write() as session:
        audit(session, None, "session.open", "somebody")
    with pytest.raises(sa.exc.DBAPIError), database.write() as session:
        session.execute(sa.delete(Audit))
    clock.advance(days=periods().audit.days + 1)
    with database.write() as session:
        audit(session, None, "session.open", "somebody else")
    assert night(client).audit == 1
    assert [entry.subject for entry in rows(client, Audit)] == ["somebody else"]
    with pytest.raises(sa.exc.DBAPIError), database.write() as session:
        session.execute(sa.delete(Audit))


def test_receipts_end_too(client: TestClient, talk: Talk, clock: Clock) -> None:
    client.delete(talk.path, headers=talk.headers)
    assert len(rows(client, Erasure)) == 1
    clock.advance(days=periods().receipts.days + 1)
    assert night(client).receipts == 1


def test_texts_from_before_the_masked_copy_get_one(client: TestClient, talk: Talk) -> None:
    talk.send(text=f"{SECRET}と申します")
    with client.app.state.database.write() as session:  # type: ignore[attr-defined]
        session.execute(sa.update(TurnRecord).values(masked_text=None))
    assert night(client).masked == 1
    assert rows(client, TurnRecord)[0].masked_text == "津山の〔お名前〕と申します"


def test_the_night_comes_every_day_in_the_small_hours() -> None:
    due = next_night(now())
    assert (due.hour, due.minute) == (3, 30)
    assert due > now()


def test_what_people_read_says_the_true_periods() -> None:
    said = " ".join(line.text for line in read_texts(load()).privacy)
    told = Path(__file__).parents[3].joinpath("docs/privacy.md").read_text(encoding="utf-8")
    for name in ("full_text", "masked_text", "bookings"):
        assert getattr(periods(), name).spoken in said
    for name, period in periods():
        assert f"| `{name}` | {period.what} | {period.spoken} | {period.then} |" in told

"""Exports: text stays text in a spreadsheet, masked unless there is a reason, streamed, and kept in the record."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.console import exported, sheets
from api.console.models import Audit
from api.inquiries.statistics import Period
from api.seed.__main__ import fill
from core.clock import today
from tests.api.bookings.visitor import BOTH
from tests.api.conftest import ScriptedRasa, Talk, said
from tests.api.console.staffer import Staffer

Enter = Callable[[str], Staffer]
FORMULAS = [
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@cmd",
    "\t=1",
    "\r=1",
    "＝1＋1",
    " =HYPERLINK(1)",
    "\u3000=1",
    "|calc",
    "%0A=1",
    "\n=1",
]


@pytest.fixture
def talk(client: TestClient) -> Any:
    yield Talk(client)
    client.app.state.database.engine.dispose()  # type: ignore[attr-defined]


def table(answer: Any) -> list[dict[str, str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@BOTH
def test_what_looks_like_a_formula_stays_text(
    client: TestClient, talk: Talk, rasa: ScriptedRasa, reviewer: Staffer
) -> None:
    for formula in FORMULAS:
        rasa.messages = [said(text=formula)]
        talk.send(text=f"{formula}.")
    answer = reviewer.post("/console/export", what="inquiries", form="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    rows = table(answer)
    assert len(rows) == len(FORMULAS)
    for row in rows:
        for cell in row.values():
            assert not cell or not cell.lstrip(" \u3000").startswith(sheets.DANGEROUS), cell
    assert [row["発言"] for row in rows][0] == "'=1+1."


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_any_cell_comes_back_as_text_that_no_spreadsheet_runs(text: str) -> None:
    written = b"".join(sheets.as_csv({"a": "あ"}, [{"a": text}])).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    cell = row["あ"]
    assert not cell.lstrip(" \u3000\u200b\ufeff").startswith(sheets.DANGEROUS)
    assert cell.removeprefix("'") == text.replace("\x00", "").removeprefix("'") or cell == text.replace("\x00", "")


def test_numbers_stay_numbers() -> None:
    assert sheets.safe(-2.5) == -2.5
    assert sheets.safe(None) is None


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_person_is_masked_and_only_an_admin_with_a_reason_gets_all(
    client: TestClient, talk: Talk, staffer: Enter, form: str
) -> None:
    talk.send(text="川端三四郎と申します。taro@example.jp")
    reviewer, admin = staffer("reviewer"), staffer("admin")
    masked = reviewer.post("/console/export", what="inquiries", form=form).text
    assert "〔お名前〕と申します。〔メール〕" in masked
    assert "川端" not in masked
    asked = {"what": "inquiries", "form": form, "full": "yes"}
    assert reviewer.post("/console/export", **asked, reason="調べるため").status_code == 403
    assert admin.post("/console/export", **asked, reason="  ").status_code == 422
    full = admin.post("/console/export", **asked, reason="本人からの開示の求め")
    assert "川端三四郎" in full.text
    with client.app.state.database.read() as session:  # type: ignore[attr-defined]
        kept = list(session.scalars(sa.select(Audit).where(Audit.what == "export").order_by(Audit.id)))
    assert [entry.subject for entry in kept] == ["inquiries", "inquiries"]
    assert "全文：本人からの開示の求め" in (kept[1].detail or "")


def test_json_says_the_same_and_can_stand_in_a_page(client: TestClient, talk: Talk, reviewer: Staffer) -> None:
    talk.send(text="</script><b>審査</b>は？")
    answer = reviewer.post("/console/export", what="inquiries", form="json")
    (row,) = json.loads(answer.content)
    assert row["text"] == "</script><b>審査</b>は？"
    assert "</script>" not in answer.text
    assert json.loads(reviewer.post("/console/export", what="cases", form="json").content) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "staff_accounts"},
        {"what": "inquiries", "form": "xlsx"},
        {"first": "1"},
        {"first": "2026-12-01", "last": "2026-11-01"},
    ],
)
def test_a_wrong_wish_is_refused(reviewer: Staffer, wrong: dict[str, str]) -> None:
    assert reviewer.post("/console/export", **({"what": "inquiries", "form": "csv"} | wrong)).status_code == 422


@BOTH
def test_every_kind_is_whole_however_many_pieces_it_takes(
    client: TestClient, talk: Talk, reviewer: Staffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = client.app.state.database  # type: ignore[attr-defined]
    fill(database, 900, days=30)
    monkeypatch.setattr(sheets, "AT_ONCE", 7)
    period = Period(today() - timedelta(days=400), today() + timedelta(days=60))
    for what, chosen in exported.SETS.items():
        rows = list(sheets.pieces(database, chosen.read, period, False))
        with database.read() as session:
            all_at_once = [row for _, row in chosen.read(session, None, 100_000, period, False)]
        assert rows == all_at_once
        assert len(rows) > 3, what
        assert set(rows[0]) == set(chosen.columns)
        answer = reviewer.post("/console/export", what=what, form="csv", last=str(period.last))
        assert len(table(answer)) == len(rows)
    assert "@example.jp" not in reviewer.post("/console/export", what="bookings", form="csv").text

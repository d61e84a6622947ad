"""The other part of a day's work in a real browser: bookings, an export, numbers; axe-core on each of these pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from api.bookings.models import Booking
from api.cases.models import Case
from api.ids import digest, new_id
from api.seed.__main__ import fill
from core.clock import TOKYO, utc_now
from tests.console.conftest import Person
from tests.widget.conftest import House
from tests.widget.test_accessibility import faults

pytestmark = pytest.mark.browser


@pytest.fixture
def met(house: House) -> Booking:
    """An appointment that began two hours ago."""
    start = utc_now() - timedelta(hours=2)
    booking = Booking(
        id=new_id(), calendar_id="consultation", kind="web", status="confirmed", start_at=start,
        end_at=start + timedelta(hours=1), token_hash=digest(new_id()), ical_uid=new_id(), name="川端 三四郎",
        organization="ねこ農園合同会社", email="sanshiro@soseki.example", topic="竹林の窪地", created_at=start,
        updated_at=start, sequence=0,
    )  # fmt: skip
    with house.app.state.database.write() as session:
        session.add(booking)
    return booking


def test_a_booking_is_found_in_its_week_marked_as_done_and_noted(
    house: House, met: Booking, staff_page: Callable[..., Page]
) -> None:
    page = staff_page()
    page.get_by_role("link", name="予約", exact=True).click()
    page.goto(f"{house.url}/console/bookings?week={met.start_at.astimezone(TOKYO).date()}")
    page.get_by_role("listitem").filter(has_text="ねこ農園合同会社").get_by_role("link").last.click()
    expect(page.get_by_text("川端 三四郎")).to_be_visible()
    page.get_by_label("メモを残す").fill("次は図面を見せてもらう")
    page.get_by_role("button", name="残す").click()
    expect(page.locator(".memo")).to_contain_text("次は図面を見せてもらう")
    page.get_by_role("button", name="相談が終わった").click()
    expect(page.get_by_role("status")).to_have_text("予約の状態を変えました。")
    expect(page.locator(".chip.good")).to_have_text("終了")
    expect(page.get_by_role("button", name="相談が終わった")).to_have_count(0)


def test_a_day_is_closed_and_opened_again(house: House, staff_page: Callable[..., Page]) -> None:
    page = staff_page("admin")
    page.goto(f"{house.url}/console/bookings")
    for _ in range(3):
        page.get_by_role("link", name="次の週").click()
    page.get_by_text("この日を閉じる").first.click()
    page.get_by_label("理由").first.fill("研修")
    page.get_by_role("button", name="閉じる").first.click()
    expect(page.get_by_role("status")).to_contain_text("この日を閉じました")
    expect(page.get_by_text("研修")).to_be_visible()
    page.get_by_role("button", name="この日を開ける").click()
    expect(page.get_by_role("status")).to_have_text("この日を開けました。")


def test_an_export_is_opened_and_a_person_stays_masked(
    house: House, person: Callable[[], Person], staff_page: Callable[..., Page], tmp_path: Path
) -> None:
    person().say("川端三四郎と申します。=1+1 の費用は？")
    page = staff_page()
    page.get_by_role("link", name="書き出し").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="書き出す").click()
    saved = tmp_path / "export.csv"
    waited.value.save_as(saved)
    assert waited.value.suggested_filename.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(saved.read_text(encoding="utf-8-sig"), newline="")))
    assert "〔お名前〕と申します。=1+1 の費用は？" in [row["発言"] for row in rows]
    assert not any("川端" in cell for row in rows for cell in row.values())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_these_pages_and_nothing_scrolls_sideways(
    house: House, met: Booking, staff_page: Callable[..., Page], scheme: str
) -> None:
    if scheme == "light":
        fill(house.app.state.database, 300, days=60)
    with house.app.state.database.read() as session:
        case = session.scalar(sa.select(Case.id).limit(1))
    page = staff_page("admin", color_scheme=scheme)
    found: dict[str, list[str]] = {}
    places = [
        "dashboard",
        "dashboard?days=365",
        "health",
        "bookings",
        f"bookings/{met.id}",
        "cases",
        "export",
        "privacy",
    ]
    for place in [*places, f"cases/{case}"]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{house.url}/console/{place}")
        page.evaluate("document.querySelectorAll('details').forEach((folded) => { folded.open = true; })")
        found[place] = faults(page)
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[place].append("scrolls sideways at 320 px")
    assert {name: what for name, what in found.items() if what} == {}

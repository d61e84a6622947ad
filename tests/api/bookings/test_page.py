"""The page behind the secret link: GET shows, POST acts; for people with forms and for programs with JSON."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa

from api.bookings.models import Booking, BookingEvent
from tests.api.bookings.conftest import Clock
from tests.api.bookings.visitor import BOTH, Visitor

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def booking_of(visitor: Visitor) -> Booking:
    with visitor.client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return session.scalars(sa.select(Booking)).one()  # type: ignore[no-any-return]


def shown(visitor: Visitor, path: str) -> Any:
    return visitor.client.get(path, headers=BROWSER)


def test_the_page_shows_the_appointment_in_japanese_and_changes_nothing(visitor: Visitor) -> None:
    card = visitor.booked()
    before = vars(booking_of(visitor)).copy()
    for path in (card["path"], f"{card['path']}/cancel", f"{card['path']}/reschedule", f"{card['path']}.ics"):
        shown(visitor, path)
        visitor.client.head(path)
    page = shown(visitor, card["path"])
    assert page.status_code == 200
    assert "2026年11月26日(木) 11:00〜12:00" in page.text
    assert "予約済み" in page.text
    after = vars(booking_of(visitor))
    assert {k: v for k, v in before.items() if k[0] != "_"} == {k: v for k, v in after.items() if k[0] != "_"}


def test_the_page_is_closed_to_scripts_frames_and_caches(visitor: Visitor) -> None:
    page = shown(visitor, visitor.booked()["path"])
    policy = page.headers["content-security-policy"]
    for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex"
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")


def test_what_a_guest_wrote_is_text_on_the_page(visitor: Visitor) -> None:
    evil = "<script>alert(1)</script>"
    page = shown(visitor, visitor.booked(name=evil, organization=evil, topic=evil)["path"])
    assert evil not in page.text
    assert page.text.count("&lt;script&gt;") == 3


class Labels(HTMLParser):
    """Inputs outside of a label."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.bare, self.inputs = 0, 0, 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.depth += tag == "label"
        if tag == "input":
            self.inputs += 1
            self.bare += self.depth == 0

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "label"


def test_the_page_is_built_for_keyboard_and_screen_reader(visitor: Visitor) -> None:
    page = shown(visitor, visitor.booked()["path"]).text
    labels = Labels()
    labels.feed(page)
    assert labels.inputs > 1
    assert labels.bare == 0
    assert '<html lang="ja">' in page
    assert page.count("<h1>") == 1
    assert page.count("<legend>") == page.count("<fieldset>") > 0
    assert 'href="#main"' in page
    assert "@media print" in visitor.client.get("/house.css").text


def test_a_person_moves_the_booking_with_the_form(visitor: Visitor) -> None:
    path = visitor.booked()["path"]
    slots = re.findall(r'name="slot_id" value="([^"]+)"', shown(visitor, f"{path}?week=2026-12-07").text)
    moved = visitor.form(f"{path}/reschedule", {"slot_id": slots[0]})
    assert (moved.status_code, moved.headers["location"]) == (303, f"{path}?done=moved")
    page = shown(visitor, moved.headers["location"])
    assert "2026年12月7日(月) 10:00〜11:00" in page.text
    assert 'role="status"' in page.text
    assert booking_of(visitor).sequence == 1


def test_a_person_cancels_only_with_the_box_ticked(visitor: Visitor) -> None:
    path = visitor.booked()["path"]
    missing = visitor.form(f"{path}/cancel", {"sure": ""})
    assert missing.status_code == 422
    assert 'role="alert"' in missing.text
    assert booking_of(visitor).status == "confirmed"
    done = visitor.form(f"{path}/cancel", {"sure": "yes"})
    assert done.status_code == 303
    page = shown(visitor, done.headers["location"]).text
    assert "取り消し済み" in page
    assert "<form" not in page


def test_a_person_whose_new_time_was_taken_sees_so_and_what_is_free(visitor: Visitor) -> None:
    path, wanted = visitor.booked()["path"], visitor.slots()[5]
    visitor.booked(wanted)
    lost = visitor.form(f"{path}/reschedule", {"slot_id": wanted["id"]})
    assert lost.status_code == 409
    assert 'role="alert"' in lost.text
    assert 'name="slot_id"' in lost.text


@BOTH
def test_a_program_moves_and_cancels_with_json(visitor: Visitor) -> None:
    card, wanted = visitor.booked(), visitor.slots()[4]
    moved = visitor.post(f"{card['path']}/reschedule", {"slot_id": wanted["id"]})
    assert (moved.status_code, moved.json()["start"], moved.json()["status"]) == (200, wanted["start"], "confirmed")
    assert card["start"] in {slot["start"] for slot in visitor.slots()}
    cancelled = [visitor.post(f"{card['path']}/cancel") for _ in range(2)]
    assert [(a.status_code, a.json()["status"]) for a in cancelled] == [(200, "cancelled")] * 2
    assert wanted in visitor.slots()
    refused = visitor.post(f"{card['path']}/reschedule", {"slot_id": wanted["id"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "conflict")
    with visitor.client.app.state.database.read() as session:  # type: ignore[attr-defined]
        events = [event.event for event in session.scalars(sa.select(BookingEvent).order_by(BookingEvent.id))]
    assert events == ["held", "confirmed", "moved", "cancelled"]


def test_cancelling_needs_no_body_at_all(visitor: Visitor) -> None:
    assert visitor.client.post(f"{visitor.booked()['path']}/cancel").json()["status"] == "cancelled"


def test_who_asks_for_json_gets_the_card(visitor: Visitor) -> None:
    card = visitor.booked()
    answer = visitor.client.get(card["path"], headers={"Accept": "application/json"})
    assert answer.json() == {key: value for key, value in card.items() if key != "path"}


def test_moving_to_the_same_time_changes_nothing(visitor: Visitor) -> None:
    slot = visitor.slots()[0]
    path = visitor.booked(slot)["path"]
    assert visitor.post(f"{path}/reschedule", {"slot_id": slot["id"]}).status_code == 200
    assert booking_of(visitor).sequence == 0


def test_a_visit_may_move_into_its_own_buffer(visitor: Visitor) -> None:
    day = visitor.slots("2026-12-01", "2026-12-01", "visit")
    path = visitor.booked(day[2], kind="visit", prefecture="広島県", address="広島市中区1-1")["path"]
    assert visitor.post(f"{path}/reschedule", {"slot_id": day[3]["id"]}).status_code == 200


def test_a_move_to_the_other_kind_or_to_nowhere_is_refused(visitor: Visitor) -> None:
    path, visit = visitor.booked()["path"], visitor.slots(kind="visit")[0]
    assert visitor.post(f"{path}/reschedule", {"slot_id": visit["id"]}).status_code == 422
    assert visitor.post(f"{path}/reschedule", {"slot_id": "nowhere"}).status_code == 404
    assert visitor.post(f"{path}/reschedule", {}).json()["error"]["fields"].keys() == {"slot_id"}


def test_once_it_has_begun_nothing_changes_any_more(visitor: Visitor, clock: Clock) -> None:
    path, wanted = visitor.booked()["path"], visitor.slots()[9]
    clock.set("2026-11-26T11:00:01+09:00")
    assert visitor.post(f"{path}/cancel").status_code == 409
    assert visitor.post(f"{path}/reschedule", {"slot_id": wanted["id"]}).status_code == 409
    assert "<form" not in shown(visitor, path).text


@pytest.mark.parametrize("path", ["/bookings/unknown", "/bookings/" + "A" * 43, "/bookings/%00"])
def test_a_wrong_link_is_not_found_for_people_and_programs(visitor: Visitor, path: str) -> None:
    visitor.booked()
    page = shown(visitor, path)
    assert page.status_code == 404
    answer = visitor.client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert visitor.post(f"{path}/cancel").status_code == 404
    assert visitor.client.get(f"{path}.ics").status_code == 404


def test_a_hold_has_no_page(visitor: Visitor, bookings: Any) -> None:
    hold = visitor.hold(visitor.slots()[0]).json()["hold_id"]
    assert shown(visitor, f"/bookings/{bookings.links.token('manage', hold)}").status_code == 404


def test_bodies_of_the_page_are_limited_and_of_known_types(visitor: Visitor) -> None:
    path = visitor.booked()["path"]
    assert visitor.client.post(f"{path}/cancel", data={"sure": "y" * 70_000}).status_code == 413
    headers = {"Content-Type": "text/plain"}
    assert visitor.client.post(f"{path}/cancel", content=b"sure=yes", headers=headers).status_code == 415
    assert (
        visitor.client.post(f"{path}/cancel", content=b"[1]", headers={"Content-Type": "application/json"}).status_code
        == 415
    )
    assert booking_of(visitor).status == "confirmed"

"""The calendar files, read with another library than the one that writes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.bookings.visitor import Visitor

vobject = pytest.importorskip("vobject")


def read(visitor: Visitor, path: str) -> tuple[str, Any]:
    answer = visitor.client.get(f"{path}.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    return answer.content.decode(), vobject.readOne(answer.content.decode())


def test_the_uid_stays_and_the_sequence_rises_from_request_to_cancel(visitor: Visitor) -> None:
    card = visitor.booked()
    _, first = read(visitor, card["path"])
    visitor.post(f"{card['path']}/reschedule", {"slot_id": visitor.slots()[4]["id"]})
    _, moved = read(visitor, card["path"])
    visitor.post(f"{card['path']}/cancel")
    _, cancelled = read(visitor, card["path"])
    files = (first, moved, cancelled)
    assert len({file.vevent.uid.value for file in files}) == 1
    assert [int(file.vevent.sequence.value) for file in files] == [0, 1, 2]
    assert [file.method.value for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [file.vevent.status.value for file in files] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_times_are_in_tokyo_with_its_zone_in_the_file(visitor: Visitor) -> None:
    card = visitor.booked()
    raw, file = read(visitor, card["path"])
    assert "BEGIN:VTIMEZONE" in raw
    assert "DTSTART;TZID=Asia/Tokyo:20261126T110000" in raw
    assert "TZOFFSETTO:+0900" in raw
    assert file.vevent.dtstart.value.isoformat() == card["start"]
    assert file.vevent.dtend.value.isoformat() == card["end"]


def test_lines_end_with_crlf_and_are_folded_at_75_bytes(visitor: Visitor) -> None:
    raw, file = read(visitor, visitor.booked(topic="長い相談" * 100, organization="会社" * 50)["path"])
    assert "\n" not in raw.replace("\r\n", "")
    assert max(len(line.encode()) for line in raw.split("\r\n")) <= 75
    assert "長い相談" * 100 in file.vevent.description.value


def test_guest_and_desk_are_named_and_nothing_can_be_smuggled_in(visitor: Visitor) -> None:
    raw, file = read(
        visitor, visitor.booked(name='花子";X=1:,', topic="一行目\nATTACH:http://evil.example\n;,\\")["path"]
    )
    assert file.vevent.attendee.value.lower() == "mailto:hanako@example.jp"
    assert file.vevent.organizer.value.lower().startswith("mailto:")
    assert "\r\nATTACH" not in raw
    assert "ATTACH:http" in file.vevent.description.value

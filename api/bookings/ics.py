"""Appointments as calendar files (RFC 5545, 5546): one UID for good, a SEQUENCE that rises with each change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event, vCalAddress, vText

from core.clock import TOKYO

PRODUCT = "-//J-Credit assistant//Bookings//JA"


@dataclass(frozen=True)
class Appointment:
    """What a calendar entry tells."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    stamp: datetime
    cancelled: bool
    title: str
    place: str
    about: str
    organizer: tuple[str, str]
    guest: tuple[str, str]


def calendar_file(appointment: Appointment) -> bytes:
    """The file: METHOD REQUEST, or CANCEL for a cancelled appointment; times in Asia/Tokyo with its VTIMEZONE."""
    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", method(appointment))
    file.add_component(_event(appointment))
    file.add_missing_timezones()
    written: bytes = file.to_ical()
    return written


def method(appointment: Appointment) -> str:
    """What the file asks a calendar to do."""
    return "CANCEL" if appointment.cancelled else "REQUEST"


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamp)
    event.add("dtstart", appointment.start.astimezone(TOKYO))
    event.add("dtend", appointment.end.astimezone(TOKYO))
    event.add("summary", vText(appointment.title, params={"LANGUAGE": "ja"}))
    event.add("location", appointment.place)
    event.add("description", appointment.about)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("organizer", _person(*appointment.organizer))
    event.add("attendee", _person(*appointment.guest, role="REQ-PARTICIPANT"))
    return event


def _person(name: str, email: str, role: str | None = None) -> vCalAddress:
    person = vCalAddress(f"MAILTO:{email}")
    person.params["CN"] = vText(name)
    if role:
        person.params["ROLE"] = vText(role)
        person.params["RSVP"] = vText("FALSE")
    return person

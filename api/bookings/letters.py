"""Turns a notice of the outbox into a mail, with what the booking says at the moment of sending."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from api.bookings.ics import Appointment, calendar_file, method
from api.bookings.models import Booking
from api.bookings.wording import spoken
from api.links import Links
from api.outbox.models import Notice
from api.render import BOOKING_TEMPLATES
from core.clock import utc_now
from core.settings import Settings
from knowledge.loader import Knowledge
from knowledge.schema_booking import BookingBook

MAILS = Environment(  # noqa: S701 - plain text, nothing to escape
    loader=FileSystemLoader(BOOKING_TEMPLATES / "mails"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
WITH_CALENDAR = {"guest_confirmed", "guest_moved", "guest_cancelled"}


class Letters:
    """Writes mails; the same notice always gets the same Message-ID and date."""

    def __init__(self, book: BookingBook, knowledge: Knowledge, links: Links, settings: Settings) -> None:
        self._texts, self._knowledge, self._links, self._settings = book.texts, knowledge, links, settings

    def write(self, session: Session, notice: Notice) -> EmailMessage | None:
        """The mail, or None when there is nothing left to tell (a reminder of what moved, ended or is past)."""
        booking = session.get(Booking, notice.booking_id) if notice.booking_id else None
        if notice.booking_id and (booking is None or not booking.email or is_stale(notice, booking)):
            return None
        return self._mail(notice, booking)

    def appointment(
        self, booking: Booking, sequence: int, start: datetime, end: datetime, cancelled: bool
    ) -> Appointment:
        """A booking as a calendar entry."""
        kind = self._texts.kinds[booking.kind]
        return Appointment(
            uid=booking.ical_uid,
            sequence=sequence,
            start=start,
            end=end,
            stamp=booking.updated_at,
            cancelled=cancelled,
            title=f"{self._texts.title}（{kind}）",
            place=self.place(booking),
            about=f"{booking.topic or ''}\n\n{self._texts.ics_description}",
            organizer=(self._texts.organizer, self._settings.mail_from),
            guest=(booking.name or "", booking.email or ""),
        )

    def place(self, booking: Booking) -> str:
        """Where it happens."""
        return f"{booking.prefecture} {booking.address}" if booking.kind == "visit" else self._texts.place_web

    def _mail(self, notice: Notice, booking: Booking | None) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        context = self._context(notice, booking)
        mail["Message-ID"] = notice.message_id
        mail["Date"] = format_datetime(notice.due_at or notice.created_at)
        mail["From"] = Address(self._texts.organizer, addr_spec=self._settings.mail_from)
        mail["To"] = self._reader(notice, booking)
        mail["Subject"] = self._texts.subjects[notice.what].format(**context)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(MAILS.get_template(f"{notice.what}.txt").render(context), cte="base64")
        if booking and notice.what in WITH_CALENDAR:
            self._add_calendar(mail, notice, booking)
        return mail

    def _add_calendar(self, mail: EmailMessage, notice: Notice, booking: Booking) -> None:
        start, end = _times(notice)
        cancelled = notice.what == "guest_cancelled"
        entry = self.appointment(booking, notice.data["sequence"], start, end, cancelled)
        parameters = {"method": method(entry), "name": "booking.ics"}
        mail.add_alternative(calendar_file(entry).decode(), subtype="calendar", params=parameters, cte="base64")

    def _context(self, notice: Notice, booking: Booking | None) -> dict[str, object]:
        contact = self._knowledge.contacts["regional"]
        context: dict[str, object] = {"title": self._texts.title, "contact": contact, "texts": self._texts}
        if booking is None:
            return context
        start, end = _times(notice)
        before = datetime.fromisoformat(notice.data.get("before") or notice.data["start"])
        return context | {
            "booking": booking,
            "when": spoken(start, end),
            "before": spoken(before, before + (end - start)),
            "kind": self._texts.kinds[booking.kind],
            "place": self.place(booking),
            "organization": booking.organization,
            "manage_url": self._links.manage_url(booking.id),
        }

    def _reader(self, notice: Notice, booking: Booking | None) -> Address:
        if booking and notice.what.startswith("guest_"):
            return Address(booking.name or "", addr_spec=booking.email or "")
        address = self._settings.staff_email or self._knowledge.contacts["regional"].email
        return Address(self._texts.organizer, addr_spec=address)


def is_stale(notice: Notice, booking: Booking) -> bool:
    """Whether a reminder is no longer true."""
    if notice.what != "guest_reminder":
        return False
    same = booking.status == "confirmed" and booking.sequence == notice.data["sequence"]
    return not same or booking.start_at <= utc_now()


def _times(notice: Notice) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(notice.data["start"]), datetime.fromisoformat(notice.data["end"])

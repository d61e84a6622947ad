"""A notice of a booking as a message in the person's own channel; the web has its mails and pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.bookings.letters import is_stale
from api.bookings.models import Booking
from api.bookings.wording import spoken
from api.channels import outgoing
from api.chat import repository
from api.db.models import Conversation
from api.outbox.models import Notice
from knowledge.schema_booking import BookingBook


class Announcements:
    """Writes the message and queues it in one transaction, so that it is said once."""

    def __init__(self, book: BookingBook) -> None:
        self._texts = book.texts

    def say(self, session: Session, notice: Notice) -> bool:
        """Whether there was somebody to tell, and something still true to tell."""
        booking = session.get(Booking, notice.booking_id) if notice.booking_id else None
        talk = session.get(Conversation, booking.conversation_id) if booking and booking.conversation_id else None
        if booking is None or talk is None or talk.channel in outgoing.PULLED or is_stale(notice, booking):
            return False
        start, end = (datetime.fromisoformat(notice.data[name]) for name in ("start", "end"))
        text = self._texts.chat[notice.what].format(when=spoken(start, end), kind=self._texts.kinds[booking.kind])
        said = repository.add_message(session, talk.id, {"role": "system", "kind": "notice", "text": text})
        outgoing.post(session, talk, [said.id])
        return True

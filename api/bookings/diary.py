"""What is written down when a booking changes: the event, and the notices to guest and staff."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.bookings.models import Booking, BookingEvent
from api.bookings.wording import iso
from api.outbox.queue import REMIND_BEFORE, Outbox
from core.clock import utc_now


class Diary:
    """Writes in the transaction of the change itself, so that neither is ever there without the other."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def log(self, session: Session, booking: Booking, event: str, by: str, data: dict[str, Any] | None = None) -> None:
        """That something happened, and through whom: guest, chat, staff or system."""
        session.add(BookingEvent(booking_id=booking.id, event=event, by=by, data=data or {}, created_at=utc_now()))

    def tell(self, session: Session, booking: Booking, what: str, by: str, data: dict[str, Any] | None = None) -> None:
        """Puts the notices of a change into the outbox; the reminder follows the appointment.

        What was done in the conversation itself was said there; what happened elsewhere is told there as well.
        """
        snapshot = {"start": iso(booking.start_at), "end": iso(booking.end_at), "sequence": booking.sequence}
        key = f"{booking.id}:{booking.sequence}"
        self._outbox.take_back_reminders(session, booking.id)
        for reader in ("guest", "staff"):
            self._outbox.put(session, f"{reader}_{what}", key, booking_id=booking.id, data=snapshot | (data or {}))
        if booking.conversation_id and by != "chat":
            self._outbox.put(session, f"guest_{what}", key, booking_id=booking.id, channel="chat", data=snapshot)
        remind_at = booking.start_at - REMIND_BEFORE
        if booking.status == "confirmed" and remind_at > utc_now():
            for channel in ("email", "chat") if booking.conversation_id else ("email",):
                self._outbox.put(
                    session,
                    "guest_reminder",
                    key,
                    booking_id=booking.id,
                    channel=channel,
                    due_at=remind_at,
                    data=snapshot,
                )

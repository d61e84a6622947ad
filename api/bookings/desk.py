"""The booking desk: holds, confirms, moves, cancels and closes, each inside its caller's transaction."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.bookings import calendar
from api.bookings.diary import Diary
from api.bookings.errors import SlotTaken
from api.bookings.models import Booking, UsedKey
from api.bookings.requests import Guest, place_of_visit
from api.bookings.slots import Slot
from api.bookings.wording import iso, spoken
from api.db.models import Conversation
from api.ids import digest, new_id
from api.links import Links
from core.clock import TOKYO, today, utc_now
from core.errors import Conflict, InvalidInput, NotFound
from knowledge.loader import Knowledge
from knowledge.schema_booking import BookingBook, Kind

ALTERNATIVES = 3
FORGET_HOLDS_AFTER, FORGET_KEYS_AFTER = timedelta(days=1), timedelta(days=7)


class BookingDesk:
    """Keeps the states held → confirmed → cancelled | done | no_show; a step changes a row only from its own state."""

    def __init__(self, book: BookingBook, knowledge: Knowledge, links: Links, diary: Diary, domain: str) -> None:
        self.book, self.knowledge, self.links = book, knowledge, links
        self._diary, self._domain, self._said = diary, domain, book.texts.refusals

    # What there is

    def free_between(
        self, session: Session, kind: Kind, first: date, last: date, besides: str | None = None
    ) -> list[Slot]:
        """The free slots of these days, in order; the time of booking `besides` counts as free."""
        return calendar.free_slots(session, self.book, kind, first, last, utc_now(), besides)

    def free_slots(
        self, session: Session, kind: Kind, first: date, last: date, besides: str | None = None
    ) -> list[dict[str, str]]:
        """The same as {id, start, end}."""
        return [self.as_slot(slot) for slot in self.free_between(session, kind, first, last, besides)]

    def near(self, session: Session, kind: Kind, wanted: datetime) -> list[Slot]:
        """Three free slots near a moment."""
        return calendar.nearest(session, self.book, kind, wanted, utc_now(), ALTERNATIVES)

    def alternatives(self, session: Session, kind: Kind, wanted: datetime) -> list[dict[str, str]]:
        """The same as {id, start, end}."""
        return [self.as_slot(slot) for slot in self.near(session, kind, wanted)]

    def described(self, session: Session, conversation_id: str) -> list[dict[str, Any]]:
        """The bookings of a conversation as cards with `label`, and whether they can still be changed."""
        wanted = sa.select(Booking).where(Booking.conversation_id == conversation_id, Booking.status != "held")
        return [
            self.card(found)
            | {
                "label": spoken(found.start_at, found.end_at, today()),
                "changeable": found.status == "confirmed" and found.start_at > utc_now(),
            }
            for found in session.scalars(wanted.order_by(Booking.created_at.desc()))
        ]

    def bookings_of(self, session: Session, conversation_id: str) -> list[dict[str, Any]]:
        """The bookings of a conversation as cards, newest first; no holds."""
        wanted = sa.select(Booking).where(Booking.conversation_id == conversation_id, Booking.status != "held")
        return [self.card(found) for found in session.scalars(wanted.order_by(Booking.created_at.desc()))]

    def by_token(self, session: Session, token: str) -> Booking:
        """The booking that a manage link opens. Raises NotFound."""
        found = session.scalar(sa.select(Booking).where(Booking.token_hash == digest(token)))
        if found is None or found.status == "held":
            raise NotFound(self._said["link_unknown"])
        return found

    def as_slot(self, slot: Slot) -> dict[str, str]:
        """A slot as clients get it."""
        payload = f"{slot.calendar_id}|{slot.kind}|{int(slot.start.timestamp())}"
        return {"id": self.links.sign(payload), "start": iso(slot.start), "end": iso(slot.end)}

    def card(self, booking: Booking) -> dict[str, Any]:
        """The Booking card without its links, which are added when it is shown."""
        return {
            "type": "booking",
            "booking_id": booking.id,
            "status": booking.status,
            "start": iso(booking.start_at),
            "end": iso(booking.end_at),
            "kind": booking.kind,
        }

    # What can be done

    def hold_slot(
        self, session: Session, slot_id: str, kind: Kind, conversation_id: str | None = None, by: str = "guest"
    ) -> Booking:
        """Keeps a slot for some minutes; a conversation's earlier hold is given back. Raises SlotTaken, NotFound."""
        moment, slot = utc_now(), self._slot(slot_id, kind)
        self._known(session, conversation_id)
        if conversation_id:
            self._give_back_holds(session, conversation_id)
        period = self.book.calendars[slot.calendar_id].on(slot.day)
        assert period is not None
        held = self._new_hold(slot, moment, timedelta(minutes=period.hold_minutes), conversation_id)
        session.add(held)
        session.flush()
        calendar.occupy(session, self.book, slot, held.id, moment, self._said["slot_taken"])
        self._diary.log(session, held, "held", by)
        return held

    def confirm_booking(
        self,
        session: Session,
        guest: Guest,
        slot_id: str | None = None,
        hold_id: str | None = None,
        conversation_id: str | None = None,
        by: str = "guest",
    ) -> dict[str, Any]:
        """Books a slot, or what was held; returns the card. Raises SlotTaken, NotFound, InvalidInput."""
        self._known(session, conversation_id)
        if hold_id:
            held = self._held(session, hold_id, guest.kind)
        else:
            held = self._own_hold(session, slot_id or "", guest.kind, conversation_id) or self.hold_slot(
                session, slot_id or "", guest.kind, conversation_id, by
            )
        self._confirm(session, held, guest, conversation_id or held.conversation_id)
        self._diary.log(session, held, "confirmed", by)
        self._diary.tell(session, held, "confirmed", by)
        return self.card(held)

    def move_booking(self, session: Session, booking_id: str, slot_id: str, by: str = "guest") -> dict[str, Any]:
        """Moves a confirmed booking to another free slot of its kind. Raises SlotTaken, Conflict, NotFound."""
        booking, moment = self._changeable(session, booking_id), utc_now()
        slot, before = self._slot(slot_id, booking.kind, besides=booking), booking.start_at
        if slot.start == before and slot.calendar_id == booking.calendar_id:
            return self.card(booking)
        changed = {"calendar_id": slot.calendar_id, "start_at": slot.start, "end_at": slot.end}
        self._change(session, booking, "confirmed", sequence=booking.sequence + 1, **changed)
        calendar.release(session, booking.id)
        calendar.occupy(session, self.book, slot, booking.id, moment, self._said["slot_taken"])
        self._diary.log(session, booking, "moved", by, {"from": iso(before), "to": iso(slot.start)})
        self._diary.tell(session, booking, "moved", by, {"before": iso(before)})
        return self.card(booking)

    def cancel_booking(self, session: Session, booking_id: str, by: str = "guest") -> dict[str, Any]:
        """Cancels a confirmed booking and frees its time; one already cancelled stays so. Raises Conflict, NotFound."""
        booking = self._booking(session, booking_id)
        if booking.status == "cancelled":
            return self.card(booking)
        self._changeable(session, booking_id)
        self._change(session, booking, "confirmed", status="cancelled", sequence=booking.sequence + 1)
        calendar.release(session, booking.id)
        self._diary.log(session, booking, "cancelled", by)
        self._diary.tell(session, booking, "cancelled", by)
        return self.card(booking)

    def close_booking(self, session: Session, booking_id: str, status: str, by: str = "staff") -> dict[str, Any]:
        """Marks an appointment whose time is over as done or no_show. Raises Conflict."""
        booking = self._booking(session, booking_id)
        if status not in ("done", "no_show"):
            raise InvalidInput("done か no_show を選んでください。", fields={"status": "done か no_show"})
        if booking.start_at > utc_now():
            raise Conflict(self._said["not_yet"])
        self._change(session, booking, "confirmed", status=status)
        self._diary.log(session, booking, status, by)
        return self.card(booking)

    def forget_conversation(self, session: Session, conversation_id: str) -> list[dict[str, Any]]:
        """Cuts bookings off from an erased conversation and gives holds back; returns the appointments that stay."""
        self._give_back_holds(session, conversation_id)
        kept = session.scalars(sa.select(Booking).where(Booking.conversation_id == conversation_id)).all()
        for booking in kept:
            booking.conversation_id = None
            self._diary.log(session, booking, "forgotten", "guest")
        session.flush()
        return [self.card(b) for b in kept if b.status == "confirmed" and b.start_at > utc_now()]

    def sweep(self, session: Session) -> None:
        """Removes holds that ended long ago, and keys that nobody will send again."""
        session.execute(sa.delete(UsedKey).where(UsedKey.created_at < utc_now() - FORGET_KEYS_AFTER))
        session.execute(
            sa.delete(Booking)
            .where(Booking.status == "held", Booking.expires_at < utc_now() - FORGET_HOLDS_AFTER)
            .execution_options(synchronize_session=False)
        )

    # How

    def _slot(self, slot_id: str, kind: str, besides: Booking | None = None) -> Slot:
        parts = (self.links.unsign(slot_id) or "").split("|")
        if len(parts) != 3 or parts[1] not in ("web", "visit"):
            raise NotFound(self._said["slot_unknown"])
        calendar_id, its_kind, seconds = parts
        if its_kind != kind:
            raise InvalidInput(self._said["other_kind"], fields={"slot_id": self._said["other_kind"]})
        start = datetime.fromtimestamp(int(seconds), UTC)
        if besides and (start, calendar_id) == (besides.start_at, besides.calendar_id):
            around = (besides.start_at, besides.end_at)
            return Slot(*around, calendar_id, "web" if its_kind == "web" else "visit", *around)
        found_kind: Kind = "web" if its_kind == "web" else "visit"
        return calendar.offered_slot(self.book, calendar_id, found_kind, start, utc_now(), self._said["slot_gone"])

    def _new_hold(self, slot: Slot, moment: datetime, length: timedelta, conversation_id: str | None) -> Booking:
        booking_id = new_id()
        return Booking(
            id=booking_id,
            calendar_id=slot.calendar_id,
            kind=slot.kind,
            status="held",
            start_at=slot.start,
            end_at=slot.end,
            expires_at=moment + length,
            conversation_id=conversation_id,
            token_hash=digest(self.links.token("manage", booking_id)),
            ical_uid=f"{booking_id}@{self._domain}",
            sequence=0,
            created_at=moment,
            updated_at=moment,
        )

    def _held(self, session: Session, hold_id: str, kind: str) -> Booking:
        held = session.get(Booking, hold_id)
        if held is None:
            raise NotFound(self._said["hold_unknown"])
        if held.kind != kind:
            raise InvalidInput(self._said["other_kind"], fields={"kind": self._said["other_kind"]})
        return held

    def _own_hold(self, session: Session, slot_id: str, kind: str, conversation_id: str | None) -> Booking | None:
        if conversation_id is None:
            return None
        payload = (self.links.unsign(slot_id) or "").split("|")
        if len(payload) != 3 or payload[1] != kind:
            return None
        return session.scalar(
            sa.select(Booking).where(
                Booking.conversation_id == conversation_id,
                Booking.calendar_id == payload[0],
                Booking.start_at == datetime.fromtimestamp(int(payload[2]), UTC),
                Booking.kind == kind,
                Booking.status == "held",
                Booking.expires_at > utc_now(),
            )
        )

    def _confirm(self, session: Session, held: Booking, guest: Guest, conversation_id: str | None) -> None:
        moment = utc_now()
        where: dict[str, str | None] = {"prefecture": None, "address": None}
        if guest.kind == "visit":
            period = self.book.calendars[held.calendar_id].on(held.start_at.astimezone(TOKYO).date())
            assert period is not None
            where["prefecture"], where["address"] = place_of_visit(guest, period, self.book, self.knowledge)
        known = guest.model_dump(include={"name", "organization", "email", "phone", "topic"})
        link = {"conversation_id": conversation_id, "consent_at": moment, "expires_at": None}
        self._change(session, held, "held", status="confirmed", **known, **where, **link)

    def _change(self, session: Session, booking: Booking, state: str, **values: Any) -> None:
        """Changes a booking only if it is still in `state` and nobody changed it meanwhile."""
        same = [Booking.id == booking.id, Booking.status == state, Booking.sequence == booking.sequence]
        if state == "held":
            same.append(Booking.expires_at > utc_now())
        update = sa.update(Booking).where(*same).values(**values, updated_at=utc_now())
        done = session.execute(update.execution_options(synchronize_session=False))
        if done.rowcount != 1:  # type: ignore[attr-defined]
            if state == "held":
                raise SlotTaken(self._said["hold_over"], booking.kind, booking.start_at)
            raise Conflict(self._said["changed"])
        session.refresh(booking)

    def _changeable(self, session: Session, booking_id: str) -> Booking:
        booking = self._booking(session, booking_id)
        if booking.status == "cancelled":
            raise Conflict(self._said["not_confirmed"])
        if booking.status != "confirmed" or booking.start_at <= utc_now():
            raise Conflict(self._said["over"])
        return booking

    def _booking(self, session: Session, booking_id: str) -> Booking:
        booking = session.get(Booking, booking_id, populate_existing=True)
        if booking is None or booking.status == "held":
            raise NotFound(self._said["link_unknown"])
        return booking

    def _known(self, session: Session, conversation_id: str | None) -> None:
        if conversation_id is not None and session.get(Conversation, conversation_id) is None:
            raise NotFound("この会話は見つかりません。新しい会話を始めてください。")

    def _give_back_holds(self, session: Session, conversation_id: str) -> None:
        session.execute(
            sa.delete(Booking)
            .where(Booking.conversation_id == conversation_id, Booking.status == "held")
            .execution_options(synchronize_session=False)
        )

"""Carries out what an action asks to be stored, inside the transaction that stores the turn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from api.bookings.desk import BookingDesk
from api.bookings.errors import SlotTaken
from api.bookings.models import Booking
from api.bookings.requests import as_guest
from api.bookings.service import Bookings
from api.bookings.wording import spoken
from api.cases.service import Cases
from api.chat.codes import make_code
from api.db.models import Conversation
from api.ids import new_id
from api.inquiries import handoff
from api.links import Links
from api.outbox.queue import Outbox
from core.clock import today
from core.errors import InvalidInput, JCreditError, NotFound

log = structlog.get_logger("commands")
GUEST = ("kind", "name", "organization", "email", "phone", "prefecture", "address", "topic", "consent")
BY = "chat"


class Commands:
    """hold · book · cancel_booking · move_booking · case · handoff · continue."""

    def __init__(self, bookings: Bookings, cases: Cases) -> None:
        self._desk: BookingDesk = bookings.desk
        self._outbox: Outbox = bookings.outbox
        self._cases, self._knowledge = cases, bookings.knowledge
        self._does = {
            "hold": self._hold,
            "book": self._book,
            "cancel_booking": self._cancel,
            "move_booking": self._move,
            "case": self._case,
            "handoff": self._hand_off,
            "continue": self._continue,
        }

    def carry_out(self, session: Session, conversation: Conversation, command: dict[str, Any]) -> dict[str, Any] | None:
        """Does what `command["type"]` says; returns the card to show. Raises SlotTaken and other JCreditErrors."""
        does = self._does.get(command.get("type", ""))
        if does is None:
            raise InvalidInput("この操作はできません。")
        return does(session, conversation, command)

    def settle(self, session: Session, conversation: Conversation, message: dict[str, Any]) -> dict[str, Any]:
        """The message with its command done and its card; when that fails, a message that says so and what is free."""
        command = message.get("command")
        if not command:
            return message
        try:
            with session.begin_nested():
                card = self.carry_out(session, conversation, command)
        except SlotTaken as lost:
            return self._lost(session, lost)
        except JCreditError as error:
            log.warning("command_refused", command=command.get("type"), code=error.error_code)
            return {"kind": "notice", "text": error.message}
        if card and card["type"] == "code":
            return message | {"text": message["text"].format(code=card["code"])}
        return message | ({"card": card} if card else {})

    def forget(self, session: Session, conversation_id: str) -> list[dict[str, Any]]:
        """What an erased conversation leaves behind goes; returns the appointments that stay."""
        self._cases.forget(session, conversation_id)
        return self._desk.forget_conversation(session, conversation_id)

    def erased(self, kept: list[dict[str, Any]], links: Links) -> str:
        """What a person reads after erasing: that it is done, which appointments stay, and how to cancel them."""
        texts = self._desk.book.texts
        lines = [texts.chat["erased"]]
        for card in kept:
            when = spoken(datetime.fromisoformat(card["start"]), datetime.fromisoformat(card["end"]))
            url = links.manage_url(card["booking_id"])
            lines.append(texts.chat["kept"].format(when=when, kind=texts.kinds[card["kind"]], manage_url=url))
        return "\n".join(lines)

    def _hold(self, session: Session, conversation: Conversation, command: dict[str, Any]) -> None:
        self._desk.hold_slot(session, command.get("slot_id", ""), command.get("kind", ""), conversation.id, BY)

    def _book(self, session: Session, conversation: Conversation, command: dict[str, Any]) -> dict[str, Any]:
        guest = as_guest({key: command[key] for key in GUEST if command.get(key) is not None})
        return self._desk.confirm_booking(
            session, guest, slot_id=command.get("slot_id", ""), conversation_id=conversation.id, by=BY
        )

    def _cancel(self, session: Session, conversation: Conversation, command: dict[str, Any]) -> dict[str, Any]:
        booking_id = self._own(session, conversation, command)
        return self._desk.cancel_booking(session, booking_id, BY)

    def _move(self, session: Session, conversation: Conversation, command: dict[str, Any]) -> dict[str, Any]:
        booking_id = self._own(session, conversation, command)
        return self._desk.move_booking(session, booking_id, command.get("slot_id", ""), BY)

    def _case(self, session: Session, conversation: Conversation, command: dict[str, Any]) -> dict[str, Any]:
        return self._cases.store(session, conversation.id, command.get("data", {}))

    def _hand_off(self, session: Session, conversation: Conversation, _: dict[str, Any]) -> None:
        if conversation.handoff == "bot":
            conversation.handoff = "waiting"
            handoff.wait(session, conversation.id)
            self._outbox.put(session, "staff_handoff", new_id())

    @staticmethod
    def _continue(session: Session, conversation: Conversation, _: dict[str, Any]) -> dict[str, Any]:
        return {"type": "code", "code": make_code(session, conversation.id)}

    def _own(self, session: Session, conversation: Conversation, command: dict[str, Any]) -> str:
        booking = session.get(Booking, command.get("booking_id", ""))
        if booking is None or booking.conversation_id != conversation.id:
            raise NotFound(self._desk.book.texts.refusals["link_unknown"])
        return booking.id

    def _lost(self, session: Session, lost: SlotTaken) -> dict[str, Any]:
        near = self._desk.near(session, lost.kind, lost.wanted)
        said, contact = self._desk.book.texts.chat, self._knowledge.contacts["regional"]
        text = said["alternatives" if near else "full"]
        choices = [
            {
                "label": spoken(slot.start, slot.end, today()),
                "ref": {"type": "field", "field": "slot", "value": self._desk.as_slot(slot)["id"]},
            }
            for slot in near
        ]
        return {
            "kind": "slots" if near else "notice",
            "text": text.format(reason=lost.message, phone=contact.phone, as_of=contact.as_of),
            "choices": choices,
            "ask": {"field": "slot", "type": "choice"} if near else None,
        }

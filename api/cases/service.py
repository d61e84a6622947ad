"""Keeps verdicts and estimates of conversations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.cases.models import Case
from api.ids import digest, new_id
from api.links import Links
from core.clock import utc_now
from core.errors import InvalidInput, NotFound
from knowledge.schema_booking import BookingBook

KINDS = ("estimate", "verdict")
FOR_STAFF = ("answers", "outcomes", "application_date", "release")
"""Kept with the case, but no part of the card that people get."""


class Cases:
    """Stores results under the release that made them; only their printing link's hash is kept."""

    def __init__(self, book: BookingBook, links: Links, release: str) -> None:
        self._said, self._links, self._release = book.texts.refusals, links, release

    def store(self, session: Session, conversation_id: str, data: dict[str, Any]) -> dict[str, Any]:
        """Keeps a card of type estimate or verdict; returns what people get of it. Raises InvalidInput."""
        if data.get("type") not in KINDS:
            raise InvalidInput("結果の種類が分かりません。", fields={"type": "estimate か verdict"})
        case_id = new_id()
        card = {**data, "id": case_id}
        session.add(
            Case(
                id=case_id,
                conversation_id=conversation_id,
                kind=data["type"],
                data=card,
                release=self._release,
                token_hash=digest(self._links.token("print", case_id)),
                created_at=utc_now(),
            )
        )
        session.flush()
        return {name: value for name, value in card.items() if name not in FOR_STAFF}

    def by_token(self, session: Session, token: str) -> Case:
        """The case that a printing link opens. Raises NotFound."""
        found = session.scalar(sa.select(Case).where(Case.token_hash == digest(token)))
        if found is None:
            raise NotFound(self._said["print_unknown"])
        return found

    def of(self, session: Session, conversation_id: str) -> list[dict[str, Any]]:
        """The cards of a conversation, newest first."""
        wanted = (
            sa.select(Case).where(Case.conversation_id == conversation_id).order_by(Case.created_at.desc(), Case.id)
        )
        return [case.data for case in session.scalars(wanted)]

    def forget(self, session: Session, conversation_id: str) -> None:
        """Removes the cases of an erased conversation."""
        session.execute(sa.delete(Case).where(Case.conversation_id == conversation_id))

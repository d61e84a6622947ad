"""「続きをLINEで」: a short-lived code that opens a conversation, with its case and booking, elsewhere, once."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.db.models import Base, Conversation
from api.ids import digest
from core.clock import utc_now

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that look alike
LENGTH, HALF = 8, 4
VALID_FOR = timedelta(minutes=10)
WRITTEN = re.compile(f"([{LETTERS}]{{{HALF}}})[- ]?([{LETTERS}]{{{HALF}}})")


class ContinueCode(Base):
    """A short-lived code that opens a conversation on another channel, once. Only its hash is kept."""

    __tablename__ = "continue_codes"

    code_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def make_code(session: Session, conversation_id: str) -> str:
    """A new code for a conversation, as people read it (ABCD-2345); an earlier one stops working."""
    session.execute(sa.delete(ContinueCode).where(ContinueCode.conversation_id == conversation_id))
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    expires_at = utc_now() + VALID_FOR
    session.add(ContinueCode(code_hash=digest(code), conversation_id=conversation_id, expires_at=expires_at))
    return f"{code[:HALF]}-{code[HALF:]}"


def written_code(text: str) -> str | None:
    """The code that a message consists of, whatever the width and case of its letters."""
    found = WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    return "".join(found.groups()) if found else None


def redeem(session: Session, code: str) -> Conversation | None:
    """The conversation behind a code, which is used up now. None: unknown, used or too old."""
    row = session.get(ContinueCode, digest(code), with_for_update=True)
    if row is None or row.used_at or row.expires_at < utc_now():
        return None
    row.used_at = utc_now()
    return session.get_one(Conversation, row.conversation_id)

"""A verdict or an estimate as it was shown, for staff and for printing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models import Base


class Case(Base):
    """One result of a conversation; goes when the conversation is erased."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    data: Mapped[dict[str, Any]]
    release: Mapped[str] = mapped_column(sa.String(64))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]

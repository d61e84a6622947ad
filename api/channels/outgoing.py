"""What goes out to a person outside a turn: a word of the staff, a notice of the system."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.db.models import Conversation

PULLED = frozenset({"web"})
"""Channels that fetch their messages themselves."""


def post(session: Session, conversation: Conversation, message_ids: list[str]) -> None:
    """Queues stored messages for the person's own channel, in the caller's transaction."""
    if conversation.channel in PULLED:
        return

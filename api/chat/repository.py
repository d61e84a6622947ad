"""What the chat reads and writes, each function inside one transaction of its caller."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.chat.contract import Choice, Message
from api.db.models import ChoiceRecord, Conversation, Erasure, Feedback, MessageRecord, TurnRecord
from api.ids import digest, new_id, new_token, same
from api.inquiries import indexing
from api.privacy.masking import mask
from core.clock import TOKYO, utc_now
from core.errors import Conflict, NotFound

PARTS = ("knowledge", "sources", "ask", "card", "plain_text")
DONE = {"answered", "clarified", "declined", "asked", "staffed"}


def start_conversation(
    session: Session, channel: str, greeting: list[dict[str, Any]]
) -> tuple[str, str, list[Message]]:
    """A new conversation with its greeting: id, token, messages."""
    token, moment = new_token(), utc_now()
    conversation = Conversation(
        id=new_id(), token_hash=digest(token), channel=channel, handoff="bot", created_at=moment, updated_at=moment
    )
    session.add(conversation)
    session.flush()
    shown = [add_message(session, conversation.id, said) for said in greeting]
    return conversation.id, token, shown


def authorised(session: Session, conversation_id: str, token: str) -> Conversation:
    """The conversation that this token opens; unknown, erased and somebody else's look alike."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None or not same(token, conversation.token_hash):
        raise NotFound("この会話は見つかりません。新しい会話を始めてください。")
    return conversation


def add_message(session: Session, conversation_id: str, said: dict[str, Any], turn_id: int | None = None) -> Message:
    """Stores one neutral message; its buttons get opaque ids."""
    record = MessageRecord(
        id=new_id(),
        conversation_id=conversation_id,
        turn_id=turn_id,
        role=said.get("role", "bot"),
        kind=said["kind"],
        text=said["text"],
        masked_text=said["masked_text"] if "masked_text" in said else mask(said["text"]),
        parts={key: said[key] for key in PARTS if said.get(key)},
        created_at=utc_now(),
        choices=[
            ChoiceRecord(id=new_id(), position=i, label=choice["label"], ref=choice["ref"])
            for i, choice in enumerate(said.get("choices") or [])
        ],
    )
    session.add(record)
    session.flush()
    return as_message(record)


def as_message(record: MessageRecord) -> Message:
    """A stored message as the contract shows it."""
    return Message(
        id=record.id,
        role=record.role,
        kind=record.kind,
        text=record.text,
        created_at=record.created_at.astimezone(TOKYO).isoformat(timespec="milliseconds"),
        choices=[Choice(id=choice.id, label=choice.label) for choice in record.choices],
        **record.parts,
    )


def history(session: Session, conversation_id: str, after: str | None) -> list[Message]:
    """All messages, or those after one of them."""
    wanted = sa.select(MessageRecord).where(MessageRecord.conversation_id == conversation_id)
    if after:
        wanted = wanted.where(MessageRecord.seq > _own_message(session, conversation_id, after).seq)
    return [as_message(record) for record in session.scalars(wanted.order_by(MessageRecord.seq))]


def turn_of(session: Session, conversation_id: str, client_message_id: str) -> TurnRecord | None:
    """The turn that this client id was used for."""
    return session.scalar(
        sa.select(TurnRecord).where(
            TurnRecord.conversation_id == conversation_id, TurnRecord.client_message_id == client_message_id
        )
    )


def replies_of(session: Session, turn: TurnRecord) -> list[Message]:
    """What a turn was answered with."""
    wanted = sa.select(MessageRecord).where(MessageRecord.turn_id == turn.id, MessageRecord.role != "user")
    return [as_message(record) for record in session.scalars(wanted.order_by(MessageRecord.seq))]


def forget_replies(session: Session, turn: TurnRecord) -> None:
    """Takes back the sorry message of a failed turn before it runs again."""
    wanted = sa.select(MessageRecord).where(MessageRecord.turn_id == turn.id, MessageRecord.role != "user")
    for record in session.scalars(wanted):
        session.delete(record)


def chosen_refs(session: Session, conversation_id: str, choice_ids: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Label and meaning of pressed buttons. Raises Conflict for buttons of another conversation."""
    wanted = (
        sa.select(ChoiceRecord)
        .join(MessageRecord, MessageRecord.seq == ChoiceRecord.message_seq)
        .where(ChoiceRecord.id.in_(choice_ids), MessageRecord.conversation_id == conversation_id)
    )
    found = {choice.id: choice for choice in session.scalars(wanted)}
    if len(found) != len(set(choice_ids)):
        raise Conflict("この会話のボタンではありません。画面を読み直してから、もう一度選んでください。")
    return [(found[i].label, found[i].ref) for i in dict.fromkeys(choice_ids)]


def save_feedback(session: Session, conversation_id: str, message_id: str, rating: str, comment: str | None) -> None:
    """Keeps the last opinion on a message."""
    message = _own_message(session, conversation_id, message_id)
    masked = mask(comment) if comment else None
    session.merge(
        Feedback(message_seq=message.seq, rating=rating, comment=comment, masked_comment=masked, created_at=utc_now())
    )
    indexing.mark_disliked(session, message.turn_id, rating == "bad")


def asked_field(session: Session, conversation_id: str) -> str | None:
    """The field that the last message of the bot asks for."""
    wanted = sa.select(MessageRecord.parts).where(
        MessageRecord.conversation_id == conversation_id, MessageRecord.role == "bot"
    )
    parts = session.scalar(wanted.order_by(MessageRecord.seq.desc()).limit(1))
    field = ((parts or {}).get("ask") or {}).get("field")
    return field if isinstance(field, str) else None


def erase(session: Session, conversation_id: str) -> str:
    """Removes the conversation with everything under it; returns the receipt."""
    turns = session.scalar(
        sa.select(sa.func.count()).select_from(TurnRecord).where(TurnRecord.conversation_id == conversation_id)
    )
    indexing.forget(session, conversation_id)
    messages = sa.select(MessageRecord.seq).where(MessageRecord.conversation_id == conversation_id)
    session.execute(sa.delete(ChoiceRecord).where(ChoiceRecord.message_seq.in_(messages)))
    session.execute(sa.delete(Feedback).where(Feedback.message_seq.in_(messages)))
    session.execute(sa.delete(MessageRecord).where(MessageRecord.conversation_id == conversation_id))
    session.execute(sa.delete(TurnRecord).where(TurnRecord.conversation_id == conversation_id))
    session.execute(sa.delete(Conversation).where(Conversation.id == conversation_id))
    receipt = new_id()
    session.add(Erasure(receipt=receipt, turns=turns or 0, created_at=utc_now()))
    return receipt


def _own_message(session: Session, conversation_id: str, message_id: str) -> MessageRecord:
    record = session.scalar(
        sa.select(MessageRecord).where(MessageRecord.id == message_id, MessageRecord.conversation_id == conversation_id)
    )
    if record is None:
        raise NotFound("このメッセージは見つかりません。画面を読み直してください。")
    return record

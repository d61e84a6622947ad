"""A person of the staff answers in place of the assistant: taken, replied, released; each inside one transaction."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.channels import outgoing
from api.chat import repository
from api.console.audit import audit
from api.console.staff import Staff
from api.db.models import Conversation
from api.inquiries.models import Handoff
from core.clock import utc_now
from core.errors import Conflict, InvalidInput, NotFound
from knowledge.schema import Strict, Text
from knowledge.yaml_file import read_model

LONGEST_REPLY = 2000


class HandoffTexts(Strict):
    """What the person reads."""

    taken: Text
    released: Text


TEXTS = read_model(Path(__file__).resolve().parent / "texts.yaml", HandoffTexts)


def wait(session: Session, conversation_id: str) -> None:
    """A person asked for a human."""
    session.add(Handoff(conversation_id=conversation_id, waiting_since=utc_now()))


def take(session: Session, staff: Staff, conversation_id: str) -> None:
    """From now on this person of the staff answers, whoever did before. Raises NotFound."""
    conversation = _locked(session, conversation_id)
    held = current(session, conversation_id)
    if conversation.handoff == "staff" and held and held.staff_id == staff.id:
        return
    if held and held.staff_id:
        held.released_at = utc_now()
    if held is None or held.released_at:
        held = Handoff(conversation_id=conversation_id, waiting_since=utc_now())
        session.add(held)
    held.taken_at, held.staff_id, conversation.handoff = utc_now(), staff.id, "staff"
    _tell(session, conversation, "system", "notice", TEXTS.taken.format(name=staff.name))
    audit(session, staff, "conversation.take", conversation_id)


def reply(session: Session, staff: Staff, conversation_id: str, text: str) -> None:
    """One message of the staff. Raises InvalidInput, and Conflict when somebody else answers."""
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_REPLY:
        raise InvalidInput(f"返事を1文字以上{LONGEST_REPLY:,}文字までで書いてください。")
    conversation = _locked(session, conversation_id)
    held = current(session, conversation_id)
    if conversation.handoff != "staff" or held is None or held.staff_id != staff.id:
        raise Conflict("この会話は、いまあなたの担当ではありません。先に「引き受ける」を押してください。")
    _tell(session, conversation, "staff", "answer", text)
    audit(session, staff, "conversation.reply", conversation_id)


def release(session: Session, staff: Staff, conversation_id: str) -> None:
    """The assistant answers again. Raises Conflict when it already does."""
    conversation = _locked(session, conversation_id)
    if conversation.handoff == "bot":
        raise Conflict("この会話は、すでに自動で応答しています。")
    held = current(session, conversation_id)
    if held:
        held.released_at = utc_now()
    conversation.handoff = "bot"
    _tell(session, conversation, "system", "notice", TEXTS.released)
    audit(session, staff, "conversation.release", conversation_id)


def current(session: Session, conversation_id: str) -> Handoff | None:
    """The hand-off that is not over."""
    wanted = sa.select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.released_at.is_(None))
    return session.scalars(wanted.order_by(Handoff.id.desc())).first()


def _locked(session: Session, conversation_id: str) -> Conversation:
    found = session.get(Conversation, conversation_id, with_for_update=True)
    if found is None:
        raise NotFound("この会話は見つかりません。消された可能性があります。")
    return found


def _tell(session: Session, conversation: Conversation, role: str, kind: str, text: str) -> None:
    said = repository.add_message(session, conversation.id, {"role": role, "kind": kind, "text": text})
    outgoing.post(session, conversation, [said.id])
    conversation.updated_at = utc_now()

"""Threads and the conversations held in them; each function runs inside one transaction of its caller."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.channels.events import Event
from api.channels.models import Arrival, Thread
from api.chat import repository
from api.chat.codes import redeem
from api.db.models import Conversation, MessageRecord, TurnRecord
from core.clock import utc_now

UNSAID = "（送信が取り消されました）"


def thread_of(session: Session, channel: str, key: str) -> Thread:
    """The thread of a place on a platform; a new one when nobody spoke there yet."""
    wanted = sa.select(Thread).where(Thread.channel == channel, Thread.key == key)
    found = session.scalar(wanted)
    if found:
        return found
    moment = utc_now()
    new = Thread(channel=channel, key=key, created_at=moment, updated_at=moment)
    try:
        with session.begin_nested():
            session.add(new)
            session.flush()
    except IntegrityError:  # another delivery was faster
        return session.scalars(wanted).one()
    return new


def keep_events(session: Session, channel: str, events: list[Event]) -> int:
    """Writes down events that are new; returns how many. The same event again changes nothing."""
    new = 0
    for event in events:
        thread = thread_of(session, channel, event.thread)
        row = Arrival(
            channel=channel,
            event_id=event.id,
            thread_id=thread.id,
            event=event.model_dump(exclude_defaults=True),
            received_at=utc_now(),
            attempts=0,
        )
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError:
            continue
        new += 1
    return new


def conversation_in(session: Session, thread_id: int) -> tuple[Conversation, bool]:
    """The conversation held in a thread, and whether it is new."""
    thread = session.get_one(Thread, thread_id)
    found = session.get(Conversation, thread.conversation_id) if thread.conversation_id else None
    if found:
        return found, False
    conversation_id, _, _ = repository.start_conversation(session, thread.channel, [])
    thread.conversation_id, thread.updated_at = conversation_id, utc_now()
    return session.get_one(Conversation, conversation_id), True


def continue_here(session: Session, thread_id: int, code: str) -> Conversation | None:
    """Moves the conversation behind a code into a thread; None when the code is of no use."""
    conversation, thread = redeem(session, code), session.get_one(Thread, thread_id)
    if conversation is None:
        return None
    before = sa.update(Thread).where(Thread.conversation_id == conversation.id)
    session.execute(before.values(conversation_id=None))
    conversation.channel, conversation.updated_at = thread.channel, utc_now()
    thread.conversation_id, thread.updated_at = conversation.id, utc_now()
    return conversation


def stop(session: Session, thread_id: int, *, stopped: bool = True) -> None:
    """Nothing is sent to a thread that was left; something is again when the person is back."""
    session.get_one(Thread, thread_id).stopped = stopped


def choose_leaving(session: Session, thread_id: int, *, erase: bool) -> None:
    """What leaving shall mean: erase everything, or only stop."""
    session.get_one(Thread, thread_id).erase_on_leaving = erase


def unsay(session: Session, thread_id: int, client_message_id: str) -> None:
    """Takes back the words of a message that the person withdrew; what was answered stays."""
    thread = session.get_one(Thread, thread_id)
    turn = repository.turn_of(session, thread.conversation_id or "", client_message_id)
    if turn is None:
        return
    turn.text, turn.parse = UNSAID, None
    said = sa.update(MessageRecord).where(MessageRecord.turn_id == turn.id, MessageRecord.role == "user")
    session.execute(said.values(text=UNSAID))
    session.execute(sa.update(TurnRecord).where(TurnRecord.id == turn.id).values(slots=None))

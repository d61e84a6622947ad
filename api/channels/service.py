"""Runs the channels: keeps what arrives, answers it, sends what must go out. A kill at any point loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from actions import reply
from api.channels import outgoing, threads
from api.channels.events import Busy, Channel, Event, Refused, Sending
from api.channels.models import Arrival, Departure, Thread
from api.channels.queue import BUSY, free_leases
from api.channels.wording import texts
from api.channels.worker import LineWorker
from api.chat import repository
from api.chat.codes import written_code
from api.chat.contract import Incoming, Message
from api.chat.service import ChatService
from api.db.engine import Database
from api.db.models import Conversation
from api.limits import Limits
from core.errors import JCreditError, TooMany

Said = list[dict[str, Any]]


class Channels:
    """All platforms that are set up. Routes call `receive`; the rest happens in the background."""

    def __init__(self, database: Database, chat: ChatService, limits: Limits, channels: list[Channel]) -> None:
        self._database, self._chat, self._limits = database, chat, limits
        self.by_name = {channel.name: channel for channel in channels}
        self._arrivals = LineWorker(database, Arrival, self._answer)
        self._departures = LineWorker(database, Departure, self._send)
        self._bot_is_there = False

    async def receive(self, channel: str, events: list[Event]) -> int:
        """Keeps events before they are acknowledged; returns how many are new."""
        new = await self._database.writing(threads.keep_events, channel, events) if events else 0
        self._arrivals.wake()
        return new

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works in the background while the API lives; does nothing when no channel is set up."""
        if not self.by_name:
            yield
            return
        await self._database.writing(free_leases)
        tasks = [asyncio.create_task(line.run()) for line in (self._arrivals, self._departures)]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for channel in self.by_name.values():
            await channel.close()

    async def _answer(self, arrival_id: int) -> None:
        self._bot_is_there = self._bot_is_there or await self._chat.rasa.is_ready()
        if not self._bot_is_there:
            raise Busy(1.0)
        thread_id, event = await self._database.reading(_arrived, arrival_id)
        channel = self.by_name[(await self._database.reading(_thread, thread_id)).channel]
        if event.kind in ("unfollow", "leave"):
            await self._left(thread_id)
        elif event.kind == "unsend":
            await self._database.writing(threads.unsay, thread_id, event.message_id or event.id)
        elif event.kind in ("text", "choice"):
            await channel.working(event)
            await self._converse(thread_id, event)
        else:
            await self._database.writing(self._remark, thread_id, event)
        self._departures.wake()

    async def _converse(self, thread_id: int, event: Event) -> None:
        code = written_code(event.text) if event.kind == "text" else None
        if code:
            await self._continue(thread_id, event, code)
            return
        conversation, _ = await self._database.writing(threads.conversation_in, thread_id)
        try:
            incoming = _incoming(event)
            self._limits.count_turn(conversation.id)
            messages = await self._chat.say(conversation, incoming)
        except ValidationError:
            await self._database.writing(self._say, thread_id, event, texts()["too_long"])
        except TooMany:
            await self._database.writing(self._say, thread_id, event, texts()["too_many"])
        except JCreditError as error:
            await self._database.writing(self._say, thread_id, event, error.message)
        else:
            await self._database.writing(_queue, thread_id, event, [message.id for message in messages])

    async def _continue(self, thread_id: int, event: Event, code: str) -> None:
        """Moves the conversation behind a code here, or says that the code is of no use."""
        try:
            self._limits.count_guess(f"thread:{thread_id}")
        except TooMany:
            await self._database.writing(self._say, thread_id, event, texts()["too_many"])
            return
        moved = await self._database.writing(threads.continue_here, thread_id, code)
        await self._database.writing(self._say, thread_id, event, texts()["code_used" if moved else "code_wrong"])

    async def _left(self, thread_id: int) -> None:
        await self._database.writing(threads.stop, thread_id)
        thread = await self._database.reading(_thread, thread_id)
        if thread.erase_on_leaving and thread.conversation_id:
            conversation = await self._database.reading(_conversation, thread.conversation_id)
            if conversation:
                await self._chat.erase(conversation)

    def _remark(self, session: Session, thread_id: int, event: Event) -> None:
        """What the channel itself says: hello, only text, what leaving means."""
        words, thread = texts(), session.get_one(Thread, thread_id)
        if event.kind in ("follow", "join"):
            threads.stop(session, thread_id, stopped=False)
        if event.kind == "leaving":
            threads.choose_leaving(session, thread_id, erase=event.erase)
        what = words["leaving_erases" if thread.erase_on_leaving else "leaving_keeps"]
        if event.kind == "follow":
            greeting = reply.phrase(self._chat.knowledge, "greeting")
            hello = words["hello_again" if event.again else "hello"].format(greeting=greeting["text"])
            said = [greeting | {"text": hello}, {"kind": "notice", "text": words["leaving"].format(what=what)}]
            self._say_all(session, thread_id, event, said)
            return
        text = {
            "join": words["hello_group"],
            "leaving": words["leaving_chosen"].format(what=what),
        }.get(event.kind, words["only_text"])
        self._say(session, thread_id, event, text)

    def _say(self, session: Session, thread_id: int, event: Event, text: str) -> None:
        self._say_all(session, thread_id, event, [{"kind": "notice", "text": text}])

    def _say_all(self, session: Session, thread_id: int, event: Event, said: Said) -> None:
        conversation, _ = threads.conversation_in(session, thread_id)
        stored = [repository.add_message(session, conversation.id, {"role": "system", **one}) for one in said]
        _queue(session, thread_id, event, [message.id for message in stored])

    async def _send(self, departure_id: int) -> None:
        departure, thread, messages = await self._database.reading(_departing, departure_id)
        channel = self.by_name.get(thread.channel)
        if channel is None or thread.stopped or not messages:
            raise Refused("nobody_there")

        async def mark(parts: int) -> None:
            await self._database.writing(_mark, departure_id, parts)

        doubtful = departure.attempts > 1 and departure.failure != BUSY
        sending = Sending(departure.retry_key, departure.sent_parts, doubtful, mark)
        await mark(departure.sent_parts)
        await channel.send(thread.key, self._chat.with_links(messages), departure.route, sending)


def _incoming(event: Event) -> Incoming:
    client_id = event.message_id or event.id
    if event.kind == "text":
        return Incoming(client_message_id=client_id, text=event.text)
    return Incoming(client_message_id=client_id, choice_ids=event.choice_ids)


def _queue(session: Session, thread_id: int, event: Event, message_ids: list[str]) -> None:
    thread = session.get_one(Thread, thread_id)
    outgoing.queue(session, thread, f"event:{thread.channel}:{event.id}", message_ids, event.route)


def _arrived(session: Session, arrival_id: int) -> tuple[int, Event]:
    row = session.get_one(Arrival, arrival_id)
    return row.thread_id, Event(**row.event)


def _thread(session: Session, thread_id: int) -> Thread:
    return session.get_one(Thread, thread_id)


def _conversation(session: Session, conversation_id: str) -> Conversation | None:
    return session.get(Conversation, conversation_id)


def _mark(session: Session, departure_id: int, parts: int) -> None:
    """So many calls arrived; what becomes of the next one is not known until it is told."""
    row = session.get_one(Departure, departure_id)
    row.sent_parts, row.failure = parts, None


def _departing(session: Session, departure_id: int) -> tuple[Departure, Thread, list[Message]]:
    row = session.get_one(Departure, departure_id)
    return row, session.get_one(Thread, row.thread_id), outgoing.waiting_messages(session, row)

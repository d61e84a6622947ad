"""One turn from the person's message to the stored reply. No transaction is open while Rasa works."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import structlog
from anyio import to_thread
from sqlalchemy.orm import Session

from actions import reply
from api.chat import repository
from api.chat.commands import Commands
from api.chat.contract import Incoming, Message
from api.chat.rasa import RasaClient, TurnAnswer, TurnFailed
from api.db.engine import Database
from api.db.models import Conversation, TurnRecord
from api.inquiries import indexing
from api.links import Links
from api.privacy import erasure
from api.privacy.masking import known_from, mask
from api.privacy.scrubbing import Scrubber
from core.clock import now, utc_now
from core.errors import Conflict, Starting
from core.settings import Settings
from knowledge.loader import Knowledge

log = structlog.get_logger("chat")
STAFFED = "staffed"


@dataclass(frozen=True)
class Prepared:
    """A turn that waits for Rasa: its row, what is sent, or the reply that it already has."""

    turn_id: int
    text: str
    choice: dict[str, Any] | None
    refused: dict[str, Any] | None = None
    answered: list[Message] | None = None


class ChatService:
    """Answers turns of many conversations at once, those of one conversation one after the other."""

    def __init__(
        self,
        database: Database,
        rasa: RasaClient,
        knowledge: Knowledge,
        settings: Settings,
        commands: Commands,
        links: Links,
    ) -> None:
        self.database, self.rasa, self.knowledge, self.settings = database, rasa, knowledge, settings
        self._commands, self._links = commands, links
        self.scrubber = Scrubber(database, settings)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._news: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._was_ready = False

    async def check_ready(self) -> None:
        """Refuses turns until Rasa has its model for the first time. Raises Starting."""
        self._was_ready = self._was_ready or await self.rasa.is_ready()
        if not self._was_ready:
            raise Starting("準備中です。少し待ってから、もう一度お試しください。")

    async def start(self, channel: str) -> tuple[str, str, list[Message]]:
        """A new conversation, greeted: id, token, messages."""
        greeting = [reply.phrase(self.knowledge, "greeting")]
        return await self.database.writing(repository.start_conversation, channel, greeting)

    async def authorise(self, conversation_id: str, token: str) -> Conversation:
        """The conversation that this token opens. Raises NotFound."""
        return await self.database.reading(repository.authorised, conversation_id, token)

    async def say(self, conversation: Conversation, incoming: Incoming) -> list[Message]:
        """The replies to one message. Raises Conflict for an id used with another body."""
        async with self._one_by_one(conversation.id):
            prepared = await self.database.writing(self._prepare, conversation, incoming)
            if prepared.answered is not None:
                self.tell(conversation.id)
                return self.with_links(prepared.answered)
            started = time.perf_counter()
            answer, failure = await self._ask_rasa(conversation, incoming, prepared)
            latency = round((time.perf_counter() - started) * 1000)
            shown = await self.database.writing(self._store, conversation.id, prepared, answer, failure, latency)
        self.tell(conversation.id)
        return self.with_links(shown)

    async def news(self, conversation_id: str, after: str | None, wait: float) -> tuple[list[Message], str]:
        """Messages after one of them; waits up to `wait` seconds for the first."""
        deadline = time.monotonic() + wait
        while True:
            event = self._news[conversation_id]
            found, handoff = await self.database.reading(_read_news, conversation_id, after)
            left = deadline - time.monotonic()
            if found or left <= 0:
                return self.with_links(found), handoff
            try:
                async with asyncio.timeout(min(left, 1.0)):
                    await event.wait()
            except TimeoutError:
                continue

    async def erase(self, conversation: Conversation) -> tuple[str, str]:
        """Erases a conversation everywhere, keeps appointments; returns receipt and words. Raises Starting."""
        async with self._one_by_one(conversation.id):
            try:
                await self.rasa.forget(conversation.id)
            except TurnFailed as error:
                raise Starting("いまは消せません。少し待ってから、もう一度お試しください。") from error
            receipt, kept = await self.database.writing(self._erase, conversation.id)
            await to_thread.run_sync(self.scrubber.scrub)
        self.tell(conversation.id)
        return receipt, self._commands.erased(kept, self._links)

    def _erase(self, session: Session, conversation_id: str) -> tuple[str, list[dict[str, Any]]]:
        erasure.prepare(session, conversation_id)
        kept = self._commands.forget(session, conversation_id)
        return repository.erase(session, conversation_id), kept

    def with_links(self, messages: list[Message]) -> list[Message]:
        """Secret links are made when a card is shown; stored cards have none."""
        return [m.model_copy(update={"card": self._links.with_links(m.card)}) if m.card else m for m in messages]

    def sorry(self) -> dict[str, Any]:
        """What a person reads when a turn failed inside."""
        return reply.phrase(self.knowledge, "failed")

    def _prepare(self, session: Session, conversation: Conversation, incoming: Incoming) -> Prepared:
        body_hash = _body_hash(incoming)
        chosen = repository.chosen_refs(session, conversation.id, incoming.chosen)
        text = incoming.text if incoming.text is not None else "、".join(label for label, _ in chosen)
        choice = _as_one([ref for _, ref in chosen])
        if choice and choice.get("type") == "say":
            text, choice = choice["text"], None
        turn = repository.turn_of(session, conversation.id, incoming.client_message_id)
        if turn is None:
            turn = self._new_turn(session, conversation, incoming, body_hash, text)
        elif turn.body_hash != body_hash:
            raise Conflict("同じ番号で別の内容が送られました。もう一度送り直してください。")
        elif turn.outcome in repository.DONE:
            return Prepared(turn.id, text, choice, answered=repository.replies_of(session, turn))
        else:
            repository.forget_replies(session, turn)
        if session.get_one(Conversation, conversation.id).handoff == "staff":
            return self._leave_to_staff(session, turn, text)
        return Prepared(turn.id, text, choice, repository.last_refused(session, conversation.id))

    def _leave_to_staff(self, session: Session, turn: TurnRecord, text: str) -> Prepared:
        """The assistant is silent: the turn is kept for the person who answers."""
        turn.outcome = STAFFED
        session.get_one(Conversation, turn.conversation_id).updated_at = utc_now()
        indexing.index_turn(session, turn, self.knowledge.thresholds)
        return Prepared(turn.id, text, None, answered=[])

    def _new_turn(
        self, session: Session, conversation: Conversation, incoming: Incoming, body_hash: str, text: str
    ) -> TurnRecord:
        masked = mask(text, repository.asked_field(session, conversation.id))
        turn = TurnRecord(
            conversation_id=conversation.id,
            client_message_id=incoming.client_message_id,
            body_hash=body_hash,
            text=text,
            masked_text=masked,
            channel=conversation.channel,
            release_id=self.settings.release_id,
            outcome="open",
            created_at=utc_now(),
        )
        session.add(turn)
        session.flush()
        said = {"role": "user", "kind": "user", "text": text, "masked_text": masked}
        repository.add_message(session, conversation.id, said, turn.id)
        return turn

    async def _ask_rasa(
        self, conversation: Conversation, incoming: Incoming, prepared: Prepared
    ) -> tuple[TurnAnswer | None, str | None]:
        body = {
            "sender": conversation.id,
            "text": prepared.text,
            "choice": prepared.choice,
            "channel": conversation.channel,
            "message_id": incoming.client_message_id,
            "context": {
                "release": self.settings.release_id,
                "now": now().isoformat(),
                **({"refused": prepared.refused} if prepared.refused else {}),
            },
        }
        try:
            async with asyncio.timeout(self.settings.turn_seconds):
                return await self.rasa.turn(body), None
        except TimeoutError:
            failure = "timeout"
        except TurnFailed as error:
            failure = error.kind
        log.error("turn_failed", failure=failure, conversation=conversation.id)
        return None, failure

    def _store(
        self,
        session: Session,
        conversation_id: str,
        prepared: Prepared,
        answer: TurnAnswer | None,
        failure: str | None,
        latency: int,
    ) -> list[Message]:
        turn = session.get_one(TurnRecord, prepared.turn_id)
        conversation = session.get_one(Conversation, conversation_id)
        said = [self._commands.settle(session, conversation, m) for m in answer.messages] if answer else [self.sorry()]
        turn.latency_ms, turn.failure = latency, failure
        turn.outcome = _outcome([message["kind"] for message in said]) if answer else "failed"
        turn.knowledge_ids = [i for message in said for i in message.get("knowledge") or []]
        if answer:
            intent = answer.parse.get("intent") or {}
            turn.intent, turn.confidence = intent.get("name"), intent.get("confidence")
            turn.parse, turn.slots = answer.parse, answer.slots
        conversation.updated_at = utc_now()
        indexing.index_turn(session, turn, self.knowledge.thresholds)
        indexing.note_question(session, turn, said)
        known = known_from(turn.slots)
        copied = [message | {"masked_text": mask(message["text"], known=known)} for message in said]
        return [repository.add_message(session, conversation_id, message, turn.id) for message in copied]

    @asynccontextmanager
    async def _one_by_one(self, conversation_id: str) -> AsyncIterator[None]:
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        async with lock:
            yield

    def tell(self, conversation_id: str) -> None:
        """Wakes who waits for news of a conversation; call it after the commit."""
        if event := self._news.pop(conversation_id, None):
            event.set()


def _read_news(session: Session, conversation_id: str, after: str | None) -> tuple[list[Message], str]:
    found = repository.history(session, conversation_id, after)
    conversation = session.get(Conversation, conversation_id)
    return found, conversation.handoff if conversation else "bot"


def _body_hash(incoming: Incoming) -> str:
    body = incoming.model_dump(exclude={"client_message_id"}, exclude_none=True)
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _as_one(refs: list[dict[str, Any]]) -> dict[str, Any] | None:
    if len(refs) > 1:
        return {"type": "many", "refs": refs}
    return refs[0] if refs else None


def _outcome(kinds: list[str]) -> str:
    for kind, outcome in (("answer", "answered"), ("clarify", "clarified"), ("decline", "declined")):
        if kind in kinds:
            return outcome
    return "asked" if {"question", "slots"} & set(kinds) else "answered"

"""Privacy as the API runs it: the night's work, and erasing a person from the console."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread

from api.chat.service import ChatService
from api.db.engine import Database
from api.privacy import erasure
from api.privacy.erasure import Found
from api.privacy.masking import warm_up
from api.privacy.nightly import Nightly
from core.errors import NotFound


@dataclass(frozen=True)
class Erased:
    """How much of a person was erased, with the receipts that the person may have."""

    receipts: list[str]
    conversations: int
    bookings: int


class Privacy:
    """Erases by conversation or by e-mail address, on all channels and in all stores."""

    def __init__(self, database: Database, chat: ChatService) -> None:
        warm_up()
        self._database, self._chat = database, chat
        self.nightly = Nightly(database, chat)

    async def find(self, email: str) -> Found:
        """What there is under an address."""
        return await self._database.reading(erasure.find, email)

    async def erase_conversation(self, conversation_id: str) -> str:
        """Erases one conversation; its upcoming appointments stay. Raises NotFound, Starting."""
        conversation = await self._database.reading(erasure.conversation, conversation_id)
        if conversation is None:
            raise NotFound("この会話は見つかりません。もう消されています。")
        threads = await self._database.reading(erasure.threads_of, conversation_id)
        receipt, _ = await self._chat.erase(conversation)
        await self._database.writing(erasure.forget_threads, threads)
        await to_thread.run_sync(self._chat.scrubber.scrub)
        return receipt

    async def erase_person(self, email: str) -> Erased:
        """Erases all that stands under an address, upcoming appointments, too. Raises NotFound, Starting."""
        found = await self.find(email)
        if not found:
            raise NotFound("このメールアドレスの記録は見つかりません。")
        receipts = [await self._database.writing(erasure.erase_bookings, found.bookings)] if found.bookings else []
        for conversation_id in found.conversations:
            receipts.append(await self.erase_conversation(conversation_id))
        await to_thread.run_sync(self._chat.scrubber.scrub)  # there may have been appointments only
        return Erased(receipts, len(found.conversations), len(found.bookings))

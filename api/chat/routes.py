"""The contract's conversation endpoints."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.chat import repository
from api.chat.contract import Erased, History, Incoming, IncomingFeedback, Messages, Started
from api.chat.service import ChatService
from api.db.models import Conversation
from api.limits import Limits
from core.errors import Unauthorized

router = APIRouter(prefix="/api/conversations", tags=["conversations"])
LONGEST_WAIT = 25


def service(request: Request) -> ChatService:
    """The running chat."""
    chat: ChatService = request.app.state.chat
    return chat


def limits(request: Request) -> Limits:
    """The running rate limits."""
    counted: Limits = request.app.state.limits
    return counted


async def conversation(conversation_id: str, request: Request) -> Conversation:
    """The conversation that the bearer token opens."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("会話の鍵（トークン）がありません。新しい会話を始めてください。")
    return await service(request).authorise(conversation_id, token.strip())


Chat = Annotated[ChatService, Depends(service)]
Own = Annotated[Conversation, Depends(conversation)]


@router.post("", status_code=201)
async def start(chat: Chat) -> Started:
    """Starts a conversation and greets."""
    await chat.check_ready()
    conversation_id, token, shown = await chat.start("web")
    return Started(conversation_id=conversation_id, token=token, messages=shown)


@router.post("/{conversation_id}/messages")
async def say(own: Own, incoming: Incoming, chat: Chat, counted: Annotated[Limits, Depends(limits)]) -> Messages:
    """Answers one message; the same `client_message_id` again gets the same answer."""
    counted.count_turn(own.id)
    await chat.check_ready()
    return Messages(messages=await chat.say(own, incoming))


@router.get("/{conversation_id}/messages")
async def read(
    own: Own,
    chat: Chat,
    after: Annotated[str | None, Query(max_length=64)] = None,
    wait: Annotated[float, Query(ge=0)] = 0,
) -> History:
    """All messages, or what is new after one of them; waits up to 25 seconds for news."""
    found, handoff = await chat.news(own.id, after, min(wait, LONGEST_WAIT))
    return History(messages=found, handoff=handoff)


@router.post("/{conversation_id}/feedback", status_code=204)
async def feedback(own: Own, opinion: IncomingFeedback, chat: Chat) -> Response:
    """Keeps what the person thought of a message."""
    await chat.database.writing(repository.save_feedback, own.id, opinion.message_id, opinion.rating, opinion.comment)
    return Response(status_code=204)


@router.delete("/{conversation_id}")
async def erase(own: Own, chat: Chat) -> Erased:
    """Erases the conversation everywhere."""
    receipt, message = await chat.erase(own)
    return Erased(receipt=receipt, message=message)

"""Our input channel: one request, one answer with all messages, the parse, the slots and the model."""

from __future__ import annotations

import json
from typing import Any, Awaitable, Callable, Dict, List, Text

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.tracker_store import CompactTrackerStore

ZERO_WIDTH_SPACE = "\u200b"
CHOICE_INTENTS = {"task": "start_task"}
PARSE_KEYS = ("intent", "intent_ranking", "entities", "topics", "questions")


class WholeReply(CollectingOutputChannel):
    """Collects a turn's messages as the action sent them."""

    @classmethod
    def name(cls) -> Text:
        return "turn"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        self.messages.append(message.get("custom") or {})


class TurnInput(InputChannel):
    """POST /webhooks/turn/turn {sender, text, choice?, channel, message_id}; DELETE …/turn/<sender> forgets."""

    @classmethod
    def name(cls) -> Text:
        return "turn"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        bp = Blueprint("turn_channel")

        @bp.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            is_ready = bool(agent and agent.is_ready() and agent.model_id)
            return response.json({"model": agent.model_id if is_ready else None}, status=200 if is_ready else 503)

        @bp.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            body, out, agent = request.json, WholeReply(), request.app.ctx.agent
            if not agent or not agent.is_ready():
                return response.json({"error": "no_model"}, status=503)
            text = plain(body["text"])
            choice = body.get("choice")
            parse = chosen(text, choice) if choice else await _understood(agent, body["sender"], text)
            metadata = {"choice": choice, "context": body.get("context") or {}}
            await on_new_message(
                UserMessage(
                    text,
                    out,
                    body["sender"],
                    parse_data=parse,
                    input_channel=body.get("channel", "web"),
                    message_id=body["message_id"],
                    metadata=metadata,
                )
            )
            if not out.messages:
                return response.json({"error": "no_reply"}, status=502)
            return response.json(await _answer(agent, body["sender"], parse, out.messages), dumps=_dumps)

        @bp.delete("/turn/<sender>")
        async def forget(request: Request, sender: str) -> HTTPResponse:
            await compact(request.app.ctx.agent.tracker_store).delete(sender)
            return response.empty()

        return bp


def compact(store: Any) -> CompactTrackerStore:
    """Our own store: Rasa wraps it into one that survives failures but cannot forget."""
    inner = getattr(store, "_tracker_store", store)
    assert isinstance(inner, CompactTrackerStore)
    return inner


def plain(text: Text) -> Text:
    """The text, safe from Rasa's 「/intent」 unpacking: a zero-width space keeps it plain text."""
    stripped = text.lstrip().lstrip(ZERO_WIDTH_SPACE).lstrip()
    return ZERO_WIDTH_SPACE + stripped if stripped.startswith("/") else text


def chosen(text: Text, choice: Dict[Text, Any]) -> Dict[Text, Any]:
    """The parse of a pressed button: certain, and without reading its label."""
    intent = CHOICE_INTENTS.get(choice.get("type", ""), "choose")
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [],
        "entities": [],
        "topics": [],
        "questions": [],
    }


async def _understood(agent: Any, sender: Text, text: Text) -> Dict[Text, Any]:
    """The parse of typed words, read with what the conversation was last about: some messages lean on it."""
    tracker = await agent.tracker_store.retrieve(sender)
    talk = tracker.get_slot("talk") if tracker else None
    said = UserMessage(text, metadata={"topic": (talk or {}).get("topic")})
    return await agent.processor.parse_message(said)


async def _answer(agent: Any, sender: Text, parse: Dict[Text, Any], messages: List[Any]) -> Dict[Text, Any]:
    tracker = await agent.tracker_store.retrieve(sender)
    return {
        "messages": messages,
        "parse": {key: parse.get(key) for key in PARSE_KEYS},
        "model": agent.model_id,
        "slots": tracker.current_slot_values() if tracker else {},
        "loop": tracker.active_loop_name if tracker else None,
    }


def _dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, default=float)

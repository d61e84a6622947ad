"""A stand-in for LINE's API on loopback: reads every call with the official SDK's models, checks limits, counts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from linebot.v3.messaging import PushMessageRequest, ReplyMessageRequest, RichMenuRequest, ShowLoadingAnimationRequest

from api.channels.line import limits


class LineStandIn:
    """What LINE would do: takes a reply token once, a retry key once; can be told to fail."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.said: list[tuple[str, dict[str, Any]]] = []
        """(reply token or address, message) in the order of arrival."""
        self.calls: list[str] = []
        self.faults: list[str] = []
        self.failing: list[int] = []
        self.fail_until = 0.0
        self.fail_with = 500
        self.used_tokens: set[str] = set()
        self.used_keys: set[str] = set()
        self.menus: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        add = self.app.add_api_route
        add("/v2/bot/message/reply", self._reply, methods=["POST"])
        add("/v2/bot/message/push", self._push, methods=["POST"])
        add("/v2/bot/chat/loading/start", self._loading, methods=["POST"])
        add("/v2/bot/richmenu", self._menu, methods=["POST"])
        add("/v2/bot/richmenu/{menu}/content", self._picture, methods=["POST"])
        add("/v2/bot/user/all/richmenu/{menu}", self._default, methods=["POST"])

    def texts(self) -> list[str]:
        """All that was said, cards by their alternative text."""
        return [message.get("text") or message.get("altText", "") for _, message in self.said]

    def _failure(self) -> Response | None:
        if self.failing:
            return Response(status_code=self.failing.pop(0), headers={"Retry-After": "0"})
        if time.monotonic() < self.fail_until:
            return Response(status_code=self.fail_with)
        return None

    async def _reply(self, request: Request) -> Response:
        body = await request.json()
        with self._lock:
            self.calls.append("reply")
            if failure := self._failure():
                return failure
            self._check(ReplyMessageRequest, body)
            if body["replyToken"] in self.used_tokens:
                return Response('{"message":"Invalid reply token"}', status_code=400)
            self.used_tokens.add(body["replyToken"])
            self.said += [(body["replyToken"], message) for message in body["messages"]]
        return _taken(body)

    async def _push(self, request: Request) -> Response:
        body, key = await request.json(), request.headers.get("x-line-retry-key", "")
        with self._lock:
            self.calls.append("push")
            if failure := self._failure():
                return failure
            self._check(PushMessageRequest, body)
            if not key:
                self.faults.append("push without a retry key")
            if key in self.used_keys:
                return Response('{"message":"The retry key is already accepted"}', status_code=409)
            self.used_keys.add(key)
            self.said += [(body["to"], message) for message in body["messages"]]
        return _taken(body)

    async def _loading(self, request: Request) -> Response:
        body = await request.json()
        self.calls.append("loading")
        self._check(ShowLoadingAnimationRequest, body)
        if body["loadingSeconds"] % 5 or not 5 <= body["loadingSeconds"] <= 60:
            self.faults.append("loadingSeconds")
        return Response("{}", status_code=202, media_type="application/json")

    async def _menu(self, request: Request) -> dict[str, str]:
        body = await request.json()
        self._check(RichMenuRequest, body)
        if len(body["areas"]) > 20 or len(body["chatBarText"]) > 14:
            self.faults.append("rich menu")
        self.menus.append(body)
        return {"richMenuId": "richmenu-1"}

    async def _picture(self, request: Request, menu: str) -> Response:
        picture = await request.body()
        if not picture.startswith(b"\x89PNG") or len(picture) > 1024 * 1024:
            self.faults.append("rich menu picture")
        self.calls.append("picture")
        return Response("{}", media_type="application/json")

    async def _default(self, menu: str) -> Response:
        self.calls.append("default menu")
        return Response("{}", media_type="application/json")

    def _check(self, shape: Any, body: dict[str, Any]) -> None:
        try:
            shape.from_dict(body)
        except Exception as error:  # noqa: BLE001 - any fault of the shape counts
            self.faults.append(str(error)[:300])
        messages = body.get("messages", [])
        if len(messages) > limits.MESSAGES_A_CALL:
            self.faults.append("more than five messages")
        for message in messages:
            self.faults += list(faults_of(message))


def faults_of(message: dict[str, Any]) -> Iterator[str]:
    """What breaks LINE's limits in one message object."""
    if message["type"] == "text" and not 0 < limits.units(message["text"]) <= limits.TEXT_UNITS:
        yield "text length"
    if len(message.get("altText", "")) > limits.ALT_TEXT:
        yield "alt text"
    if len(json.dumps(message.get("contents", {}), ensure_ascii=False).encode()) > limits.BUBBLE_BYTES:
        yield "card size"
    for url in _addresses(message.get("contents")):
        if not url.startswith(("https://", "http://", "tel:", "line:")):
            yield f"no address: {url}"
    items = message.get("quickReply", {}).get("items", [])
    if len(items) > limits.QUICK_REPLIES:
        yield "quick replies"
    for item in items:
        action = item["action"]
        if not 0 < limits.units(action["label"]) <= limits.LABEL or len(action["data"]) > limits.POSTBACK_DATA:
            yield "button"
    yield from _empty_texts(message.get("contents"))


def _addresses(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "uri":
            yield part["uri"]
        for value in part.values():
            yield from _addresses(value)
    if isinstance(part, list):
        for value in part:
            yield from _addresses(value)


def _empty_texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "text" and not part.get("text"):
            yield "empty flex text"
        for value in part.values():
            yield from _empty_texts(value)
    if isinstance(part, list):
        for value in part:
            yield from _empty_texts(value)


def _taken(body: dict[str, Any]) -> Response:
    sent = [{"id": f"{number:018d}", "quoteToken": "q"} for number, _ in enumerate(body["messages"])]
    return JSONResponse({"sentMessages": sent})


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a free port of loopback."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)

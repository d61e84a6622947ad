"""Which websites may embed the widget: their browsers may call the chat, without cookies."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

PREFLIGHT_SECONDS = 600
OPEN_PATHS = "/api/"


class ChatCors(CORSMiddleware):
    """CORS for the chat and booking API; pages, console and internal calls stay closed to other sites."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(OPEN_PATHS):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def allow_embedding(app: FastAPI, origins: Sequence[str]) -> None:
    """Lets pages of these origins (https://www.example.jp) use the widget; the bearer token is the only key."""
    if not origins:
        return
    app.add_middleware(
        ChatCors,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
        allow_credentials=False,
        max_age=PREFLIGHT_SECONDS,
    )

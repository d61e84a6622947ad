"""Which websites may embed the widget: their browsers may call the chat, without cookies."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

PREFLIGHT_SECONDS = 600


def allow_embedding(app: FastAPI, origins: Sequence[str]) -> None:
    """Lets pages of these origins (https://www.example.jp) use the widget; the bearer token is the only key."""
    if not origins:
        return
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
        allow_credentials=False,
        max_age=PREFLIGHT_SECONDS,
    )

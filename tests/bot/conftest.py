"""The trained model, asked through one batch process in Rasa's own environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from evaluation.__main__ import parsed
from ops.environments import environment
from ops.training import model

Parse = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def understand() -> Parse:
    """Parses texts, or pairs of a text and the last topic; every call is a fresh process."""
    os.environ["BOT_PYTHON"], os.environ["MODEL_PATH"] = str(environment("bot")), str(model())

    def parse(*said: str | tuple[str, str]) -> list[dict[str, Any]]:
        texts = [{"text": s} if isinstance(s, str) else {"text": s[0], "topic": s[1]} for s in said]
        return [{key: value for key, value in found.items() if key != "ms"} for found in parsed(texts)]

    return parse

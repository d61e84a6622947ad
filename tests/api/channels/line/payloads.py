"""LINE's webhook bodies in the official shape, written here, and their signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import time
from typing import Any

SECRET, TOKEN = "line-secret-of-the-tests", "line-token-of-the-tests"
PERSON, GROUP = "U" + "1" * 32, "C" + "2" * 32
_numbers = itertools.count(1)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers that LINE sends with a body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {"X-Line-Signature": base64.b64encode(digest).decode(), "Content-Type": "application/json; charset=utf-8"}


def body_of(*events: dict[str, Any]) -> bytes:
    """One delivery."""
    return json.dumps({"destination": "U" + "f" * 32, "events": events}, ensure_ascii=False).encode()


def user(person: str = PERSON) -> dict[str, Any]:
    return {"type": "user", "userId": person}


def group(person: str = PERSON) -> dict[str, Any]:
    return {"type": "group", "groupId": GROUP, "userId": person}


def event(kind: str, source: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """An event of any kind; unfollow, leave and unsend have no reply token."""
    number = next(_numbers)
    token = {} if kind in ("unfollow", "leave", "unsend") else {"replyToken": f"{number:032x}"}
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": source or user(),
        "webhookEventId": f"01H{number:023d}",
        "deliveryContext": {"isRedelivery": False},
        **token,
        **parts,
    }


def text(words: str, source: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """Somebody writes."""
    message = {"id": f"{next(_numbers):018d}", "type": "text", "quoteToken": "q", "text": words, **parts}
    return event("message", source, message=message)


def mentioned(words: str, *, is_self: bool = True) -> dict[str, Any]:
    """Somebody writes in a group and calls somebody by @."""
    called = {"index": 0, "length": 3, "type": "user", "userId": "U" + "f" * 32, "isSelf": is_self}
    return text(f"@相談 {words}", group(), mention={"mentionees": [called]})


def sticker(source: dict[str, Any] | None = None) -> dict[str, Any]:
    message = {
        "id": f"{next(_numbers):018d}",
        "type": "sticker",
        "quoteToken": "q",
        "packageId": "446",
        "stickerId": "1988",
        "stickerResourceType": "STATIC",
    }
    return event("message", source, message=message)


def image() -> dict[str, Any]:
    message = {"id": f"{next(_numbers):018d}", "type": "image", "quoteToken": "q"}
    return event("message", message=message | {"contentProvider": {"type": "line"}})


def postback(data: str) -> dict[str, Any]:
    return event("postback", postback={"data": data})


def redelivered(first: dict[str, Any]) -> dict[str, Any]:
    return first | {"deliveryContext": {"isRedelivery": True}}

"""The limits of LINE's Messaging API (developers.line.biz, Messaging API reference and line-openapi)."""

from __future__ import annotations

from datetime import timedelta

MESSAGES_A_CALL = 5
TEXT_UNITS = 5000  # UTF-16 code units
QUICK_REPLIES = 13
LABEL = 20
POSTBACK_DATA = 300
DISPLAY_TEXT = 300
ALT_TEXT = 400
BUBBLE_BYTES = 30 * 1024  # a card as JSON
LARGEST_BODY = 1024 * 1024
REPLY_TOKEN_LIVES = timedelta(seconds=55)  # officially one minute
LOADING_SECONDS = 20  # 5 to 60, a multiple of 5


def units(text: str) -> int:
    """Length as LINE counts it."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """At most so many units, with an ellipsis where something was left out; never half a character."""
    if units(text) <= most:
        return text
    kept = text[:most]
    while units(kept) > most - 1:
        kept = kept[:-1]
    return f"{kept}…"


def split(text: str, most: int = TEXT_UNITS) -> list[str]:
    """The text in pieces that fit, cut at ends of lines or sentences where there are any."""
    pieces: list[str] = []
    rest = text
    while units(rest) > most:
        head = cut(rest, most)[:-1]
        end = max(head.rfind("\n"), head.rfind("。"))
        head = head[: end + 1] if end > len(head) // 2 else head
        pieces.append(head.strip("\n"))
        rest = rest[len(head) :]
    return [*pieces, rest.strip("\n")] if rest.strip() else pieces

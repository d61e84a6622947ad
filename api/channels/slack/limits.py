"""Slack's limits in one place; a test compares them with the SDK's. Lengths are UTF-16 units, the stricter way."""

from __future__ import annotations

BODY = 256 * 1024
"""Bytes. Slack's own deliveries are far below; an interaction carries its whole message."""

BLOCKS = 50
BLOCK_TEXT = 3_000
HEADER = 150
BUTTONS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
URL = 3_000
CHECKBOXES = 10
OPTION_TEXT = 75
OPTION_VALUE = 150
CONTEXT = 10
ID = 255

MESSAGE = 12_000
"""All words of one message. Slack refuses above about 13,200 (slackapi/bolt-js#2509)."""

FALLBACK = 3_000
"""The words of a notification. Slack cuts `text` at 4,000."""

RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60


def units(text: str) -> int:
    """How long Slack counts a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if units(text) <= most else _prefix(text, most - 1) + "…"


def pieces(text: str, most: int = BLOCK_TEXT) -> list[str]:
    """The text in parts of at most `most` units, cut after a line or a sentence where there is one."""
    found = []
    while units(text) > most:
        head = _prefix(text, most)
        cut = max(head.rfind("\n"), head.rfind("。")) + 1
        head = head[:cut] if cut > len(head) // 2 else head
        found.append(head.rstrip("\n"))
        text = text[len(head) :].lstrip("\n")
    return [*found, text] if text else found


def _prefix(text: str, most: int) -> str:
    """The longest beginning of at most `most` units."""
    cut = min(len(text), most)
    while units(text[:cut]) > most:
        cut -= (units(text[:cut]) - most + 1) // 2
    return text[:cut]

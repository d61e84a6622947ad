"""How a reply looks on LINE: text with quick replies, and a Flex card for estimate, verdict and booking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from api.channels import lines
from api.channels.line.limits import (
    ALT_TEXT,
    DISPLAY_TEXT,
    LABEL,
    POSTBACK_DATA,
    QUICK_REPLIES,
    TEXT_UNITS,
    cut,
    split,
    units,
)
from api.channels.line.normalise import CHOICE, LEAVE
from api.channels.wording import texts
from api.chat.contract import Choice, Message

Payload = dict[str, Any]
HEAD, PALE = "#0d5c4a", "#5f6b66"
MOST_ROWS = 40


def payloads(messages: Sequence[Message], base_url: str = "") -> list[Payload]:
    """LINE's message objects for some messages; the buttons of the last question stand under the last object."""
    found: list[Payload] = []
    for message in messages:
        found += [{"type": "text", "text": piece} for piece in split(_text(message))]
        if card := lines.card_of(message.card):
            found.append(_flex(card, base_url))
    asking = next((message for message in reversed(messages) if message.choices), None)
    if found and asking:
        found[-1]["quickReply"] = {"items": _buttons(asking)}
    return found


def leaving_buttons() -> Payload:
    """The two buttons for what leaving shall mean."""
    words = texts()
    pairs = ((words["button_erase"], "erase"), (words["button_keep"], "keep"))
    return {"items": [_postback(label, LEAVE + value, label) for label, value in pairs]}


def _text(message: Message) -> str:
    listed = [f"{number}. {choice.label}" for number, choice in enumerate(message.choices, 1)]
    options = [*listed, texts()["options"]] if _needs_list(message) else []
    return "\n".join([message.text, *lines.sources_of(message), *options])


def _needs_list(message: Message) -> bool:
    """Whether the buttons alone could not tell everything."""
    too_long = any(units(choice.label) > LABEL for choice in message.choices)
    return too_long or len(message.choices) > QUICK_REPLIES


def _buttons(asking: Message) -> list[Payload]:
    shown = asking.choices[:QUICK_REPLIES]
    numbered = _needs_list(asking)
    return [_button(choice, f"{number}. " if numbered else "") for number, choice in enumerate(shown, 1)]


def _button(choice: Choice, number: str) -> Payload:
    return _postback(number + choice.label, CHOICE + choice.id, choice.label)


def _postback(label: str, data: str, said: str) -> Payload:
    assert len(data) <= POSTBACK_DATA
    action = {"type": "postback", "label": cut(label, LABEL), "data": data, "displayText": cut(said, DISPLAY_TEXT)}
    return {"type": "action", "action": action}


def _flex(card: lines.Shown, base_url: str) -> Payload:
    rows = [_row(name, value) for name, value in card.rows]
    more = [_words(line, size="xs", color=PALE) for line in card.lines[:MOST_ROWS]]
    body = [*rows, {"type": "separator", "margin": "md"}, *more] if rows and more else [*rows, *more]
    bubble: Payload = {
        "type": "bubble",
        "header": {"type": "box", "layout": "vertical", "contents": [_words(card.title, weight="bold", color=HEAD)]},
        "body": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": body},
    }
    if card.links:
        buttons = [_link(label, urljoin(base_url, url)) for label, url in card.links]
        bubble["footer"] = {"type": "box", "layout": "vertical", "contents": buttons}
    told = " ".join([card.title, *(f"{name}: {value}" for name, value in card.rows)])
    return {"type": "flex", "altText": cut(told, ALT_TEXT), "contents": bubble}


def _row(name: str, value: str) -> Payload:
    told = [_words(name, size="sm", color=PALE, flex=4), _words(value, size="sm", weight="bold", flex=6)]
    return {"type": "box", "layout": "horizontal", "contents": told}


def _words(text: str, **how: Any) -> Payload:
    return {"type": "text", "text": cut(text, TEXT_UNITS), "wrap": True, **how}


def _link(label: str, url: str) -> Payload:
    return {"type": "button", "style": "link", "action": {"type": "uri", "label": cut(label, LABEL), "uri": url}}

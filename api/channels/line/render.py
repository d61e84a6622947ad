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
    """LINE's message objects for some messages; all that can be chosen stands under the last object.

    LINE shows only those buttons: a question's own come alone; without one, all answers' are numbered through.
    """
    offering = _offering(messages)
    offered = [choice for message in offering for choice in message.choices]
    numbers = {choice.id: number for number, choice in enumerate(offered, 1)} if _needs_list(offered) else {}
    found: list[Payload] = []
    for message in messages:
        told = _text(message, numbers, is_last=message is offering[-1] if offering else False)
        found += [{"type": "text", "text": piece} for piece in split(told)]
        if card := lines.card_of(message.card):
            found.append(_flex(card, base_url))
    if found and offered:
        found[-1]["quickReply"] = {"items": [_button(choice, numbers) for choice in offered[:QUICK_REPLIES]]}
    return found


def leaving_buttons() -> Payload:
    """The two buttons for what leaving shall mean."""
    words = texts()
    pairs = ((words["button_erase"], "erase"), (words["button_keep"], "keep"))
    return {"items": [_postback(label, LEAVE + value, label) for label, value in pairs]}


def _offering(messages: Sequence[Message]) -> list[Message]:
    """The messages whose choices are shown: the last question, else every answer."""
    choosable = [message for message in messages if message.choices]
    asking = [message for message in choosable if message.ask]
    return asking[-1:] or choosable


def _text(message: Message, numbers: dict[str, int], *, is_last: bool) -> str:
    listed = [f"{numbers[choice.id]}. {choice.label}" for choice in message.choices if choice.id in numbers]
    options = [*listed, texts()["options"]] if listed and is_last else listed
    return "\n".join([message.text, *lines.sources_of(message), *options])


def _needs_list(offered: Sequence[Choice]) -> bool:
    """Whether the buttons alone could not tell everything."""
    too_long = any(units(choice.label) > LABEL for choice in offered)
    alike = len({choice.label for choice in offered}) < len(offered)
    return too_long or alike or len(offered) > QUICK_REPLIES


def _button(choice: Choice, numbers: dict[str, int]) -> Payload:
    number = f"{numbers[choice.id]}. " if choice.id in numbers else ""
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

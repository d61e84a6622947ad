"""One neutral message as Slack messages: words, sources, card, buttons or boxes, each within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CheckboxesElement,
    ContextBlock,
    MarkdownTextObject,
    Option,
    PlainTextObject,
)

from api.channels.slack import limits, rich
from api.channels.slack.cards import Cards
from api.channels.slack.limits import clip
from api.channels.slack.rich import Block, Line, escaped, mrkdwn_link
from api.channels.slack.texts import SlackTexts, load_texts
from api.channels.slack.wording import standing
from api.chat.contract import Choice, Message

CHOOSE, TICK, SEND = "choose", "tick", "send"
Post = dict[str, Any]


class Renderer:
    """Draws messages for Slack; knows nothing about who they go to."""

    def __init__(self, base_url: str, texts: SlackTexts | None = None) -> None:
        self.texts = texts or load_texts()
        self._cards = Cards(self.texts, base_url)

    def render(self, message: Message) -> list[Post]:
        """`{text, blocks}` for chat.postMessage, in the order of sending."""
        return _posts(message.text, self._blocks(message))

    def together(self, messages: Iterable[Message]) -> list[Post]:
        """Several messages in as few Slack messages as the limits allow."""
        shown = list(messages)
        return _posts("\n".join(m.text for m in shown), [block for m in shown for block in self._blocks(m)])

    def pressed(self, blocks: Iterable[Block], label: str) -> list[Block]:
        """A message after its button was pressed: the buttons give way to what was chosen."""
        kept = [block for block in blocks if block.get("type") != "actions"]
        return [*kept[: limits.BLOCKS - 1], _context([escaped(clip(self.texts.pressed.format(label=label), 300))])]

    def _blocks(self, message: Message) -> list[Block]:
        return [
            *self._speaker(message),
            *rich.blocks(rich.paragraphs(message.text)),
            *self._sources(message),
            *(self._cards.draw(message.card) if message.card else []),
            *self._answers(message),
        ]

    def _speaker(self, message: Message) -> list[Block]:
        name = self.texts.speakers.get(message.role)
        return [_context([escaped(name)])] if name else []

    def _sources(self, message: Message) -> Iterator[Block]:
        lines = (
            f"{self.texts.source}：{mrkdwn_link(source.get('url'), clip(source['title'], 300))}"
            f"{escaped(standing(self.texts, source.get('as_of'), source.get('status')))}"
            for source in message.sources
        )
        for few in _batches(lines, limits.CONTEXT):
            yield _context(few)

    def _answers(self, message: Message) -> list[Block]:
        if not message.choices:
            return []
        if (message.ask or {}).get("type") == "checks":
            return self._boxes(message)
        long = [
            Line(rich.words(c.label), "bullet") for c in message.choices if limits.units(c.label) > limits.BUTTON_TEXT
        ]
        groups = _batches(enumerate(message.choices), limits.BUTTONS)
        return [*rich.blocks(long), *(_buttons(message, place, few) for place, few in enumerate(groups))]

    def _boxes(self, message: Message) -> list[Block]:
        groups = list(_batches(message.choices, limits.CHECKBOXES))
        boxes = [
            CheckboxesElement(action_id=f"{TICK}:{place}", options=[_option(choice) for choice in few])
            for place, few in enumerate(groups)
        ]
        send = ButtonElement(
            text=PlainTextObject(text=self.texts.send, emoji=False),
            action_id=SEND,
            value=message.id,
            style="primary",
        )
        block = ActionsBlock(block_id=f"{message.id}:boxes", elements=[*boxes, send]).to_dict()
        return [_context([escaped(self.texts.tick)]), block]


def _buttons(message: Message, place: int, choices: list[tuple[int, Choice]]) -> Block:
    buttons = [
        ButtonElement(
            text=PlainTextObject(text=clip(choice.label, limits.BUTTON_TEXT), emoji=False),
            action_id=f"{CHOOSE}:{number}",
            value=choice.id,
        )
        for number, choice in choices
    ]
    return ActionsBlock(block_id=f"{message.id}:{place}", elements=buttons).to_dict()


def _option(choice: Choice) -> Option:
    label = choice.label
    rest = label[len(clip(label, limits.OPTION_TEXT)) - 1 :] if limits.units(label) > limits.OPTION_TEXT else None
    return Option(
        text=PlainTextObject(text=clip(label, limits.OPTION_TEXT), emoji=False),
        value=choice.id,
        description=PlainTextObject(text=clip(f"…{rest}", limits.OPTION_TEXT), emoji=False) if rest else None,
    )


def _context(lines: list[str]) -> Block:
    return ContextBlock(elements=[MarkdownTextObject(text=line, verbatim=True) for line in lines]).to_dict()


def _posts(text: str, blocks: list[Block]) -> list[Post]:
    packed: list[list[Block]] = [[]]
    room = limits.MESSAGE
    for block in blocks:
        size = _size(block)
        if packed[-1] and (len(packed[-1]) == limits.BLOCKS or size > room):
            packed.append([])
            room = limits.MESSAGE
        packed[-1].append(block)
        room -= size
    said = clip(text, limits.FALLBACK)
    return [{"text": "\n".join(escaped(line) for line in said.split("\n")), "blocks": pack} for pack in packed]


def _size(block: Any) -> int:
    """The words in a block, counted wherever they stand."""
    if isinstance(block, dict):
        return sum(limits.units(v) if k == "text" and isinstance(v, str) else _size(v) for k, v in block.items())
    return sum(_size(one) for one in block) if isinstance(block, list) else 0


def _batches(items: Iterable[Any], most: int) -> Iterator[list[Any]]:
    waiting = iter(items)
    while few := list(islice(waiting, most)):
        yield few

"""Words as Slack's rich text: literal by construction, so nothing in them becomes markup, an emoji or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from slack_sdk.models.blocks import RichTextBlock, RichTextElementParts, RichTextListElement, RichTextSectionElement

from api.channels.slack.limits import BLOCK_TEXT, URL, clip, pieces, units

Part = RichTextElementParts.Text | RichTextElementParts.Link
Block = dict[str, Any]

ADDRESS = re.compile(r"https?://[\w\-./?%&=~#:@!$+,;]*[\w\-/=~#]", re.ASCII)
MARKERS = str.maketrans({"*": "＊", "_": "＿", "~": "～", "`": "｀", "|": "｜", "\n": " "})
IN_A_LINK = str.maketrans({"<": "%3C", ">": "%3E", "|": "%7C", " ": "%20"})
EMOJI = re.compile(r":(?=[\w+-]+:)")


@dataclass(frozen=True)
class Line:
    """A paragraph, or an item of a list (`bullet` or `ordered`)."""

    parts: Sequence[Part]
    style: str | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", sum(units(part.text or "") for part in self.parts))


def words(text: str) -> list[Part]:
    """Plain words; addresses in them can be opened."""
    parts: list[Part] = []
    end = 0
    for found in ADDRESS.finditer(text):
        if units(found[0]) > URL:
            continue
        parts += [plain(text[end : found.start()])] if text[end : found.start()] else []
        parts.append(link(found[0], found[0]))
        end = found.end()
    return [*parts, plain(text[end:])] if text[end:] else parts


def plain(text: str) -> Part:
    """Words as they are."""
    return RichTextElementParts.Text(text=text)


def bold(text: str) -> Part:
    """Words that stand out."""
    return RichTextElementParts.Text(text=text, style={"bold": True})


def code(text: str) -> Part:
    """An expression."""
    return RichTextElementParts.Text(text=text, style={"code": True})


def link(url: str, text: str) -> Part:
    """Words that open an address; without one, just words."""
    if not url.startswith(("https://", "http://")) or units(url) > URL:
        return plain(text)
    return RichTextElementParts.Link(url=url, text=text)


def paragraphs(text: str) -> list[Line]:
    """A text of any length, cut to what one block holds."""
    return [Line(words(piece)) for piece in pieces(text)]


def item(text: str, *more: Part) -> Line:
    """One item of a list."""
    return Line([*words(clip(text, BLOCK_TEXT // 2)), *more], "bullet")


def blocks(lines: Iterable[Line]) -> list[Block]:
    """The lines in as few blocks as Slack's limit allows."""
    packed: list[list[Line]] = []
    room = 0
    for line in lines:
        if line.size > room or not packed:
            packed.append([])
            room = BLOCK_TEXT
        packed[-1].append(line)
        room -= line.size
    return [RichTextBlock(elements=_elements(pack)).to_dict() for pack in packed]


def _elements(lines: list[Line]) -> list[RichTextSectionElement | RichTextListElement]:
    made: list[RichTextSectionElement | RichTextListElement] = []
    for style, group in groupby(lines, key=lambda line: line.style):
        sections = [RichTextSectionElement(elements=list(line.parts)) for line in group]
        made += [RichTextListElement(elements=sections, style=style)] if style else sections
    return made


def escaped(text: str) -> str:
    """One line of mrkdwn that shows `text` and does nothing else."""
    text = EMOJI.sub("：", text.translate(MARKERS))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn_link(url: str | None, text: str) -> str:
    """A link in mrkdwn, or only its words when there is no address that can be opened."""
    if not url or not url.startswith(("https://", "http://")) or units(url) > URL // 2:
        return escaped(text)
    return f"<{url.translate(IN_A_LINK).replace('&', '&amp;')}|{escaped(text)}>"

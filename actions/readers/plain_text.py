"""One plain writing (NFKC) of a text that still knows where each letter stood in the original."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

VOICED = "ﾞﾟ"
HYPHENS = str.maketrans("‐‑‒–—−～〜", "------~~")


@dataclass(frozen=True)
class PlainText:
    """`text` to be matched, and for each of its letters the place in the original."""

    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span of `text[start:end]`, which is not empty."""
        return self.places[start], self.ends[end - 1]


def plain_text(original: str) -> PlainText:
    """`original` with full and half width, hyphens and waves written one way."""
    letters: list[str] = []
    places: list[int] = []
    ends: list[int] = []
    place = 0
    while place < len(original):
        size = 2 if original[place + 1 : place + 2] and original[place + 1] in VOICED else 1
        for letter in unicodedata.normalize("NFKC", original[place : place + size]).translate(HYPHENS):
            letters.append(letter)
            places.append(place)
            ends.append(place + size)
        place += size
    return PlainText("".join(letters), (*places, len(original)), tuple(ends))

"""Text in one width, with the way back to the original's places."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

DASHES = dict.fromkeys("‐‑‒–—―−ｰ˗﹣－", "-")


@dataclass(frozen=True)
class Span:
    """A stretch of a text and what kind of word it holds."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Folded:
    """`text` is NFKC with plain dashes; `places[i]` is where its character i stands in the original."""

    text: str
    places: list[int]

    def original(self, span: Span) -> Span:
        """The same stretch of the original text."""
        return Span(self.places[span.start], self.places[span.end - 1] + 1, span.kind)


def fold(text: str) -> Folded:
    """Folds character by character, so that every place keeps its way back."""
    if text.isascii():
        return Folded(text, list(range(len(text))))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for narrow in DASHES.get(letter) or unicodedata.normalize("NFKC", letter):
            letters.append(narrow)
            places.append(place)
    return Folded("".join(letters), places)

"""Masks what names or reaches a person: mail, telephone, postal code, address, name, company."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from api.privacy.finding import found_in
from api.privacy.folding import Folded, Span, fold
from api.privacy.public import is_public, public_words
from api.privacy.words import words

ORDER = ("email", "phone", "address", "postal", "company", "name")


Known = Mapping[str, str]
"""Words that are known to be personal, with their kind of mark."""


def mask(text: str, asked: str | None = None, known: Known | None = None) -> str:
    """The text without what names or reaches a person; `asked` is the field that it answers, if any."""
    if asked and _is_plain_answer(text, asked):
        return words().marks[words().asked[asked]]
    if not text.strip():
        return text
    folded = fold(text)
    spans = [folded.original(span) for span in secret(folded)]
    return _covered(text, [*spans, *_places_of(text, known or {})])


def mask_data(value: Any, known: Known | None = None) -> Any:
    """The same for every text inside a JSON value; the answers of a dialogue that it holds are known."""
    known = known if known is not None else known_from(value)
    if isinstance(value, str):
        return mask(value, known=known)
    if isinstance(value, dict):
        return {key: mask_data(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [mask_data(inner, known) for inner in value]
    return value


def known_from(slots: Any) -> dict[str, str]:
    """What the person gave in a dialogue, by the names of the fields: the slots as Rasa returns them."""
    found: dict[str, str] = {}
    for inner in slots.values() if isinstance(slots, dict) else slots if isinstance(slots, list) else ():
        found |= known_from(inner)
    values = slots.get("values") if isinstance(slots, dict) else None
    if not isinstance(values, dict):
        return found
    for field, kind in words().asked.items():
        given = values.get(field)
        for said in (given.get("shown"), given.get("value")) if isinstance(given, dict) else ():
            if isinstance(said, str) and len(said) > 1 and said not in words().no_names:
                found[said] = kind
    return found


def secret(folded: Folded) -> list[Span]:
    """What must be covered; what knowledge itself says is public and stays."""
    likely, sure = found_in(folded)
    return [*sure, *(span for span in likely if not is_public(folded.text, span))]


def warm_up() -> None:
    """Loads the dictionary and the public words before the first text comes."""
    public_words()


def _is_plain_answer(text: str, asked: str) -> bool:
    said = text.strip().rstrip("。")
    return asked in words().asked and len(said) <= words().asked_longest and not said.endswith(_question_ends())


@cache
def _question_ends() -> tuple[str, ...]:
    return (*words().question_ends, "？")


def _places_of(text: str, known: Known) -> Iterator[Span]:
    for word, kind in known.items():
        start = text.find(word)
        while start >= 0:
            yield Span(start, start + len(word), kind)
            start = text.find(word, start + len(word))


def _covered(text: str, spans: Iterable[Span]) -> str:
    """The text with its spans covered; where they overlap, the more telling kind covers all."""
    pieces: list[str] = []
    at = 0
    for start, end, kind in _joined(spans):
        pieces += [text[at:start], words().marks[kind]]
        at = end
    return "".join([*pieces, text[at:]])


def _joined(spans: Iterable[Span]) -> list[tuple[int, int, str]]:
    joined: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if joined and (span.start < joined[-1][1] or (span.start == joined[-1][1] and span.kind == joined[-1][2])):
            start, end, kind = joined[-1]
            joined[-1] = (start, max(end, span.end), min(kind, span.kind, key=ORDER.index))
        else:
            joined.append((span.start, span.end, span.kind))
    return joined

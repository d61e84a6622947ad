"""What is no secret because knowledge/ itself says it: the desks' numbers, companies in published cases, 桃太郎空港."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from api.privacy.finding import found_in
from api.privacy.folding import Span, fold
from knowledge.loader import HERE

FILES = ("answers/*/*.yaml", "cases/*.yaml", "contacts.yaml", "sources.yaml", "phrases.yaml", "lexicon.yaml")
BARE = re.compile(r"[\s\-()]")


def is_public(text: str, span: Span) -> bool:
    """Whether knowledge/ says this very word."""
    return _bare(text[span.start : span.end]) in public_words()


@cache
def public_words() -> frozenset[str]:
    """Those words, without spaces and dashes."""
    return frozenset(_bare(line[span.start : span.end]) for line in _lines() for span in found_in(fold(line))[0])


def _lines() -> Iterator[str]:
    for pattern in FILES:
        for path in sorted(HERE.glob(pattern)):
            yield from (fold(line).text for line in path.read_text(encoding="utf-8").splitlines())


def _bare(word: str) -> str:
    return BARE.sub("", word)

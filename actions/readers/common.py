"""What every reader shares: what it is given, what it gives back, and one way to see Japanese text."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jaconv

from knowledge.loader import Knowledge
from knowledge.schema_tasks import Option

DASHES = re.compile("[‐‑‒–—―−﹣]")
SPACES = re.compile(r"\s+")
POLITE = re.compile(
    r"(です|だ|でございます)?(けど|けれど|けれども|が|ので|よ|ね|よね|な|なあ|わ|かな|かも|かしら|と思います|と思う)*"
    r"[。．.!！、,〜~…\s]*$"
)


@dataclass(frozen=True)
class Context:
    """What a reader may look at: the time, the question (choices, unit, field), the knowledge, other answers."""

    now: datetime = dataclasses.field(default_factory=lambda: datetime.now(UTC))
    choices: Sequence[Option] = ()
    unit: str | None = None
    knowledge: Knowledge | None = None
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    field: str = ""
    accepts: Sequence[str] = ()


@dataclass(frozen=True)
class Reading:
    """What was understood: the value, how sure that is (0 to 1), and how it is shown in Japanese.

    `options` holds the near meanings when the text does not decide; then `sure` is low. `span` says where it stands.
    """

    value: Any
    sure: float
    shown: str
    span: tuple[int, int] | None = None
    options: tuple[Option, ...] = ()


Reader = Callable[[str, Context], Reading | None]


def plain(text: str) -> str:
    """One writing for full and half width, dashes and spaces; lower case."""
    return SPACES.sub(" ", DASHES.sub("-", unicodedata.normalize("NFKC", text))).strip().lower()


def kana(text: str) -> str:
    """As `plain`, with katakana as hiragana, so that ハイ and はい are one word."""
    return jaconv.kata2hira(plain(text))


def without_politeness(text: str) -> str:
    """「12年ですね。」 → 「12年」: the end of a sentence says nothing about the answer."""
    return POLITE.sub("", text)

"""What a question asks for, and whether an answer tells it: an amount, a share, a number of people …"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property
from pathlib import Path

from knowledge.schema import Strict, Text
from knowledge.yaml_file import read_model


class Kind(Strict):
    """One thing that people ask for: how they ask, and what an answer looks like that tells it."""

    what: Text
    asked: Text
    told: Text

    @cached_property
    def asking(self) -> re.Pattern[str]:
        return re.compile(self.asked)

    @cached_property
    def _telling(self) -> re.Pattern[str]:
        return re.compile(self.told)

    def told_in(self, text: str) -> bool:
        """Whether a text tells such a thing."""
        return bool(self._telling.search(plain(text)))


class AskedFor(Strict):
    """All kinds, in the order in which they are tried (knowledge/asked_for.yaml)."""

    says: Text
    anything: Text
    """What is said where the words do not name the missing thing."""
    named: Text
    kinds: list[Kind]

    def kind_of(self, question: str) -> Kind | None:
        """The kind of thing that a question asks for, when its words say so."""
        said = plain(question)
        return next((kind for kind in self.kinds if kind.asking.search(said)), None)

    def missing(self, question: str, answer: str) -> str | None:
        """What the words ask for and the answer does not tell, as people call it; None when nothing is missing."""
        told = plain(answer)
        for name in re.findall(self.named, plain(question)):
            if name not in told:
                return f"「{name}」"
        kind = self.kind_of(question)
        return kind.what if kind and not kind.told_in(answer) else None


@cache
def asked_for(root: Path) -> AskedFor:
    """The kinds of a knowledge folder."""
    return read_model(root / "asked_for.yaml", AskedFor)


def plain(text: str) -> str:
    """NFKC in lower case, as the patterns expect it."""
    return unicodedata.normalize("NFKC", text).lower()

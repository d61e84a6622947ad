"""Which part of an answer a question asks for: what stands only in the longer part is shown with the short one."""

from __future__ import annotations

import re
import unicodedata

HIRAGANA = re.compile(r"[ぁ-んー、。？?！!・\s]+")


def asks_for_detail(question: str, text: str, detail: str, least: float) -> bool:
    """Whether at least this share of the question's telling pairs of characters stands in the detail only."""
    asked = pairs(question)
    if not asked:
        return False
    return len((asked & pairs(detail)) - pairs(text)) / len(asked) >= least


def pairs(text: str) -> set[str]:
    """Neighbouring characters, without those of hiragana alone: they carry grammar."""
    said = unicodedata.normalize("NFKC", text).lower()
    found = {said[i : i + 2] for i in range(len(said) - 1)}
    return {pair for pair in found if not HIRAGANA.fullmatch(pair) and not HIRAGANA.match(pair[0])}

"""Yes and no in the forms that people use, dialect and hesitation included (words in knowledge/reading.yaml)."""

from __future__ import annotations

import re
from functools import cache

from actions.readers.common import Context, Reading, kana
from actions.readers.words import pattern, words


def read(text: str, context: Context) -> Reading | None:
    """True or False; less sure for 「たぶん」. None for a question, 「わからない」 or anything else."""
    said = kana(text).strip("。、.!！ 〜~…")
    if not said or pattern("question_end").search(said) or pattern("unknown").search(said):
        return None
    perhaps = pattern("perhaps")
    bare = perhaps.sub("", said).strip("、, 。") if perhaps.match(said) else said
    if not bare:
        return Reading(True, 0.55, "はい（たぶん）")
    found = _decide(bare)
    if found is None:
        return None
    value, sure = found
    if perhaps.search(said):
        return Reading(value, min(sure, 0.65), "はい（たぶん）" if value else "いいえ（たぶん）")
    return Reading(value, sure, "はい" if value else "いいえ")


def _decide(said: str) -> tuple[bool, float] | None:
    if pattern("double_negation").search(said):
        return True, 0.6
    if pattern("no_start").match(said):
        return False, 0.95
    if yes := pattern("yes_start").match(said):
        rest = said[yes.end() :].lstrip("、, 。")
        denied = rest and _ending("negated_end").search(rest) and not pattern("still_yes").search(rest)
        return (False, 0.6) if denied else (True, 0.95)
    if _ending("negated_end").search(said):
        return False, 0.85
    if _ending("affirmed_end").search(said):
        return True, 0.8
    return None


@cache
def _ending(name: str) -> re.Pattern[str]:
    """The words at the end of a sentence, whatever small words follow."""
    return re.compile(f"{words(name)}{words('sentence_tail')}*[。.!！ ]*$")

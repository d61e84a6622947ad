"""Picks one of a question's choices by number, by label, by everyday words, or by yes and no."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.readers import yes_no
from actions.readers.common import Context, Reading, kana, without_politeness
from actions.readers.words import pattern
from knowledge.schema_tasks import Option

NUMBER = re.compile(
    r"^(?:選択肢|番号)?の?([1-9]|[一二三四五六七八九])(?:番目|番|つ目|つめ|個目|ばん)?(?:の(?:もの|やつ|ほう|方))?"
    r"(?:で|を|に)?(?:お願いします|します|する)?$"
)
HIRAGANA = re.compile("[ぁ-ん]")
KANJI_LETTER = re.compile("[一-龥0-9a-z]")
CIRCLED = "①②③④⑤⑥⑦⑧⑨"
KANJI = "一二三四五六七八九"
ORDINAL = {"最初": 0, "一番上": 0, "いちばん上": 0, "上": 0, "下": -1, "最後": -1, "一番下": -1, "いちばん下": -1}
YES_VALUES = (True, "yes")
NO_VALUES = (False, "no", "none")


def read(text: str, context: Context) -> Reading | None:
    """The chosen value; with several near choices a low `sure` and those as `options`."""
    choices = context.choices
    if not choices:
        return None
    if option := _by_number(text, choices):
        return Reading(option.value, 0.95, option.label)
    if found := _by_words(text, choices):
        return found
    return _by_yes_no(text, context)


def is_choice(text: str, choices: Sequence[Option]) -> bool:
    """Whether the whole text is the name of a choice."""
    said = {kana(text), without_politeness(kana(text))}
    return any(kana(word) in said for option in choices for word in [option.label, *option.words])


def _by_number(text: str, choices: Sequence[Option]) -> Option | None:
    if (mark := text.strip()[:1]) and mark in CIRCLED:
        place = CIRCLED.index(mark)
        return choices[place] if place < len(choices) else None
    said = without_politeness(kana(text))
    if said in ORDINAL:
        return choices[ORDINAL[said]]
    found = NUMBER.match(said)
    if not found:
        return None
    place = (int(found[1]) if found[1].isdigit() else KANJI.index(found[1]) + 1) - 1
    return choices[place] if place < len(choices) else None


def _by_words(text: str, choices: Sequence[Option]) -> Reading | None:
    """The longest word that is said decides; a word said of several choices leaves them open."""
    said = without_politeness(kana(text)) or kana(text)
    whole = kana(text)
    scores = [(_longest(whole, option, said), option) for option in choices]
    best = max(score for score, _ in scores)
    if best == 0:
        return None
    near = [option for score, option in scores if score == best]
    if len(near) > 1:
        return Reading(None, 0.3, "、".join(option.label for option in near), options=tuple(near))
    sure = 0.95 if best >= len(said) else 0.85
    if pattern("perhaps").search(whole):
        sure = 0.65
    return Reading(near[0].value, sure, near[0].label)


def _longest(whole: str, option: Option, said: str) -> int:
    longest = 0
    for word in [option.label, *option.words]:
        plain_word = kana(word)
        if plain_word in (said, whole):
            return max(longest, len(said) + 1)
        for found in re.finditer(re.escape(plain_word), whole):
            if _is_word(whole, found) and not pattern("negated_word").match(whole[found.end() :]):
                longest = max(longest, len(plain_word))
    return longest


def _is_word(text: str, found: re.Match[str]) -> bool:
    """A single character counts only where it stands by itself: 「犬を」, not 「犬山」; and no kana."""
    if found.end() - found.start() > 1:
        return True
    around = text[: found.start()][-1:] + text[found.end() :][:1]
    return not HIRAGANA.match(found[0]) and not KANJI_LETTER.search(around)


def _by_yes_no(text: str, context: Context) -> Reading | None:
    found = yes_no.read(text, context)
    if found is None:
        return None
    wanted = YES_VALUES if found.value else NO_VALUES
    option = next((o for o in context.choices if any(o.value is v or o.value == v for v in wanted)), None)
    return Reading(option.value, found.sure, option.label) if option else None

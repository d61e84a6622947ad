"""Names of people, companies and addresses in a folded text, by Sudachi's parts of speech and the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise, zip_longest
from threading import Lock
from typing import Any

from sudachipy import tokenizer

from api.privacy.folding import Span
from api.privacy.words import words
from core.japanese import dictionary

SPLIT = tokenizer.Tokenizer.SplitMode.C
MOST_IN_A_COMPANY, LONGEST_SELF = 4, 20
KANJI = re.compile(r"[一-龥々]")
HIRAGANA = re.compile(r"[ぁ-んー]+")
KATAKANA, PERSON = re.compile(r"[ァ-ヶー]{2,8}"), re.compile(r"\s?(?:さん|様|氏)(?!へ)")
NAME_LETTERS = r"[^\s、。,.:()「」]"


@dataclass(frozen=True)
class Token:
    """One word with its place and Sudachi's parts of speech."""

    start: int
    end: int
    text: str
    parts: tuple[str, ...]

    @cached_property
    def is_name(self) -> bool:
        return self.parts[1] == "固有名詞" and self.parts[2] == "人名" and self.text not in words().no_names

    @cached_property
    def is_place(self) -> bool:
        return self.parts[1] == "固有名詞" and self.parts[2] == "地名"

    @cached_property
    def is_noun(self) -> bool:
        return self.parts[0] in ("名詞", "接頭辞", "接尾辞") and self.parts[1] != "数詞"


class Reader:
    """Sudachi, loaded once; one text at a time."""

    def __init__(self) -> None:
        self._sudachi = dictionary().tokenizer()
        self._alone = Lock()

    def tokens(self, text: str) -> list[Token]:
        """The words of a text."""
        with self._alone:
            found: Any = self._sudachi.tokenize(text, SPLIT)
            return [Token(m.begin(), m.end(), m.surface(), tuple(m.part_of_speech())) for m in found]


@cache
def reader() -> Reader:
    """The one reader of this process."""
    return Reader()


def names(tokens: list[Token]) -> Iterator[Span]:
    """Words in kanji that are mostly names, from two letters on; not 桃太郎空港."""
    for token, after in zip_longest(tokens, tokens[1:]):
        belongs = after is not None and after.start == token.end and after.text in words().name_of_a_place
        if token.is_name and len(token.text) > 1 and KANJI.search(token.text) and not belongs:
            yield Span(token.start, token.end, "name")


def sure_names(text: str, tokens: list[Token]) -> Iterator[Span]:
    """What the words around it show to be somebody's name: 田中さん · 山田太郎 · 氏名：… · …と申します."""
    for place, token in enumerate(tokens):
        named = token.is_name and (_beside_a_name(tokens, place) or _titles().match(text, token.end))
        if named or (KATAKANA.fullmatch(token.text) and _person_titled(text, token)):
            yield Span(token.start, token.end, "name")
    for pattern in _stated():
        for found in pattern.finditer(text):
            start = found.start("name") + _last_part(found["name"])
            if start < found.end("name") and text[start : found.end("name")] not in words().no_names:
                yield Span(start, found.end("name"), "name")


def companies(text: str, tokens: list[Token]) -> Iterator[Span]:
    """株式会社青空 and 青空株式会社, with the kind of company."""
    for found in _company_words().finditer(text):
        after = _run(tokens, found.end(), 1)
        before = _run(tokens, found.start(), -1)
        if after and after[0].start == found.end():
            yield Span(found.start(), after[-1].end, "company")
        elif before and before[0].end == found.start():
            yield Span(before[-1].start, found.end(), "company")


def addresses(text: str, tokens: list[Token]) -> Iterator[Span]:
    """A place with a house number: 岡山市北区駅元町1-1, 西条栄町8番29号; not 津山市 alone, not 岡山県で3年."""
    for token in tokens:
        if not token.is_place:
            continue
        found = _house_number().match(text, token.end)
        if found and not _unit().match(text, found.end()):
            yield Span(_start_of_place(tokens, token), found.end(), "address")


def _person_titled(text: str, token: Token) -> bool:
    """サトウさん: a word in katakana that only a title shows to be a name."""
    return token.is_noun and token.text not in words().no_names and bool(PERSON.match(text, token.end))


def _beside_a_name(tokens: list[Token], place: int) -> bool:
    around = [tokens[i] for i in (place - 1, place + 1) if 0 <= i < len(tokens)]
    here = tokens[place]
    if HIRAGANA.fullmatch(here.text):
        return False
    return any(t.is_name and (t.end == here.start or here.end == t.start) for t in around)


def _last_part(name: str) -> int:
    """Where the name proper starts in 岡山県庁の田中 or 私は田中."""
    return max((found.end() for found in re.finditer(r"[のはが]|\s(?=\S{4,})", name)), default=0)


def _run(tokens: list[Token], at: int, step: int) -> list[Token]:
    """The nouns that stand directly after (1) or before (-1) a place, nearest first."""
    ordered = tokens if step > 0 else tokens[::-1]
    near = [t for t in ordered if (t.start >= at if step > 0 else t.end <= at)]
    taken: list[Token] = []
    for token in near[:MOST_IN_A_COMPANY]:
        if not token.is_noun and not token.is_name:
            break
        taken.append(token)
    return [t for i, t in enumerate(taken) if i == 0 or _touch(taken[i - 1], t)]


def _touch(one: Token, other: Token) -> bool:
    return one.end == other.start or other.end == one.start


def _start_of_place(tokens: list[Token], last: Token) -> int:
    start = last.start
    for before, after in reversed(list(pairwise(tokens))):
        if (
            after.end <= last.end
            and after.start == start
            and before.end == start
            and (before.is_place or before.is_noun)
        ):
            start = before.start
    return start


@cache
def _titles() -> re.Pattern[str]:
    return re.compile(r"\s?(?:" + "|".join(map(re.escape, words().titles)) + ")(?!さん)")


@cache
def _stated() -> tuple[re.Pattern[str], ...]:
    said = "|".join(map(re.escape, words().introductions))
    labels = "|".join(map(re.escape, words().labels))
    ends = r"(?=です|でございます|と|、|。|,|\s|$)"
    name = rf"(?P<name>{NAME_LETTERS}{{1,{LONGEST_SELF}}}?(?:\s{NAME_LETTERS}{{1,8}}?)?)"
    return (
        re.compile(
            rf"(?:^|(?<=[\s、。,!]))(?P<name>{NAME_LETTERS}{{1,{LONGEST_SELF}}}(?:\s{NAME_LETTERS}{{1,8}})?)(?:{said})(?!と)"
        ),
        re.compile(rf"(?:{labels})\s?[:]\s?{name}{ends}"),
        re.compile(rf"(?:お名前|名前|氏名)は\s?{name}(?=です|でございます|と申)"),
    )


@cache
def _company_words() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words().companies)))


@cache
def _house_number() -> re.Pattern[str]:
    blocks = "|".join(map(re.escape, words().blocks))
    digits = r"[0-9〇一二三四五六七八九十百]+"
    return re.compile(rf"\s?(?:大?字\S{{1,6}}?)?{digits}(?:\s?(?:{blocks})\s?(?:{digits})?)*")


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(r"\s?(?:" + "|".join(map(re.escape, words().units)) + ")")

"""What somebody wants to do: a methodology by its number or everyday words, longest words first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from actions.readers import choice
from actions.readers.common import Context, Reading, plain
from knowledge.loader import HERE, Knowledge
from knowledge.methodology_book import Book, load_book
from knowledge.schema_tasks import Option

NUMBER = re.compile(r"(?<![a-z])(en ?-? ?s|en ?-? ?r|in|ag|wa|fo) ?[-ー]? ?0*(\d{1,3})(?!\d)")
MOST = 6


def read(text: str, context: Context) -> Reading | None:
    """The methodology's id; several that fit are `options`. A choice of the question that is said wins."""
    book = _book(context.knowledge)
    found = methodologies_said(text, book)
    if len(found) == 1:
        return Reading(found[0], 0.9, book.methodologies[found[0]].name)
    if found:
        options = tuple(Option(label=book.methodologies[i].name, value=i) for i in found[:MOST])
        return Reading(None, 0.3, "、".join(o.label for o in options), options=options)
    return choice.read(text, context)


def methodologies_said(text: str, book: Book) -> list[str]:
    """The active methodologies that the text names. The longest words count first, and what they cover is taken."""
    said = plain(text)
    numbered = [f"{_kind(m[1])}-{int(m[2]):03d}" for m in NUMBER.finditer(said)]
    if known := [i for i in dict.fromkeys(numbered) if i in book.methodologies]:
        return known
    return _common(said, book)[:MOST]


def groups_said(text: str, book: Book) -> list[list[str]]:
    """For each everyday word in the text, in its order, the methodologies that it may mean."""
    rest, places = plain(text), []
    for word, ids in _words(book.root):
        at = rest.find(word)
        while at >= 0:
            if _stands_alone(rest, at, word):
                places.append((at, ids))
                rest = rest[:at] + "\0" * len(word) + rest[at + len(word) :]
            at = rest.find(word, at + len(word))
    ordered = [list(ids) for _, ids in sorted(places, key=lambda pair: pair[0])]
    return [group for i, group in enumerate(ordered) if group not in ordered[:i]]


def _common(text: str, book: Book) -> list[str]:
    """What all words share, else all that any of them means."""
    groups = groups_said(text, book)
    if not groups:
        return []
    shared = [i for i in groups[0] if all(i in group for group in groups[1:])]
    return shared or list(dict.fromkeys(i for group in groups for i in group))


def _stands_alone(text: str, at: int, word: str) -> bool:
    """Latin words (EV, PV) and single characters must not be parts of longer ones."""
    before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
    if word[0].isascii() and word[0].isalnum():
        return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())
    if len(word) == 1:
        return not _is_kanji(before) and not _is_kanji(after)
    return True


def _is_kanji(letter: str) -> bool:
    return bool(letter) and "\u4e00" <= letter <= "\u9fff"


def _kind(written: str) -> str:
    letters = re.sub(r"[^a-z]", "", written).upper()
    return f"EN-{letters[-1]}" if letters.startswith("EN") else letters


@lru_cache(maxsize=4)
def _words(root: Path) -> Sequence[tuple[str, list[str]]]:
    meanings: dict[str, list[str]] = {}
    for methodology in load_book(root).methodologies.values():
        if methodology.status == "active":
            for word in methodology.words:
                meanings.setdefault(plain(word), []).append(methodology.id)
    return sorted(meanings.items(), key=lambda pair: -len(pair[0]))


def _book(knowledge: Knowledge | None) -> Book:
    return load_book(knowledge.root if knowledge else HERE)

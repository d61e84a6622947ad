"""Japanese text as staff looks for it: words in their normal form, and one key for the same question."""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata

import sudachipy

from core.japanese import dictionary

LONGEST_WORD = 64
MOST_WORDS = 400
EMPTY = {"助詞", "助動詞", "補助記号", "空白"}
UNSPOKEN = ("P", "S", "Z", "C")  # punctuation, signs, spaces, controls
LATIN = re.compile(r"[A-Za-z0-9]{2,}")
_own = threading.local()


def question_key(text: str) -> str:
    """24 digits that are the same for questions that differ only in width, case, spaces and punctuation."""
    plain = unicodedata.normalize("NFKC", text).lower()
    bare = "".join(c for c in plain if not unicodedata.category(c).startswith(UNSPOKEN))
    return hashlib.blake2b((bare or plain.strip()).encode(), digest_size=12).hexdigest()


def words(text: str) -> set[str]:
    """The words of a text in their normal forms: as they stand, and their shortest parts; 「RE100」 whole as well."""
    plain = unicodedata.normalize("NFKC", text)
    found = {run.lower()[:LONGEST_WORD] for run in LATIN.findall(plain)}
    for morpheme in _tokenizer().tokenize(plain):
        if morpheme.part_of_speech()[0] not in EMPTY:
            found.add(_form(morpheme))
            found.update(_form(part) for part in morpheme.split(sudachipy.SplitMode.A))
        if len(found) >= MOST_WORDS:
            break
    return found - {""}


def wanted_words(text: str) -> set[str]:
    """What to look for: the shortest parts only, so that 「審査」 finds 「審査機関」."""
    plain = unicodedata.normalize("NFKC", text)
    found = {run.lower()[:LONGEST_WORD] for run in LATIN.findall(plain)}
    for morpheme in _tokenizer().tokenize(LATIN.sub(" ", plain)):
        if morpheme.part_of_speech()[0] not in EMPTY:
            parts = list(morpheme.split(sudachipy.SplitMode.A)) or [morpheme]
            found.update(_form(part) for part in parts)
    return found - {""}


def _form(morpheme: sudachipy.Morpheme) -> str:
    return str(morpheme.normalized_form()).lower().strip()[:LONGEST_WORD]


def _tokenizer() -> sudachipy.Tokenizer:
    """One for each thread: a tokenizer must not be shared."""
    if not hasattr(_own, "tokenizer"):
        _own.tokenizer = dictionary().tokenizer(sudachipy.SplitMode.C)
    return _own.tokenizer

"""Japanese text as the understanding sees it: normalised, with the scheme's terms in one spelling, cut into words.

Nothing here touches the message's own text: Rasa would unpack a normalised 「／restart」 as a command.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

import spacy
import yaml
from spacy.language import Language

CONTENT = {"NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM", "X", "INTJ"}
DASHES = re.compile("[‐‑‒–—―−﹣]")
CLAUSE_ENDS = "、。,.!?・… "
CLAUSE = re.compile(f"[^{re.escape(CLAUSE_ENDS)}]*[{re.escape(CLAUSE_ENDS)}]+|[^{re.escape(CLAUSE_ENDS)}]+$")
LONGEST_FILLER, SHORTEST_REST = 40, 4
KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
SPACES = re.compile(r"\s+")
ASCII_WORD = re.compile(r"[a-z0-9&.-]+")
QUESTION_END = re.compile(
    r"(?<=[。．？！?!\n])\s*|(?:、|。|\s)(?:あと|それと|それから|ついでに|もう一つ|もうひとつ)、?"
)
METHODOLOGY = re.compile(r"(?<![a-z])(en\s*-?\s*s|en\s*-?\s*r|in|ag|wa|fo)\s*[-ー]?\s*0*(\d{1,3})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """One word: its surface, where it starts, its dictionary form, and whether it carries meaning."""

    text: str
    start: int
    lemma: str
    content: bool


def normalise(text: str) -> str:
    """NFKC, lower case, one kind of dash, single spaces."""
    text = DASHES.sub("-", unicodedata.normalize("NFKC", text)).lower()
    return SPACES.sub(" ", text).strip()


class Lexicon:
    """The scheme's terms: every spelling variant leads to the term (knowledge/lexicon.yaml)."""

    def __init__(self, terms: Dict[str, List[str]]) -> None:
        self.terms = {normalise(term): term for term in terms}
        self._to = {
            normalise(variant): normalise(term) for term, variants in terms.items() for variant in [term, *variants]
        }
        self._pattern = re.compile("|".join(_bounded(v) for v in sorted(self._to, key=len, reverse=True)) or r"(?!)")

    @classmethod
    def read(cls, path: Path) -> "Lexicon":
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")) or {})

    def unify(self, normalised: str) -> str:
        """The text with every variant replaced by its term."""
        return self._pattern.sub(lambda found: self._to[found.group(0)], normalised)


def _bounded(variant: str) -> str:
    """Latin abbreviations only match as whole words: 「cn」 not in 「cnn」."""
    escaped = re.escape(variant)
    return f"(?<![a-z0-9]){escaped}(?![a-z0-9])" if ASCII_WORD.fullmatch(variant) else escaped


class Fillers:
    """Polite openings and endings that say nothing about the question (knowledge/lexicon_fillers.yaml)."""

    def __init__(self, words: List[str]) -> None:
        ordered = sorted(map(normalise, words), key=len, reverse=True)
        self._only = re.compile(f"(?:{'|'.join(map(re.escape, ordered))})+" if ordered else r"(?!)")

    @classmethod
    def read(cls, path: Path) -> "Fillers":
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")) or [])

    def drop(self, normalised: str) -> str:
        """The text without clauses made of fillers alone; the text itself when nothing else is said."""
        clauses = CLAUSE.findall(normalised)
        kept = [c for c in clauses if len(c) > LONGEST_FILLER or not self._only.fullmatch(c.strip(CLAUSE_ENDS))]
        rest = "".join(kept).strip()
        return rest if len(rest) >= SHORTEST_REST else normalised


class JapaneseText:
    """Normalises, unifies terms and cuts into words with spaCy's Japanese tokeniser (split mode C)."""

    def __init__(self, lexicon: Lexicon, fillers: Optional[Fillers] = None) -> None:
        self.lexicon = lexicon
        self.fillers = fillers or Fillers([])
        self._nlp = language(tuple(sorted(lexicon.terms)))

    def unified(self, text: str) -> str:
        return methodology_numbers(self.lexicon.unify(self.fillers.drop(normalise(text))))

    def cut(self, text: str) -> List[Word]:
        """The words of the text as it stands; offsets are those of the text."""
        return self.read(text)[0]

    def read(self, text: str) -> Tuple[List[Word], str]:
        """The words, and the reading in katakana, unknown words as they stand; the dictionary is asked once."""
        doc = self._nlp.make_doc(text)
        reading = katakana("".join("".join(t.morph.get("Reading")) or t.text for t in doc))
        for _, part in self._nlp.pipeline:
            doc = part(doc)
        words = [Word(t.text, t.idx, t.norm_ or t.text, t.pos_ in CONTENT) for t in doc if not t.is_space]
        return words, reading

    def content_words(self, text: str) -> List[str]:
        """Dictionary forms of the words that carry meaning."""
        return [word.lemma for word in self.cut(self.unified(text)) if word.content]


def katakana(text: str) -> str:
    """Hiragana as katakana."""
    return text.translate(KATAKANA)


def pieces(text: str, shortest: int, longest: int) -> List[str]:
    """All runs of `shortest` to `longest` characters, spaces left out."""
    solid = text.replace(" ", "")
    return [solid[i : i + n] for n in range(shortest, longest + 1) for i in range(len(solid) - n + 1)]


@lru_cache(maxsize=4)
def language(terms: Tuple[str, ...]) -> Language:
    """spaCy's blank Japanese pipeline with the scheme's terms kept whole by an entity ruler."""
    nlp = spacy.blank("ja", config={"nlp": {"tokenizer": {"split_mode": "C"}}})
    if terms:  # a term stays one word, however the dictionary would cut it
        ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns([{"label": "TERM", "pattern": term} for term in terms])
        nlp.add_pipe("merge_entities")
    return nlp


def methodology_numbers(normalised: str) -> str:
    """Methodology numbers in one notation: 「en-s-6」「ens006」 → 「en-s-006」."""
    return METHODOLOGY.sub(lambda found: _number(found.group(1), found.group(2)), normalised)


def methodology_ids(text: str) -> List[str]:
    """The methodology numbers that a text names, as ids, in order."""
    found = METHODOLOGY.finditer(normalise(text))
    return list(dict.fromkeys(_number(m.group(1), m.group(2)).upper() for m in found))


def _number(letters: str, digits: str) -> str:
    head = re.sub(r"[\s-]", "", letters.lower())
    head = f"en-{head[2]}" if head.startswith("en") else head
    return f"{head}-{int(digits):03d}"


def sentences(text: str) -> List[str]:
    """The separate questions in a message, at most three."""
    parts: Iterable[str] = QUESTION_END.split(text)
    kept = [part.strip() for part in parts if len(part.strip()) >= 4]
    return kept[:3] or [text]

"""Three ways to see which class a sentence belongs to: how it sounds, its words, and its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, List, Sequence

import bm25s
import numpy as np

from bot.features import Sentence

COUNTED = ("spoken", "words")
WAYS = (*COUNTED, "meaning")
AT_ONCE = 64


class Counted:
    """BM25 over all phrasings of a class as one document."""

    def __init__(self, documents: List[List[str]]) -> None:
        index = bm25s.BM25()
        index.index(documents, show_progress=False)
        found = index.scores
        self._number: Dict[str, int] = index.vocab_dict
        self._weights, self._classes, self._starts = found["data"], found["indices"], found["indptr"]
        self._count = len(documents)
        held = np.diff(self._starts)
        self._rarity = np.log(1 + (self._count - held + 0.5) / (held + 0.5)).astype(np.float32)
        self._unseen = float(np.log(1 + (self._count + 0.5) / 0.5))

    def scores(self, tokens: List[str]) -> np.ndarray:
        """One number a class; unknown tokens say nothing."""
        places = self._places(self._known(tokens))
        return np.bincount(self._classes[places], weights=self._weights[places], minlength=self._count)

    def covered(self, tokens: List[str]) -> np.ndarray:
        """How much of the tokens' weight each class has seen, from 0 to 1; rare tokens weigh more."""
        known = self._known(tokens)
        total = self._rarity[known].sum() + self._unseen * (len(tokens) - len(known))
        places = self._places(known)
        rarity = np.repeat(self._rarity[known], np.diff(self._starts)[known])
        seen = np.bincount(self._classes[places], weights=rarity, minlength=self._count)
        return seen / max(float(total), 1e-6)

    def _known(self, tokens: List[str]) -> List[int]:
        return [self._number[token] for token in tokens if token in self._number]

    def _places(self, known: List[int]) -> np.ndarray:
        """Where the classes of these tokens stand in the table."""
        if not known:
            return np.zeros(0, dtype=np.intp)
        return np.concatenate([np.arange(self._starts[token], self._starts[token + 1]) for token in known])


@dataclass(frozen=True)
class Seen:
    """One sentence, for all classes. scores: standardised, classes × ways. likeness: cosine to the nearest phrasing."""

    scores: np.ndarray
    likeness: np.ndarray


class Rankers:
    """Fitted on sentences and their classes.

    sharpness: how much nearer phrasings weigh more than farther ones. dimensions: how many of the embedding's are kept.
    """

    def __init__(self, sharpness: float, dimensions: int) -> None:
        self._sharpness, self._dimensions = sharpness, dimensions

    def fit(self, sentences: Sequence[Sentence], owner: np.ndarray, classes: int) -> "Rankers":
        """owner: the class number of each sentence; every class up to `classes` has one."""
        self.counted: Dict[str, Counted] = {}
        for way in COUNTED:
            documents: List[List[str]] = [[] for _ in range(classes)]
            for sentence, number in zip(sentences, owner):
                documents[number] += getattr(sentence, way)
            self.counted[way] = Counted(documents)
        by_class = np.argsort(owner, kind="stable")
        self._starts = np.searchsorted(owner[by_class], np.arange(classes))
        vectors = np.stack([sentences[i].vector for i in by_class]).astype(np.float32)
        _, directions = np.linalg.eigh(vectors.T @ vectors)
        self._main = np.ascontiguousarray(directions[:, -self._dimensions :])
        self._vectors = np.ascontiguousarray(vectors @ self._main)
        return self

    def see(self, sentence: Sentence) -> Seen:
        """One sentence."""
        return next(self.see_all([sentence]))

    def see_all(self, sentences: Sequence[Sentence]) -> Iterator[Seen]:
        """Many sentences, in order; the meanings of some at once."""
        for start in range(0, len(sentences), AT_ONCE):
            some = sentences[start : start + AT_ONCE]
            asked = np.stack([sentence.vector for sentence in some]).astype(np.float32) @ self._main
            cosines = asked @ self._vectors.T
            near = np.add.reduceat(np.exp(self._sharpness * (cosines - 1)), self._starts, axis=1)
            nearest = np.maximum.reduceat(cosines, self._starts, axis=1)
            for sentence, meaning, likeness in zip(some, np.log(near + 1e-12), nearest):
                yield Seen(self._scores(sentence, meaning), likeness)

    def _scores(self, sentence: Sentence, meaning: np.ndarray) -> np.ndarray:
        """The meaning counts all phrasings of a class, the nearest ones most."""
        columns = [self.counted[way].scores(getattr(sentence, way)) for way in COUNTED]
        raw = np.stack([*columns, meaning], axis=1).astype(np.float64)
        return (raw - raw.mean(axis=0)) / (raw.std(axis=0) + 1e-9)

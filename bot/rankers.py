"""Three ways to see which class a sentence belongs to: how it sounds, its words, and its meaning."""

from __future__ import annotations

import warnings
from typing import Dict, List, Sequence

import bm25s
import numpy as np
from scipy.sparse import csc_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from bot.features import Sentence

COUNTED = ("spoken", "words")
WAYS = (*COUNTED, "meaning")


class Counted:
    """BM25 over all phrasings of a class as one document."""

    def __init__(self, documents: List[List[str]]) -> None:
        index = bm25s.BM25()
        index.index(documents, show_progress=False)
        found = index.scores
        self._number: Dict[str, int] = index.vocab_dict
        shape = (len(documents), len(found["indptr"]) - 1)
        self._table = csc_matrix((found["data"], found["indices"], found["indptr"]), shape=shape)
        held = np.diff(self._table.indptr)
        self._rarity = np.log(1 + (len(documents) - held + 0.5) / (held + 0.5)).astype(np.float32)
        self._unseen = float(np.log(1 + (len(documents) + 0.5) / 0.5))

    def scores(self, tokens: List[str]) -> np.ndarray:
        """One number a class; unknown tokens say nothing."""
        known = [self._number[token] for token in tokens if token in self._number]
        return np.asarray(self._table[:, known].sum(axis=1)).ravel()

    def covered(self, tokens: List[str]) -> np.ndarray:
        """How much of the tokens' weight each class has seen, from 0 to 1; rare tokens weigh more."""
        known = [self._number[token] for token in tokens if token in self._number]
        total = self._rarity[known].sum() + self._unseen * (len(tokens) - len(known))
        seen = self._table[:, known].astype(bool) @ self._rarity[known] if known else np.zeros(self._table.shape[0])
        return seen / max(total, 1e-6)


class Rankers:
    """Fitted on sentences and their classes. Scores are standardised, so that they can be weighed."""

    def __init__(self, regularisation: float, iterations: int) -> None:
        self._meaning = LogisticRegression(C=regularisation, max_iter=iterations, random_state=7)

    def fit(self, sentences: Sequence[Sentence], owner: np.ndarray, classes: int) -> "Rankers":
        """owner: the class number of each sentence; every class up to `classes` has one."""
        self.counted: Dict[str, Counted] = {}
        for way in COUNTED:
            documents: List[List[str]] = [[] for _ in range(classes)]
            for sentence, number in zip(sentences, owner):
                documents[number] += getattr(sentence, way)
            self.counted[way] = Counted(documents)
        self._owner, self._count = owner, classes
        self._vectors = np.stack([sentence.vector for sentence in sentences]).astype(np.float32)
        with warnings.catch_warnings():  # stopping early is wanted: it generalises better and is five times as fast
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._meaning.fit(self._vectors, owner)
        return self

    def scores(self, sentence: Sentence) -> np.ndarray:
        """Standardised, shape: classes × ways."""
        columns = [self.counted[way].scores(getattr(sentence, way)) for way in COUNTED]
        columns.append(self._meaning.decision_function(sentence.vector.reshape(1, -1))[0])
        raw = np.stack(columns, axis=1).astype(np.float64)
        return (raw - raw.mean(axis=0)) / (raw.std(axis=0) + 1e-9)

    def likeness(self, sentence: Sentence) -> np.ndarray:
        """The cosine to the nearest phrasing of each class."""
        nearest = np.full(self._count, -1.0, dtype=np.float32)
        np.maximum.at(nearest, self._owner, self._vectors @ sentence.vector)
        return nearest

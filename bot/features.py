"""One row of numbers for one sentence: embedding, and reduced counts of characters and words."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence

import joblib
import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from bot import embedding
from bot.japanese import JapaneseText, Lexicon


class Features:
    """Fitted once on the training phrasings; then a text becomes a row. The order is fixed, so are the results."""

    def __init__(self, lexicon: Path, embeddings: Sequence[str], dimensions: int) -> None:
        self.japanese = JapaneseText(Lexicon.read(lexicon))
        self.embeddings = list(embeddings)
        self.characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=1)
        self.words = TfidfVectorizer(analyzer=_given, sublinear_tf=True, min_df=1)
        self.reduce = TruncatedSVD(n_components=dimensions, random_state=7)

    def fit(self, texts: List[str]) -> np.ndarray:
        """Fits the counts; rows for the training texts. Shape: texts × (embeddings + dimensions)."""
        unified, words = self._prepare(texts)
        counts = self._stack(self.characters.fit_transform(unified), self.words.fit_transform(words))
        reduced = normalize(self.reduce.fit_transform(counts))
        vectors = [embedding.encode_many(name, unified) for name in self.embeddings]
        return np.hstack([*vectors, reduced])

    def row(self, text: str) -> np.ndarray:
        """The row of one text. Shape: 1 × (embeddings + dimensions)."""
        unified, words = self._prepare([text])
        counts = self._stack(self.characters.transform(unified), self.words.transform(words))
        vectors = [embedding.model(name).encode(unified) for name in self.embeddings]
        return np.hstack([*vectors, normalize(self.reduce.transform(counts))])

    def save(self, path: Path) -> None:
        joblib.dump((self.characters, self.words, self.reduce), path)

    def restore(self, path: Path) -> None:
        self.characters, self.words, self.reduce = joblib.load(path)

    def _prepare(self, texts: List[str]):  # type: ignore[no-untyped-def]
        return [self.japanese.unified(t) for t in texts], [self.japanese.content_words(t) for t in texts]

    @staticmethod
    def _stack(characters, words):  # type: ignore[no-untyped-def]
        from scipy.sparse import hstack

        return hstack([characters, words]).tocsr()


def _given(tokens: List[str]) -> List[str]:
    return tokens

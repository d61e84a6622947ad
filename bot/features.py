"""One sentence as the rankers see it: its words, how it sounds, and its embedding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import List

import numpy as np

from bot import embedding
from bot.japanese import Fillers, JapaneseText, Lexicon, pieces

READING_PIECES = (2, 4)


@dataclass(frozen=True)
class Sentence:
    """What the rankers need of a sentence. vector: numbers of length 1."""

    text: str
    words: List[str]
    spoken: List[str]
    vector: np.ndarray


class Reader:
    """Reads texts into sentences, always the same way."""

    def __init__(self, knowledge: Path, encoder: str) -> None:
        lexicon, fillers = Lexicon.read(knowledge / "lexicon.yaml"), Fillers.read(knowledge / "lexicon_fillers.yaml")
        self.japanese = JapaneseText(lexicon, fillers)
        self.encoder = encoder

    def read(self, text: str) -> Sentence:
        """One message."""
        unified = self.japanese.unified(text)
        return self._sentence(unified, embedding.model(self.encoder).encode([unified])[0])

    def read_all(self, texts: List[str]) -> List[Sentence]:
        """Many phrasings at once; embeddings come from the cache where they stand already."""
        unified = [self.japanese.unified(text) for text in texts]
        return [self._sentence(t, v) for t, v in zip(unified, embedding.encode_many(self.encoder, unified))]

    def _sentence(self, unified: str, vector: np.ndarray) -> Sentence:
        return Sentence(
            text=unified,
            words=[word.lemma for word in self.japanese.cut(unified) if word.content],
            spoken=pieces(self.japanese.reading(unified), *READING_PIECES),
            vector=vector,
        )

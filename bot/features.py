"""One sentence as the rankers see it: its words, how it sounds, and its embedding."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import List

import numpy as np

from bot import embedding, readings
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
        vector = embedding.model(self.encoder).encode([unified])[0]
        return self._sentence(unified, readings.read(unified, self.japanese), vector)

    def read_all(self, texts: List[str]) -> List[Sentence]:
        """Many phrasings at once; what stands in the caches is taken from there."""
        unified = [self.japanese.unified(text) for text in texts]
        with ThreadPoolExecutor(1) as beside:  # the encoder leaves a core free for the dictionary
            vectors = beside.submit(embedding.encode_many, self.encoder, unified)
            read = readings.read_many(unified, self.japanese)
        return [self._sentence(*parts) for parts in zip(unified, read, vectors.result())]

    @staticmethod
    def _sentence(unified: str, read: readings.Read, vector: np.ndarray) -> Sentence:
        words, spoken = read
        return Sentence(text=unified, words=words, spoken=pieces(spoken, *READING_PIECES), vector=vector)

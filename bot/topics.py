"""Which answer a question is about: the ranking of topics, each with a confidence between 0 and 1."""

from __future__ import annotations

from typing import Dict, List, Tuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize


class TopicModel:
    """Blends a classifier over the phrasings with the likeness to the nearest phrasing of each topic."""

    def __init__(self, blend: float, sharpness: float, regularisation: float) -> None:
        self.blend, self.sharpness = blend, sharpness
        self.classifier = LogisticRegression(C=regularisation, max_iter=200, random_state=7)

    def fit(self, rows: np.ndarray, topics: List[str]) -> None:
        """Learns from phrasings. rows: phrasings × features; topics: one a phrasing."""
        self.names = sorted(set(topics))
        self.rows = normalize(rows).astype(np.float32)
        self.owner = np.array([self.names.index(topic) for topic in topics])
        self.classifier.fit(rows, self.owner)

    def rank(self, row: np.ndarray, most: int = 5) -> List[Tuple[str, float]]:
        """The best topics for one row, best first, with confidences."""
        likeness = self._nearest(row)
        probability = self.classifier.predict_proba(row)[0]
        score = self.blend * probability + (1 - self.blend) * likeness
        best = np.argsort(-score, kind="stable")[:most]
        return [(self.names[i], round(float(score[i]), 4)) for i in best]

    def _nearest(self, row: np.ndarray) -> np.ndarray:
        cosine = self.rows @ normalize(row)[0]
        nearest = np.full(len(self.names), -1.0)
        np.maximum.at(nearest, self.owner, cosine)
        return np.clip(nearest, 0, 1) ** self.sharpness

    def state(self) -> Dict[str, object]:
        """What has to be kept to rank again."""
        return {"names": self.names, "rows": self.rows, "owner": self.owner, "classifier": self.classifier}

    def restore(self, state: Dict[str, object]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

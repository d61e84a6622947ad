"""Which class of phrasings a sentence belongs to, and how likely each of the best ones is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, List, Mapping, Sequence, Set, Tuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from bot.features import Sentence
from bot.rankers import Rankers, Seen

BEST = 5
FIRST = 4.0  # what is first decides; the others only matter when it is close
Kin = Mapping[str, Set[str]]
Slips = Mapping[int, Sentence]


@dataclass(frozen=True)
class Settings:
    """Numbers of config.yml. weights: one for each way of rankers.WAYS."""

    weights: Tuple[float, ...]
    sharpness: float
    dimensions: int
    folds: int
    left_out: int
    every: int
    talk_weight: float


@dataclass(frozen=True)
class Ranked:
    """All classes for one sentence. shares: sum to 1. evidence: for each of the best topics."""

    shares: np.ndarray
    best: List[int]
    evidence: np.ndarray


class Ranking:
    """Rankers, weighed: shares of all classes, and the evidence for and against the best topics."""

    def __init__(self, settings: Settings, names: List[str]) -> None:
        self.settings, self.names = settings, names
        self.topical = np.array(["." in name for name in names])
        self._rankers = Rankers(settings.sharpness, settings.dimensions)

    def fit(self, sentences: Sequence[Sentence], owner: np.ndarray) -> "Ranking":
        self._rankers.fit(sentences, owner, len(self.names))
        return self

    def rank(self, sentence: Sentence, bonus: np.ndarray | None = None) -> Ranked:
        """bonus: added to the logits of the classes, for what the conversation is about."""
        return self._ranked(sentence, self._rankers.see(sentence), bonus)

    def rank_all(self, sentences: Sequence[Sentence]) -> Iterator[Ranked]:
        """Many sentences, in order."""
        return (self._ranked(one, seen) for one, seen in zip(sentences, self._rankers.see_all(sentences)))

    def _ranked(self, sentence: Sentence, seen: Seen, bonus: np.ndarray | None = None) -> Ranked:
        logits = seen.scores @ np.asarray(self.settings.weights)
        if bonus is not None:
            logits = logits + bonus
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        order = np.argsort(-np.where(self.topical, shares, -1), kind="stable")
        best = [int(i) for i in order[:BEST]]
        return Ranked(shares, best, self._evidence(sentence, seen, shares, best))

    def _evidence(self, sentence: Sentence, seen: Seen, shares: np.ndarray, best: List[int]) -> np.ndarray:
        """Shape: best × signs. What speaks for each of the best topics being right."""
        scores, likeness = seen.scores, seen.likeness
        covered = [self._rankers.counted[way].covered(getattr(sentence, way)) for way in ("spoken", "words")]
        anywhere = [1 - float(c.max(initial=0)) for c in covered]
        first = scores.argmax(axis=0)
        elsewhere = float(shares[~self.topical].sum())
        talk = float(likeness[~self.topical].max(initial=-1))
        rows = []
        for i in best:
            rival = float(np.delete(shares, i).max())
            rows.append(
                [
                    np.log(shares[i] + 1e-6),
                    np.log((shares[i] + 1e-6) / (rival + 1e-6)),
                    *scores[i],
                    *(first == i).astype(float),
                    likeness[i],
                    likeness[i] - talk,
                    covered[0][i],
                    covered[1][i],
                    *anywhere,
                    elsewhere,
                    np.log1p(len(sentence.text)),
                    np.log1p(len(sentence.words)),
                ]
            )
        return np.asarray(rows, dtype=np.float64)


class TopicModel:
    """Ranks, and says how likely each of the best topics is right; that is learnt on phrasings it has not seen."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def fit(self, sentences: Sequence[Sentence], classes: List[str], kin: Kin, slips: Slips) -> "TopicModel":
        """kin: topics that would be right as well, by topic. slips: some of the sentences mistyped, by their place."""
        self.names = sorted(set(classes))
        number = {name: i for i, name in enumerate(self.names)}
        owner = np.array([number[name] for name in classes])
        rows, right, weights = self._unseen(sentences, owner, kin, slips)
        pairs = PolynomialFeatures(2, include_bias=False)  # signs speak together: far from talk and well covered
        judge = LogisticRegression(C=0.05, max_iter=300)
        self._sure = make_pipeline(StandardScaler(), pairs, StandardScaler(), judge)
        self._sure.fit(rows, right, logisticregression__sample_weight=weights)
        self.ranking = Ranking(self.settings, self.names).fit(sentences, owner)
        return self

    def rank(
        self, sentence: Sentence, bonus: np.ndarray | None = None
    ) -> Tuple[List[Tuple[str, float]], Dict[str, float]]:
        """The best topics with the probability that each is right, best first; and the shares of the other classes."""
        ranked = self.ranking.rank(sentence, bonus)
        sure = self._sure.predict_proba(ranked.evidence)[:, 1]
        topics = [(self.names[i], round(float(p), 4)) for i, p in zip(ranked.best, sure)]
        others = {self.names[i]: float(ranked.shares[i]) for i in np.where(~self.ranking.topical)[0]}
        return topics, others

    def _unseen(
        self, sentences: Sequence[Sentence], owner: np.ndarray, kin: Kin, slips: Slips
    ) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Evidence for phrasings held back, alone or with their whole topic; whether it was right; its weight."""
        rows: List[np.ndarray] = []
        right: List[bool] = []
        weights: List[float] = []
        places = np.arange(len(sentences))
        talk = np.array(["." not in name for name in self.names])
        often = talk[owner] | (places // self.settings.folds % self.settings.every == 0)
        for fold in range(self.settings.folds):
            gone = np.array(
                [("." in name) and number % self.settings.left_out == fold for number, name in enumerate(self.names)]
            )
            held = gone[owner] | (places % self.settings.folds == fold)
            kept = sorted(set(owner[~held]))
            again = {old: new for new, old in enumerate(kept)}
            names = [self.names[i] for i in kept]
            ranking = Ranking(self.settings, names)
            ranking.fit([sentences[i] for i in places[~held]], np.array([again[i] for i in owner[~held]]))
            learnt = [(i, sentences[i]) for i in places[held & often]]
            learnt += [(i, slips[i]) for i in places[held] if i in slips]
            for (i, _), ranked in zip(learnt, ranking.rank_all([sentence for _, sentence in learnt])):
                own = self.names[owner[i]]
                for candidate, evidence in zip(ranked.best, ranked.evidence):
                    name = names[candidate]
                    if gone[owner[i]] and name in kin.get(own, ()):
                        continue
                    rows.append(evidence)
                    first = FIRST if candidate == ranked.best[0] else 1.0
                    weights.append(first * (1.0 if "." in own else self.settings.talk_weight))
                    right.append(name == own or name in kin.get(own, ()))
        return np.stack(rows), np.array(right), np.array(weights)

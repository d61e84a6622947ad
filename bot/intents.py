"""What a message wants, coarsely: to ask, to start a task, to greet …, or nothing that we can help with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Sequence, Tuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.features import Sentence

ASK = "ask"


def intent_of(name: str) -> str:
    """The intent of a class: 「out_of_scope」 of 「out_of_scope/cards」, asking of a topic."""
    return ASK if "." in name else name.split("/")[0]


@dataclass(frozen=True)
class Told:
    """Intents that people tell in many words of their own: they need be less sure where no topic answers."""

    names: Tuple[str, ...]
    least: float
    topic_below: float


class IntentModel:
    """The meaning decides together with the share that the ranking of all phrasings gives to each intent."""

    def __init__(self, regularisation: float, least: float, told: Told) -> None:
        self._least, self._told = least, told
        self._meaning = LogisticRegression(C=regularisation, max_iter=60, class_weight="balanced", random_state=7)

    def fit(self, sentences: Sequence[Sentence], classes: Sequence[str]) -> "IntentModel":
        """classes: topics (they have a dot) count as asking; the kinds of an intent count together."""
        self._meaning.fit(np.stack([s.vector for s in sentences]), [intent_of(name) for name in classes])
        return self

    def rank(
        self, sentence: Sentence, topics: Sequence[Tuple[str, float]], others: Dict[str, float]
    ) -> List[Tuple[str, float]]:
        """Intents, the one to act on first. A message that nothing else claims clearly enough is a question."""
        probable = dict(zip(self._meaning.classes_, self._meaning.predict_proba(sentence.vector.reshape(1, -1))[0]))
        shares = {ASK: 1 - sum(others.values())}
        for name, share in others.items():
            shares[intent_of(name)] = shares.get(intent_of(name), 0.0) + share
        mixed = {name: (probable[name] + shares.get(name, 0.0)) / 2 for name in probable}
        claimed = sorted(((n, p) for n, p in mixed.items() if n != ASK), key=lambda pair: (-pair[1], pair[0]))
        known = topics[0][1] if topics else 0.0
        asking = (ASK, max(mixed[ASK], known))
        told = claimed[0][0] in self._told.names and claimed[0][1] >= self._told.least
        if told and known < self._told.topic_below:
            return [claimed[0], asking, *claimed[1:]]
        if claimed[0][1] >= max(self._least, 0.0 if asking[1] < self._least else asking[1]):
            return [claimed[0], asking, *claimed[1:]]
        return [asking, *claimed]

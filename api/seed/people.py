"""What invented people say, from phrases.yaml and the questions of knowledge/."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from knowledge.loader import Knowledge

HERE = Path(__file__).resolve().parent
LIKELY = {"answered": 0.68, "declined": 0.10, "clarified": 0.06, "asked": 0.12, "failed": 0.01, "chatted": 0.03}


@cache
def phrases() -> dict[str, Any]:
    """All of phrases.yaml."""
    found: dict[str, Any] = yaml.safe_load((HERE / "phrases.yaml").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Said:
    """One message of a person and what it should lead to: an outcome, an answer's id, the topics with confidence."""

    text: str
    outcome: str
    intent: str
    topic: str | None
    topics: list[dict[str, Any]]


class People:
    """Says things, some of them much more often than others."""

    def __init__(self, knowledge: Knowledge, random: Random) -> None:
        self._random, self._words = random, phrases()
        self._ids = sorted(knowledge.answers)
        random.shuffle(self._ids)
        self._questions = {i: knowledge.answers[i].question for i in self._ids}
        self._weights = [1 / (rank + 3) for rank in range(len(self._ids))]

    def says(self) -> Said:
        """One message."""
        kind = self._random.choices(list(LIKELY), list(LIKELY.values()))[0]
        if kind == "chatted":
            return Said(self._one("small_talk"), "answered", "smalltalk", None, [])
        if kind in ("declined", "failed"):
            text = self._dressed(self._one("unanswered"))
            return Said(text, kind, "ask", None, self._topics(0.1, 0.34))
        if kind == "clarified":
            return Said(self._dressed(self._one("unsure")), kind, "ask", None, self._topics(0.35, 0.5))
        topics = self._topics(0.5, 0.98)
        topic = topics[0]["id"]
        return Said(self._dressed(self._questions[topic]), kind, "ask", topic, topics)

    def name(self) -> str:
        """Somebody's name."""
        people = self._words["people"]
        return f"{self._random.choice(people['families'])}{self._random.choice(people['givens'])}"

    def guest(self, number: int) -> dict[str, str]:
        """Who books: name, organization, email, phone, topic."""
        return {
            "name": self.name(),
            "organization": self._random.choice(self._words["people"]["companies"]),
            "email": f"guest{number}@example.jp",
            "phone": f"090-{self._random.randint(1000, 9999)}-{self._random.randint(1000, 9999)}",
            "topic": self._one("topics"),
        }

    def channel(self) -> str:
        """The channel of a conversation."""
        channels = self._words["channels"]
        return str(self._random.choices(list(channels), list(channels.values()))[0])

    def _one(self, kind: str) -> str:
        return str(self._random.choice(self._words[kind]))

    def _dressed(self, question: str) -> str:
        if self._random.random() < 0.02:
            people = self._words["people"]
            return self._one("introductions").format(
                question=question,
                name=self.name(),
                company=self._random.choice(people["companies"]),
                place=self._random.choice(people["places"]),
                email=f"user{self._random.randint(1, 9999)}@example.jp",
                phone=f"090-{self._random.randint(1000, 9999)}-{self._random.randint(1000, 9999)}",
            )
        return f"{self._one('before')}{question}{self._one('after')}"

    def _topics(self, least: float, most: float) -> list[dict[str, Any]]:
        found = self._random.choices(self._ids, self._weights, k=3)
        first = self._random.uniform(least, most)
        shares = (1.0, self._random.uniform(0.2, 0.95), 0.1)
        return [{"id": i, "confidence": round(first * share, 3)} for i, share in zip(found, shares, strict=True)]

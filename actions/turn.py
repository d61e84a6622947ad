"""One turn as the actions see it, read once from Rasa's tracker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Ref = dict[str, Any]
Reply = dict[str, Any]


@dataclass(frozen=True)
class Topic:
    """An answer that the question may be about, and how sure that is (0 to 1)."""

    id: str
    confidence: float


@dataclass(frozen=True)
class Question:
    """One of several questions in a message."""

    text: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Turn:
    """What the person said or pressed, how it was understood, and what the conversation remembers."""

    text: str
    intent: str = ""
    confidence: float = 0.0
    topics: tuple[Topic, ...] = ()
    questions: tuple[Question, ...] = ()
    methodologies: tuple[str, ...] = ()
    named_methodologies: tuple[str, ...] = ()
    choice: Ref | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    talk: Mapping[str, Any] = field(default_factory=dict)
    task: Mapping[str, Any] | None = None

    @property
    def sure(self) -> float:
        """How sure the best topic is, from 0 to 1."""
        return self.topics[0].confidence if self.topics else 0.0

    @classmethod
    def from_tracker(cls, tracker: Any) -> Turn:
        """Reads rasa-sdk's tracker: the latest message, its metadata and our slots."""
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        intent = message.get("intent") or {}
        found = [e for e in message.get("entities") or [] if e.get("entity") == "methodology"]
        return cls(
            text=(message.get("text") or "").lstrip("\u200b"),
            intent=intent.get("name") or "",
            confidence=float(intent.get("confidence") or 0.0),
            topics=_topics(message.get("topics")),
            questions=tuple(Question(q["text"], _topics(q["topics"])) for q in message.get("questions") or []),
            methodologies=_distinct(e["value"] for e in found),
            named_methodologies=_distinct(e["value"] for e in found if e.get("role") == "number"),
            choice=metadata.get("choice"),
            context=metadata.get("context") or {},
            talk=tracker.get_slot("talk") or {},
            task=tracker.get_slot("task"),
        )


def _topics(found: Any) -> tuple[Topic, ...]:
    return tuple(Topic(t["id"], float(t["confidence"])) for t in found or [])


def _distinct(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))

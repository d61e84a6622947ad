"""The shapes of how the assistant talks: its own phrases, contacts and thresholds."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import EmailStr, Field, model_validator

from knowledge.schema import FactId, Folded, Strict, Text

Kind = Literal[
    "greeting",
    "answer",
    "clarify",
    "decline",
    "question",
    "estimate",
    "verdict",
    "slots",
    "booking",
    "handoff",
    "notice",
]
Share = Annotated[float, Field(ge=0, le=1)]


class Contact(Strict):
    """A desk that people can turn to, with the date of what we know about it."""

    name: Text
    phone: Text
    email: EmailStr
    as_of: Text
    source: str
    facts: list[FactId]


class Button(Strict):
    """A button under a phrase: starts a task, or stands for typed words."""

    label: Text
    task: str | None = None
    say: str | None = None

    @model_validator(mode="after")
    def _one_meaning(self) -> Button:
        if (self.task is None) == (self.say is None):
            raise ValueError("task か say のどちらか一つを書いてください")
        return self

    def ref(self) -> dict[str, Any]:
        """What the button means to the engine."""
        return {"type": "task", "task": self.task} if self.task else {"type": "say", "text": self.say}


class Phrase(Strict):
    """What the assistant says besides answers; `lines` holds the same by language.

    command: what the API does when this is said.
    asked, unless: patterns (NFKC, lower case) of messages that get this phrase whatever they seem to be about.
    """

    kind: Kind
    text: Folded
    buttons: list[Button] = []
    none_of_these: Text | None = None
    lines: dict[str, Text] = {}
    command: Text | None = None
    asked: Text | None = None
    unless: Text | None = None

    def is_asked(self, plain: str) -> bool:
        """Whether a message in plain spelling always gets this phrase."""
        found = self.asked and re.search(self.asked, plain)
        return bool(found) and not (self.unless and re.search(self.unless, plain))


class Thresholds(Strict):
    """When to answer, ask back or decline; all measured."""

    answer_at: Share
    clarify_at: Share
    near_tie: Share
    untied_at: Share
    pair_from: Share
    pair_below: Share
    pair_second: Share
    pair_any: Share
    named: Share
    besides_at: Share
    whole_at: Share
    detail_at: Share
    question_at: Share
    intent_at: Share
    second_question_at: Share
    clarify_choices: Annotated[int, Field(ge=2, le=4)]
    related_choices: Annotated[int, Field(ge=0, le=4)]

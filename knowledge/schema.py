"""The shapes of what is written in knowledge/: one answer a file, sources in one list."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

Status = Literal["verified", "reference", "unverified"]

FOLDED = re.compile(r"(?<=[。、！？]) +(?=\S)")


def _unfold(text: str) -> str:
    """Folded YAML puts a space where a line ended; Japanese sentences have none."""
    return FOLDED.sub("", text)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_unfold)]
Folded = Annotated[str, AfterValidator(_unfold)]
FactId = Annotated[str, StringConstraints(pattern=r"^(SC|GL)-\d{3}$|^(EN-[SR]|IN|AG|WA|FO)-\d{3}$|^C\d{2}$")]
AnswerId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]


class Strict(BaseModel):
    """A shape that refuses unknown keys and cannot be changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """A document that a fact was taken from; `url` only where anybody can open it."""

    title: Text
    url: HttpUrl | None = None


class Answer(Strict):
    """What the assistant says about one topic, with the facts, sources and dates it stands on."""

    id: AnswerId
    question: Annotated[Text, Field(max_length=40)]
    text: Text
    detail: Text | None = None
    plain: Text | None = None
    facts: Annotated[list[FactId], Field(min_length=1)]
    sources: Annotated[list[str], Field(min_length=1)]
    as_of: Text
    status: Status
    review_by: date
    related: list[AnswerId] = []
    words: list[Text] = []

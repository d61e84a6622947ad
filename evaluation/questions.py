"""The questions: what was asked, by whom, and what a right reply is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT = ROOT / "tests" / "questions" / "development"
IN_SCOPE = "in_scope"


@dataclass(frozen=True)
class Question:
    """One question of the set. facts: any of them makes an answer right. must: patterns of its text."""

    id: str
    text: str
    persona: str
    facts: frozenset[str]
    must: tuple[str, ...]
    kind: str
    difficulty: str
    expect: str
    perturbed: str = ""

    def said(self, text: str, how: str) -> Question:
        """The same question in a changed spelling."""
        return replace(self, text=text, perturbed=how)


def read_questions(folder: Path = DEVELOPMENT) -> list[Question]:
    """All questions of a folder, in order."""
    return [
        _question(item) for path in sorted(folder.glob("*.yaml")) for item in yaml.safe_load(path.read_text("utf-8"))
    ]


def _question(item: dict[str, object]) -> Question:
    facts, must = item.get("facts") or [], item.get("must") or []
    assert isinstance(facts, list)
    assert isinstance(must, list)
    return Question(
        id=str(item["id"]),
        text=str(item["text"]),
        persona=str(item.get("persona", "")),
        facts=frozenset(facts),
        must=tuple(must),
        kind=str(item.get("kind", IN_SCOPE)),
        difficulty=str(item.get("difficulty", "")),
        expect=str(item.get("expect", "")),
    )

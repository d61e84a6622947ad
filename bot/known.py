"""What the understanding needs of the answers: the question each one answers, and which others would be right too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Set

import yaml


@dataclass(frozen=True)
class Known:
    """By topic: its question, its facts, the topics that stand on a same fact, and those that belong close to it."""

    questions: Dict[str, str]
    facts: Dict[str, Set[str]]
    kin: Dict[str, Set[str]]
    near: Dict[str, Set[str]]

    @classmethod
    def read(cls, folder: Path) -> "Known":
        """folder: knowledge/."""
        answers = [_yaml(path) for path in sorted((folder / "answers").rglob("*.yaml"))]
        methodologies = [_yaml(path) for path in sorted((folder / "methodologies").glob("*.yaml"))]
        questions = {a["id"]: a["question"] for a in answers}
        facts = {a["id"]: set(a["facts"]) for a in answers}
        for found in (m for m in methodologies if "name" in m):
            questions[f"methodology.{found['id']}"] = found["name"]
            facts[f"methodology.{found['id']}"] = {found["id"]}
        related = {a["id"]: set(a.get("related") or []) for a in answers}
        kin = {one: {other for other in facts if other != one and facts[one] & facts[other]} for one in facts}
        near = {one: kin[one] | related.get(one, set()) for one in facts}
        return cls(questions, facts, kin, near)


def _yaml(path: Path) -> Dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)

"""The words of masks.yaml, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge.schema import Strict, Text
from knowledge.yaml_file import read_model

HERE = Path(__file__).resolve().parent


class Words(Strict):
    """What stands in for a masked word, and the marks by which such words are known."""

    marks: dict[str, Text]
    titles: list[Text]
    labels: list[Text]
    introductions: list[Text]
    name_of_a_place: list[Text]
    no_names: list[Text]
    companies: list[Text]
    blocks: list[Text]
    units: list[Text]
    asked: dict[str, Text]
    asked_longest: int
    question_ends: list[Text]


@cache
def words() -> Words:
    """All of masks.yaml. Raises KnowledgeError naming file and line."""
    return read_model(HERE / "masks.yaml", Words)

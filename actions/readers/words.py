"""The words that readers look for, from knowledge/reading.yaml, as patterns."""

from __future__ import annotations

import re
from functools import cache

from pydantic import RootModel

from knowledge.loader import HERE
from knowledge.yaml_file import read_model


class Words(RootModel[dict[str, list[str]]]):
    """Parts of patterns by name."""


def words(name: str) -> str:
    """The words of that name as one alternative: `(?:うん|ええ|…)`."""
    return "(?:" + "|".join(_words()[name]) + ")"


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The words of that name, anywhere in a text."""
    return re.compile(words(name))


@cache
def _words() -> dict[str, list[str]]:
    return read_model(HERE / "reading.yaml", Words).root

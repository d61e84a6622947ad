"""The channels' own words (texts.yaml) and the headings of cards (labels.yaml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent


@cache
def texts() -> dict[str, str]:
    """All texts by name."""
    return _read("texts.yaml")


@cache
def labels() -> dict[str, str]:
    """All headings by name."""
    return _read("labels.yaml")


def _read(name: str) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return found

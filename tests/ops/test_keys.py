"""What changes a key, and so makes a new model or release."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ops import places, release, training

KEPT = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in KEPT:
        shutil.copy(places.ROOT / name, tmp_path / name)
    for name in ("data/nlu/talk", "bot", "knowledge", "requirements"):
        shutil.copytree(places.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(places, "ROOT", tmp_path)
    return tmp_path


def add_line(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "data/nlu/talk/greet.yml",
        "config.yml",
        "domain.yml",
        "bot/topics.py",
        "knowledge/lexicon.yaml",
        "knowledge/methodologies/EN-S-006.yaml",
    ],
)
def test_what_the_model_learns_from_makes_a_new_model(checkout: Path, name: str) -> None:
    before = training.model_key()
    add_line(checkout / name)
    assert training.model_key() != before


@pytest.mark.parametrize("name", ["knowledge/phrases.yaml", "knowledge/contacts.yaml"])
def test_what_is_only_said_makes_a_new_release_with_the_same_model(checkout: Path, name: str) -> None:
    model, whole = training.model_key(), release.release_id()
    add_line(checkout / name)
    assert training.model_key() == model
    assert release.release_id() != whole


def test_the_same_checkout_has_the_same_keys(checkout: Path) -> None:
    keys: list[Callable[[], str]] = [training.model_key, release.release_id]
    assert [key() for key in keys] == [key() for key in keys]

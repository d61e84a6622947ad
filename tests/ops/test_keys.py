"""What changes a key, and so makes a new model or release."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ops import places, release, training
from ops.say import SetupError

FILE = re.compile(r"\w+\.yaml\b")
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


def test_every_file_of_knowledge_that_the_bot_names_belongs_to_the_key() -> None:
    named = {name for part in (places.ROOT / "bot").glob("*.py") for name in FILE.findall(part.read_text("utf-8"))}
    learned = {path.name for path in places.files_under(*training.LEARNED_KNOWLEDGE)}
    assert named
    assert named <= learned


def test_training_never_reuses_parts_that_rasa_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, str] = {}

    def train(command: list[str], settings: dict[str, str], *, place: Path) -> subprocess.CompletedProcess[str]:
        told.update(settings)
        model = Path(command[command.index("--out") + 1]) / "model.tar.gz"
        model.parent.mkdir(parents=True)
        model.touch()
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(training, "attempt", train)
    training.train(Path("python"), tmp_path / "model.tar.gz")
    assert told["RASA_MAX_CACHE_SIZE"] == "0"
    assert told["RASA_TELEMETRY_ENABLED"] == "false"
    assert [path.name for path in tmp_path.iterdir()] == ["model.tar.gz"]


def test_a_failed_training_says_why_and_leaves_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "YamlSyntaxException: greet.yml")
    monkeypatch.setattr(training, "attempt", lambda *_, **__: failed)
    with pytest.raises(SetupError, match="YamlSyntaxException"):
        training.train(Path("python"), tmp_path / "model.tar.gz")
    assert not (tmp_path / "model.tar.gz").exists()

"""The trained model: built once for each state of phrasings, configuration and knowledge, shared by all copies."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from ops.commands import attempt, clean_surroundings, last_words
from ops.environments import environment
from ops.places import CACHE, ROOT, files_under, fingerprint, only_one
from ops.say import SetupError, say, step, stop_with

CONFIGURATION = ("config.yml", "domain.yml", "data", "requirements/bot.txt")
LEARNED_KNOWLEDGE = (
    "knowledge/lexicon*.yaml",
    "knowledge/follow_up.yaml",
    "knowledge/answers",
    "knowledge/methodologies",
)
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "LOG_LEVEL": "WARNING",
}


def model_key() -> str:
    """The hash of everything that the model learns from or is computed with."""
    return fingerprint(files_under(*CONFIGURATION, *LEARNED_KNOWLEDGE) + files_under("bot", suffixes=(".py",)))


def model() -> Path:
    """The model for the present state; trains it if it is not there."""
    path = CACHE / "models" / model_key() / "model.tar.gz"
    if path.exists():
        return path
    python = environment("bot")
    with only_one("training"):
        if not path.exists():
            with step("言い回しを学習します（言い回しや設定が変わったときだけ）"):
                train(python, path)
    return path


def train(python: Path, path: Path) -> None:
    """Trains in a process of its own, at low priority; the model appears under its path only when it is whole."""
    unfinished = path.parent / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    # Rasa would reuse its own cache of trained parts, which does not notice that a file read by our parts changed.
    settings = clean_surroundings(
        **QUIET,
        PYTHONPATH=str(ROOT),
        PYTHONUTF8="1",
        EMBEDDING_CACHE=str(CACHE / "embeddings"),
        RASA_CACHE_DIRECTORY=str(unfinished / "cache"),
        RASA_MAX_CACHE_SIZE="0",
    )
    command = ["nice", "-n", "5", str(python), "-m", "rasa", "train", "--out", str(unfinished)]
    command += ["--fixed-model-name", "model", "--domain", "domain.yml", "--data", "data", "--config", "config.yml"]
    command += ["--skip-validation"]  # it would read everything once more; bot.importer and the tests check the data
    done = attempt(command, settings, place=ROOT)
    trained = unfinished / "model.tar.gz"
    if done.returncode or not trained.exists():
        raise SetupError(f"学習に失敗しました。config.yml・domain.yml・data/ を確かめてください。\n{last_words(done)}")
    trained.replace(path)
    shutil.rmtree(unfinished)


def main() -> int:
    """`make train`."""
    try:
        say(str(model()))
    except SetupError as error:
        return stop_with(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())

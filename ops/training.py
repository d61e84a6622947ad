"""The trained model: built once for each state of phrasings, configuration and knowledge, shared by all copies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ops.environments import environment
from ops.places import CACHE, ROOT, files_under, fingerprint, only_one
from ops.say import SetupError, step, stop_with

CONFIGURATION = ("config.yml", "domain.yml", "data", "endpoints.yml", "credentials.yml", "requirements/bot.txt")
LEARNED_KNOWLEDGE = ("knowledge/lexicon.yaml", "knowledge/answers", "knowledge/methodologies")


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
    """Trains in a process of its own, at low priority."""
    unfinished = path.parent / "unfinished"
    settings = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "LOG_LEVEL": "WARNING",
        "EMBEDDING_CACHE": str(CACHE / "embeddings"),
    }
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    command = ["nice", "-n", "5", str(python), "-m", "rasa", "train", "--out", str(unfinished)]
    command += ["--fixed-model-name", "model", "--domain", "domain.yml", "--data", "data", "--config", "config.yml"]
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    trained = unfinished / "model.tar.gz"
    if done.returncode or not trained.exists():
        raise SetupError(f"学習に失敗しました。\n{(done.stderr or done.stdout).strip()[-3000:]}")
    trained.replace(path)
    unfinished.rmdir()


def main() -> int:
    """`make train`."""
    try:
        print(model())
    except SetupError as error:
        return stop_with(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())

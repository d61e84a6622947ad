"""`make eval`: how right the answers are, on questions that the model has never seen. Arguments go to evaluation/."""

from __future__ import annotations

import os
import subprocess
import sys

from ops.environments import environment
from ops.places import CACHE, ROOT
from ops.say import SetupError, step, stop_with
from ops.training import model


def main(arguments: list[str]) -> int:
    """Builds what is missing, then measures."""
    try:
        app, bot, trained = environment("app"), environment("bot"), model()
    except SetupError as error:
        return stop_with(error)
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "BOT_PYTHON": str(bot), "MODEL_PATH": str(trained)}
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--compare" in arguments:
        settings["EMBEDDING_CACHE"] = str(CACHE / "embeddings")
        return subprocess.run([str(bot), "-m", "evaluation.compare"], cwd=ROOT, env=settings, check=False).returncode
    command = [str(app), "-m", "evaluation", *arguments]
    with step("質問に答えて、正しさを測ります"):
        return subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make seed TURNS=100000`: invented conversations in the database that the settings name, to measure and to show."""

from __future__ import annotations

import os
import subprocess
import sys

from ops.commands import clean_surroundings
from ops.environments import environment
from ops.places import ROOT, data_dir
from ops.run import migrate
from ops.say import SetupError, stop_with


def main() -> int:
    """Sets up what is missing, then fills."""
    try:
        app, data = environment("app"), data_dir()
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        migrate(app, data)
    except SetupError as error:
        return stop_with(error)
    settings = clean_surroundings(PYTHONPATH=str(ROOT), PYTHONUTF8="1", DATA_DIR=str(data))
    given = ["--turns", os.environ.get("TURNS") or "100000", *sys.argv[1:]]
    return subprocess.run([str(app), "-m", "api.seed", *given], cwd=ROOT, env=settings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

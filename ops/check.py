"""`make lint`, `make test`, `make soak`: sets up what is missing, then runs the checks with timings."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from ops import packages
from ops.commands import clean_surroundings
from ops.environments import environment
from ops.interpreters import RASA_PYTHON
from ops.places import ROOT
from ops.say import SetupError, say, step, stop_with
from ops.training import model

TYPED = ("actions", "api", "core", "knowledge", "ops", "tests")
LINT = {
    "書き方": ("ruff", "check", "."),
    "整形": ("ruff", "format", "--check", "."),
    "型": ("mypy", *TYPED),
    "型（Rasa の部品）": ("mypy", "--python-version", RASA_PYTHON, "bot"),
    "知識": ("knowledge",),
}


def main(what: str) -> int:
    """Runs lint, test or soak; stops at the first check that fails."""
    started = time.monotonic()
    try:
        dev = environment("dev")
        lint(dev)
        if what != "lint":
            tests(dev, soak=what == "soak")
    except SetupError as error:
        return stop_with(error)
    except KeyboardInterrupt:
        say("\n止めました。")
        return 130
    say(f"\n✔ すべて通りました（合計 {time.monotonic() - started:.0f}秒）")
    return 0


def lint(dev: Path) -> None:
    """Style, types and the knowledge's own rules."""
    for name, command in LINT.items():
        with step(name):
            call(dev, name, *command)


def tests(dev: Path, *, soak: bool) -> None:
    """Every test; the house that the tests start is set up first."""
    environment("bot")
    environment("app")
    model()
    packages.browser()
    packages.postgresql()
    name = "試験（回数を増やして）" if soak else "試験"
    with step(name):
        call(dev, name, "pytest", SOAK="1" if soak else "")


def call(dev: Path, name: str, *command: str, **settings: str) -> None:
    """Runs a module of the dev environment in the checkout, with its output shown."""
    surroundings = clean_surroundings(PYTHONPATH=str(ROOT), PYTHONUTF8="1", PYTHONWARNINGS="ignore", **settings)
    if subprocess.run([str(dev), "-m", *command], cwd=ROOT, env=surroundings, check=False).returncode:
        raise SetupError(f"{name}: 上に出たところを直してください。（{command[0]}）")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

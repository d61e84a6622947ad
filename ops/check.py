"""`make lint` and `make test`: sets up what is missing, then runs the checks with timings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ops import packages
from ops.environments import environment
from ops.places import ROOT
from ops.say import SetupError, step, stop_with
from ops.training import model

TYPED = ("actions", "api", "core", "knowledge", "ops", "tests")


def main(what: str) -> int:
    """Runs lint, test or soak; the exit code is that of the first check that failed."""
    started = time.monotonic()
    try:
        dev = environment("dev")
        failed = lint(dev) if what == "lint" else tests(dev, soak=what == "soak")
    except SetupError as error:
        return stop_with(error)
    print(f"\n合計 {time.monotonic() - started:.0f}秒", flush=True)
    return failed


def lint(dev: Path) -> int:
    """Style, types and the knowledge's own rules."""
    commands = {
        "書き方": ["ruff", "check", "."],
        "整形": ["ruff", "format", "--check", "."],
        "型": ["mypy", *[name for name in TYPED if (ROOT / name).exists()]],
        "知識": ["knowledge"],
    }
    for name, (module, *arguments) in commands.items():
        with step(name):
            if failed := call(dev, [module, *arguments]):
                return failed
    return 0


def tests(dev: Path, *, soak: bool) -> int:
    """Lint and every test; the house that the tests start is set up first."""
    if failed := lint(dev):
        return failed
    environment("bot")
    environment("app")
    model()
    packages.browser()
    packages.postgresql()
    with step("試験" if not soak else "試験（回数を増やして）"):
        return call(dev, ["pytest"], SOAK="1" if soak else "")


def call(dev: Path, command: list[str], **settings: str) -> int:
    """Runs a module of the dev environment in the checkout."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", **settings}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run([str(dev), "-m", *command], cwd=ROOT, env=surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

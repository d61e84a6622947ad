"""`make lock`: compiles requirements/*.in into hashed locks without index addresses."""

from __future__ import annotations

import sys

from ops.commands import clean_surroundings, run
from ops.environments import tools
from ops.interpreters import RASA_PYTHON, our_python, rasa_python
from ops.places import ROOT
from ops.say import SetupError, step, stop_with

LOCKS = {"tools": "3.11", "bot": RASA_PYTHON, "app": "3.11", "dev": "3.11"}
QUIETLY = ("--quiet", "--upgrade", "--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links")


def main() -> int:
    """Compiles all locks; dev takes app's versions."""
    try:
        for name, python in LOCKS.items():
            with step(f"requirements/{name}.txt"):
                compile_lock(name, python)
    except SetupError as error:
        return stop_with(error)
    return 0


def compile_lock(name: str, python: str) -> None:
    """Compiles one lock for a Python version; ours hold for every newer one, too."""
    interpreter = rasa_python(tools) if name == "bot" else our_python()
    command = [str(tools()), "pip", "compile", f"{name}.in", "-o", f"{name}.txt", *QUIETLY]
    command += ["--python", str(interpreter.program), "--python-version", python]
    command += [] if name == "bot" else ["--universal"]
    run(command, clean_surroundings(), place=ROOT / "requirements")


if __name__ == "__main__":
    sys.exit(main())

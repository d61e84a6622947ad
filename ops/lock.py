"""`make lock`: compiles requirements/*.in into hashed locks without index addresses."""

from __future__ import annotations

import sys

from ops.environments import RASA_PYTHON, rasa_python, run, tools
from ops.places import ROOT
from ops.say import SetupError, step, stop_with

LOCKS = {"tools": "3.11", "bot": RASA_PYTHON, "app": "3.11", "dev": "3.11"}


def main() -> int:
    """Compiles all locks; dev takes app's versions."""
    place = ROOT / "requirements"
    try:
        for name, python in LOCKS.items():
            with step(f"requirements/{name}.txt"):
                interpreter = str(rasa_python()) if name == "bot" else sys.executable
                command = [str(tools()), "pip", "compile", f"{name}.in", "-o", f"{name}.txt", "--quiet", "--upgrade"]
                command += ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
                command += ["--python", interpreter, "--python-version", python, "--directory", str(place)]
                run(command if name == "bot" else [*command, "--universal"])
    except SetupError as error:
        return stop_with(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())

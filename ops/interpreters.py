"""Finds the Python 3.10 that Rasa needs: on PATH, in pyenv, or fetched by uv."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ops.commands import attempt, last_words
from ops.say import SetupError, step

OLDEST = (3, 11)
RASA_PYTHON = "3.10"
FETCH_SECONDS = 300

NO_PYTHON_310 = f"""Rasa には Python {RASA_PYTHON} が要りますが、見つかりません。自動の取り寄せもできませんでした。
  次のどちらかで用意してから、もう一度 make run と打ってください。
    pyenv install {RASA_PYTHON}      （pyenv を使っているとき）
    python{RASA_PYTHON} を PATH に置く   （python{RASA_PYTHON} --version で確かめられます）
  取り寄せの失敗の理由:"""
TOO_OLD = f"""Python {OLDEST[0]}.{OLDEST[1]} 以上が要ります。いまの Python は {sys.version.split()[0]} です。
  新しい Python の名前を添えて、「make run PYTHON=python3.11」のように打ってください。"""


@dataclass(frozen=True)
class Interpreter:
    """A Python that runs: the program itself, behind all links, shims and environments, and its version."""

    program: Path
    version: str


def our_python(running: tuple[int, int] = sys.version_info[:2]) -> Interpreter:
    """The Python that runs this set-up, for everything but Rasa; must be 3.11 or newer."""
    if running < OLDEST:
        raise SetupError(TOO_OLD)
    return Interpreter(Path(sys.executable).resolve(), sys.version.split()[0])


def rasa_python(uv: Callable[[], Path]) -> Interpreter:
    """A Python 3.10 that really runs; uv fetches one if there is none."""
    for candidate in candidates():
        found = asked(candidate)
        if found and found.version.startswith(f"{RASA_PYTHON}."):
            return found
    return fetched_python(uv())


def candidates() -> list[Path]:
    """Where a Python 3.10 may stand, nearest first. A pyenv shim may stand on PATH and still refuse to run."""
    roots = [Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv"), Path.home() / ".pyenv"]
    kept = [place for root in roots for place in sorted((root / "versions").glob(f"{RASA_PYTHON}*"), reverse=True)]
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    named = [folder / f"python{RASA_PYTHON}" for folder in [*folders, *(place / "bin" for place in kept)]]
    return [python for python in dict.fromkeys(named) if os.access(python, os.X_OK)]


def fetched_python(uv: Path) -> Interpreter:
    """Lets uv download a Python 3.10; says what is missing and what to type when it cannot."""
    with step(f"Python {RASA_PYTHON} を取り寄せます（初回だけ）"):
        fetched = attempt([str(uv), "python", "install", "--quiet", RASA_PYTHON], seconds=FETCH_SECONDS)
        found = attempt([str(uv), "python", "find", "--managed-python", RASA_PYTHON])
        python = asked(Path(found.stdout.strip())) if found.returncode == 0 else None
        if python is None:
            why = last_words(fetched) or last_words(found)
            raise SetupError(f"{NO_PYTHON_310}\n    {why.replace(chr(10), chr(10) + '    ')}")
    return python


def asked(python: Path) -> Interpreter | None:
    """What an interpreter says about itself, or None if it does not run."""
    question = "import os, platform, sys; print(platform.python_version(), os.path.realpath(sys.executable))"
    answer = attempt([str(python), "-I", "-c", question], seconds=20)
    if answer.returncode:
        return None
    version, program = answer.stdout.strip().split(" ", 1)
    return Interpreter(Path(program), version)

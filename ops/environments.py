"""The Python environments: Rasa's on Python 3.10, ours on 3.11 or newer, from hashed locks, keyed by those locks."""

from __future__ import annotations

import shutil
from pathlib import Path

from ops.commands import attempt, clean_surroundings, last_words, run
from ops.interpreters import our_python, rasa_python
from ops.places import CACHE, ROOT, fingerprint, only_one
from ops.say import SetupError, step

RASA_VERSION = "3.6.21"
DONE = ".complete"
NO_VENV = """Python の venv を作れません。次を打ってから、もう一度お試しください。
    sudo apt install python3-venv
  理由:"""


def environment(name: str) -> Path:
    """The python of environment bot, app or dev; built first if its lock or interpreter changed."""
    ours = our_python()
    interpreter = rasa_python(tools) if name == "bot" else ours
    lock = ROOT / "requirements" / f"{name}.txt"
    home = CACHE / "envs" / f"{name}-{fingerprint([lock], interpreter.version, str(interpreter.program))}"
    if not (home / DONE).exists():
        with only_one(f"env-{name}"):
            if not (home / DONE).exists():
                with step(f"Python 環境「{name}」を用意します（初回だけ）"):
                    build(interpreter.program, lock, home)
                    check(name, home / "bin" / "python")
                    (home / DONE).touch()
    return home / "bin" / "python"


def build(interpreter: Path, lock: Path, home: Path) -> None:
    """Installs a lock into a fresh environment, with compiled bytecode (Rasa starts three times as fast with it)."""
    shutil.rmtree(home, ignore_errors=True)
    uv, settings = str(tools()), clean_surroundings(VIRTUAL_ENV=str(home))
    run([uv, "venv", "--quiet", "--no-project", "--python", str(interpreter), str(home)], settings)
    run([uv, "pip", "install", "--quiet", "--require-hashes", "--compile-bytecode", "-r", str(lock)], settings)


def check(name: str, python: Path) -> None:
    """Makes sure that Rasa is the version that the house was built for: other Pythons get an ancient one in silence."""
    if name != "bot":
        return
    found = attempt(
        [str(python), "-c", "from importlib.metadata import version; print(version('rasa'))"]
    ).stdout.strip()
    if found != RASA_VERSION:
        raise SetupError(
            f"Rasa {RASA_VERSION} が入るはずが、{found or '何も'}入りました。requirements/bot.txt を確かめてください。"
        )


def tools() -> Path:
    """uv, from its own hashed lock."""
    python = our_python()
    lock = ROOT / "requirements" / "tools.txt"
    home = CACHE / "tools" / fingerprint([lock], python.version, str(python.program))
    if not (home / DONE).exists():
        with only_one("tools"):
            if not (home / DONE).exists():
                with step("道具（uv）を用意します（初回だけ）"):
                    install_tools(python.program, lock, home)
                    (home / DONE).touch()
    return home / "bin" / "uv"


def install_tools(python: Path, lock: Path, home: Path) -> None:
    """Installs uv with the pip that every venv brings along."""
    made = attempt([str(python), "-m", "venv", "--clear", str(home)], clean_surroundings())
    if made.returncode:
        raise SetupError(f"{NO_VENV}\n    {last_words(made)}")
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(lock)], clean_surroundings())

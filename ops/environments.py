"""The Python environments: Rasa's on Python 3.10, ours on 3.11 or newer, from hashed locks, keyed by those locks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops.places import CACHE, ROOT, fingerprint, only_one
from ops.say import SetupError, step

RASA_PYTHON = "3.10"
RASA_VERSION = "3.6.21"
OLDEST = (3, 11)

NO_PYTHON_310 = f"""Rasa には Python {RASA_PYTHON} が要りますが、見つかりません。自動の取り寄せもできませんでした。
  次のどれかで入れてから、もう一度 make run と打ってください。
    pyenv install {RASA_PYTHON}
    uv python install {RASA_PYTHON}
    PATH に python{RASA_PYTHON} を置く（python{RASA_PYTHON} --version で確かめられます）"""
NO_VENV = """Python の venv がありません。次を打ってから、もう一度お試しください。
    sudo apt install python3-venv"""
TOO_OLD = f"""Python {OLDEST[0]}.{OLDEST[1]} 以上が要ります。いまは {sys.version.split()[0]} です。
  新しい Python で「PYTHON=python3.11 make run」のように打ってください。"""


def environment(name: str) -> Path:
    """The python of environment bot, app or dev; built first if its lock or interpreter changed."""
    if sys.version_info < OLDEST:
        raise SetupError(TOO_OLD)
    interpreter = rasa_python() if name == "bot" else Path(sys.executable)
    lock = ROOT / "requirements" / f"{name}.txt"
    home = CACHE / "envs" / f"{name}-{fingerprint([lock], version(interpreter) or '', str(interpreter))}"
    python = home / "bin" / "python"
    if (home / ".complete").exists():
        return python
    with only_one(f"env-{name}"):
        if not (home / ".complete").exists():
            with step(f"Python 環境「{name}」を用意します（初回だけ）"):
                build(interpreter, lock, home)
                check(name, python)
                (home / ".complete").touch()
    return python


def build(interpreter: Path, lock: Path, home: Path) -> None:
    """Installs a lock into a fresh environment, with compiled bytecode (Rasa starts three times as fast with it)."""
    shutil.rmtree(home, ignore_errors=True)
    settings = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    uv = str(tools())
    run([uv, "venv", "--quiet", "--no-project", "--python", str(interpreter), str(home)], settings)
    settings["VIRTUAL_ENV"] = str(home)
    run([uv, "pip", "install", "--quiet", "--require-hashes", "--compile-bytecode", "-r", str(lock)], settings)


def check(name: str, python: Path) -> None:
    """Makes sure that Rasa is the version that the house was built for: other Pythons get an ancient one in silence."""
    if name != "bot":
        return
    found = subprocess.run(
        [str(python), "-c", "from importlib.metadata import version; print(version('rasa'))"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if found != RASA_VERSION:
        raise SetupError(
            f"Rasa {RASA_VERSION} が入るはずが、{found or '何も'}入りました。requirements/bot.txt を確かめてください。"
        )


def tools() -> Path:
    """uv, from its own hashed lock."""
    lock = ROOT / "requirements" / "tools.txt"
    home = CACHE / "tools" / fingerprint([lock], sys.version)
    uv = home / "bin" / "uv"
    if uv.exists():
        return uv
    with only_one("tools"):
        if not uv.exists():
            made = subprocess.run(
                [sys.executable, "-m", "venv", str(home)], capture_output=True, text=True, check=False
            )
            if made.returncode:
                raise SetupError(NO_VENV)
            python = str(home / "bin" / "python")
            run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)])
    return uv


def rasa_python() -> Path:
    """A Python 3.10: from PATH, from pyenv, or fetched by uv."""
    for candidate in candidates():
        found = version(candidate)
        if found and found.startswith(f"{RASA_PYTHON}."):
            return candidate
    return fetched_python()


def candidates() -> list[Path]:
    """Where a Python 3.10 may stand. A pyenv shim may stand on PATH and still not run."""
    on_path = shutil.which(f"python{RASA_PYTHON}")
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{RASA_PYTHON}*/bin/python"), reverse=True)
    return [*([Path(on_path)] if on_path else []), *pyenv]


def fetched_python() -> Path:
    """Lets uv download a Python 3.10; says what to type when it cannot."""
    uv = str(tools())
    fetched = subprocess.run([uv, "python", "install", "--quiet", RASA_PYTHON], capture_output=True, check=False)
    if fetched.returncode == 0:
        found = subprocess.run([uv, "python", "find", RASA_PYTHON], capture_output=True, text=True, check=False)
        if found.returncode == 0 and found.stdout.strip():
            return Path(found.stdout.strip())
    raise SetupError(NO_PYTHON_310)


def version(python: Path) -> str | None:
    """The version of an interpreter, or None if it does not run."""
    try:
        answer = subprocess.run([str(python), "-V"], capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return None
    return answer.stdout.split()[-1] if answer.returncode == 0 and answer.stdout else None


def run(command: list[str], settings: dict[str, str] | None = None) -> None:
    """Runs a set-up command; its own words are shown only when it fails."""
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise SetupError(f"次の命令が失敗しました: {' '.join(command[:4])} …\n{said}")

"""Runs the programs that a set-up needs: quietly, never longer than we live, with their own words when they fail."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from ops.say import SetupError

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
LAST_WORDS = 3000


def run(command: list[str], settings: dict[str, str] | None = None, *, place: Path | None = None) -> str:
    """Runs a command and returns what it printed; a SetupError with its last words when it fails."""
    done = attempt(command, settings, place=place)
    if done.returncode:
        raise SetupError(f"次の命令が失敗しました: {' '.join(command[:5])} …\n{last_words(done)}")
    return done.stdout


def attempt(
    command: list[str],
    settings: dict[str, str] | None = None,
    *,
    place: Path | None = None,
    seconds: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs a command whose failure the caller explains; one that cannot start or hangs has failed, too."""
    try:
        return subprocess.run(
            command,
            cwd=place,
            env=settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            preexec_fn=dies_with_parent(signal.SIGKILL),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def last_words(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed command said at the end."""
    return (done.stderr.strip() or done.stdout.strip())[-LAST_WORDS:]


def dies_with_parent(signal_number: int) -> Callable[[], None]:
    """Asks the kernel, in the process that calls it, for this signal when the parent dies; even by SIGKILL."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(DIE_WITH_PARENT, signal_number)

    return ask


def clean_surroundings(**settings: str) -> dict[str, str]:
    """Our environment less what would mislead a Python of another environment, plus the given settings."""
    misleading = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name not in misleading}
    return {**kept, **settings}

"""Tells the person at the terminal what happens, how long it took, and what to type when it fails."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """Something is missing; the message says what, and what to type."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Prints what is being done, and the seconds it took."""
    say(f"▶ {what} …")
    started = time.monotonic()
    yield
    say(f"  できました（{time.monotonic() - started:.1f}秒）")


def note(text: str) -> None:
    """Prints one line."""
    say(f"  {text}")


def say(text: str) -> None:
    """Prints at once, also on a terminal that lacks some of the characters."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    print(text, flush=True)


def stop_with(error: Exception) -> int:
    """Prints why the set-up cannot go on; the exit code."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="replace")
    print(f"\n✖ {error}", file=sys.stderr, flush=True)
    return 1

"""Tells the person at the terminal what happens, how long it took, and what to type when it fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """Something is missing; the message says what, and what to type."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Prints what is being done, and the seconds it took."""
    print(f"▶ {what} …", flush=True)
    started = time.monotonic()
    yield
    print(f"  できました（{time.monotonic() - started:.1f}秒）", flush=True)


def note(text: str) -> None:
    """Prints one line."""
    print(f"  {text}", flush=True)


def stop_with(error: Exception) -> int:
    """Prints why the set-up cannot go on; the exit code."""
    print(f"\n✖ {error}", file=sys.stderr, flush=True)
    return 1

"""Where things lie: the checkout, the shared cache, and what one running copy writes."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"


def data_dir() -> Path:
    """Where this copy writes (DATA_DIR, default var/)."""
    return (ROOT / os.environ.get("DATA_DIR", "var")).resolve()


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A short hash over names and contents of files, and over further words."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
        total.update(b"\0")
    for word in more:
        total.update(word.encode())
    return total.hexdigest()[:12]


def files_under(*names: str, suffixes: tuple[str, ...] = (".yml", ".yaml")) -> list[Path]:
    """The files with these endings under folders or files of the checkout."""
    found: list[Path] = []
    for name in names:
        place = ROOT / name
        found += [place] if place.is_file() else [p for p in place.rglob("*") if p.suffix in suffixes and p.is_file()]
    return found


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Lets one process at a time into a part of the set-up; others wait."""
    place = CACHE / "locks"
    place.mkdir(parents=True, exist_ok=True)
    with (place / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

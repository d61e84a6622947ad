"""Where things lie: the checkout, the shared cache, and what one running copy writes."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.say import SetupError, note

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"


def data_dir() -> Path:
    """Where this copy writes (DATA_DIR, default var/)."""
    place = (ROOT / (os.environ.get("DATA_DIR") or "var")).resolve()
    if "%" in str(place):  # supervisord expands it
        raise SetupError(f"DATA_DIR の名前に % は使えません: {place}")
    return place


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A short hash over names and contents of files, and over further words."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
        total.update(b"\0")
    for word in more:
        total.update(f"{word}\0".encode())
    return total.hexdigest()[:12]


def files_under(*names: str, suffixes: tuple[str, ...] = (".yml", ".yaml")) -> list[Path]:
    """The files with these endings under folders or files of the checkout; names may hold * as in a shell."""
    found: set[Path] = set()
    for place in (match for name in names for match in ROOT.glob(name)):
        found |= {place} if place.is_file() else {p for p in place.rglob("*") if p.suffix in suffixes and p.is_file()}
    return sorted(found)


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Lets one process at a time into a part of the set-up; others wait, and say so."""
    place = CACHE / "locks"
    place.mkdir(parents=True, exist_ok=True)
    with (place / name).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note("ほかの起動が同じ準備をしています。終わるのを待ちます …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def alone_in(data: Path) -> Iterator[None]:
    """Keeps a second copy out of a DATA_DIR that is in use."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError(
                f"この置き場所では、もう動いています: {data}\n"
                "  別の置き場所とポートで「make run DATA_DIR=var2 PORT=8001」のように打ってください。"
            ) from None
        yield

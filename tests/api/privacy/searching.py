"""Looks for a person's words in every byte and every row."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import sqlalchemy as sa


def spellings(word: str) -> list[bytes]:
    """How a word may lie in a file: UTF-8, JSON's escapes, UTF-16, base64 at each of its three places."""
    raw = word.encode()
    found = [raw, json.dumps(word)[1:-1].encode(), word.encode("utf-16-le")]
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + raw).rstrip(b"=")
        found.append(coded[(0, 2, 3)[shift] : -2])
    return found


def files_with(folder: Path, words: list[str]) -> list[str]:
    """Every file under a folder that holds one of the words, with the word."""
    held = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes().replace(b"\r\n", b"")
        held += [f"{path.relative_to(folder)}: {word}" for word in words if any(s in content for s in spellings(word))]
    return held


def rows_with(url: str, words: list[str]) -> list[str]:
    """Every table with a row that holds one of the words."""
    engine = sa.create_engine(url)
    held = []
    with engine.connect() as connection:
        for name in sa.inspect(engine).get_table_names():
            rows = connection.execute(sa.text(f'SELECT CAST(t AS TEXT) FROM "{name}" t')).scalars().all()
            held += [
                f"{name}: {word}" for word in words if any(word in row or json.dumps(word)[1:-1] in row for row in rows)
            ]
    engine.dispose()
    return held

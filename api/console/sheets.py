"""Rows for a spreadsheet or a program: read in small pieces, written so that no cell is run as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from api.db.engine import Database

BOM = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
"""What spreadsheets take for the start of a formula, also in full width or after blanks."""
AT_ONCE = 1000
Row = dict[str, Any]
Piece = Callable[..., list[tuple[Any, Row]]]


def pieces(database: Database, read: Piece, *args: Any) -> Iterator[Row]:
    """All rows of `read(session, after, limit, …)`, each piece in a short transaction of its own."""
    after: Any = None
    while True:
        with database.read() as session:
            found = read(session, after, AT_ONCE, *args)
        if not found:
            return
        yield from (row for _, row in found)
        after = found[-1][0]


def as_csv(names: Mapping[str, str], rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with BOM, one line a row, the names of the columns first."""
    yield (BOM + _line(names.values())).encode()
    for row in rows:
        yield _line(safe(row.get(key)) for key in names).encode()


def as_json(rows: Iterable[Row]) -> Iterator[bytes]:
    """One array; the text may be shown in a page without harm."""
    between = "[\n"
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, default=str)
        yield (between + text.replace("<", "\\u003c")).encode()
        between = ",\n"
    yield b"[]\n" if between == "[\n" else b"\n]\n"


def safe(value: Any) -> Any:
    """A cell that stays text: what looks like a formula gets an apostrophe before it."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value).replace("\x00", "")
    return (
        f"'{text}" if text.lstrip(" \u3000\u200b\ufeff").startswith(DANGEROUS) or text.startswith(DANGEROUS) else text
    )


def _line(cells: Iterable[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(list(cells))
    return written.getvalue()

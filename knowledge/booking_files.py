"""Reads knowledge/booking/ into one frozen object, or says with file, line and mend what is wrong."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from core.errors import KnowledgeError
from knowledge.loader import HERE
from knowledge.schema_booking import BookingBook, BookingTexts, Calendar, Closed, Holidays
from knowledge.yaml_file import as_model, line_of, read_data, read_model


@cache
def load_booking(root: Path = HERE) -> BookingBook:
    """The booking rules and words under `root`. Raises KnowledgeError."""
    folder = root / "booking"
    path = folder / "calendars.yaml"
    calendars = {name: as_model(path, data, Calendar, (name,)) for name, data in read_data(path).items()}
    return BookingBook(
        calendars=calendars,
        closed=read_model(folder / "closed_days.yaml", Closed),
        holidays=read_model(folder / "holidays.yaml", Holidays),
        texts=read_model(folder / "texts.yaml", BookingTexts),
    )


def check_holidays(today: date, root: Path = HERE) -> None:
    """Raises KnowledgeError when the holidays do not reach the last day that can be booked."""
    book, path = load_booking(root), root / "booking" / "holidays.yaml"
    if last := book.uncovered(today):
        raise KnowledgeError(
            f"{path}:{line_of(path, ('covers_until',))}: 祝日の一覧が、予約できる最後の日 {last} まで届いていません。"
            "直し方: その年の祝日を days に書き足し、covers_until を延ばしてください"
        )

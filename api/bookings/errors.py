"""What can go wrong with a booking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.errors import Conflict
from knowledge.schema_booking import Kind


class SlotTaken(Conflict):
    """A slot that cannot be had any more; `alternatives` is filled in by whoever answers, from a fresh look."""

    def __init__(self, message: str, kind: Kind, wanted: datetime) -> None:
        super().__init__(message)
        self.kind, self.wanted = kind, wanted
        self.alternatives: Sequence[dict[str, str]] = ()

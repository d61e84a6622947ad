"""Free text, kept as it was written."""

from __future__ import annotations

from actions.readers.common import Context, Reading

LONGEST = 500
SHOWN = 60


def read(text: str, context: Context) -> Reading | None:
    """The text itself, without spaces around it; None when nothing is left. Unsure: it may mean something else."""
    said = text.strip().strip("\u200b\u3000")
    if not said or not any(letter.isalnum() for letter in said):
        return None
    kept = said[:LONGEST]
    return Reading(kept, 0.6, kept if len(kept) <= SHOWN else kept[:SHOWN] + "…")

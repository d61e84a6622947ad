"""The one place that decides which copy of a person's text staff reads; the privacy store puts its copy in here."""

from __future__ import annotations

from typing import Any

from api.db.models import MessageRecord, TurnRecord

PERSONAL = frozenset({"name", "organization", "email", "phone", "prefecture", "address"})
HIDDEN = "（伏せています）"


def masked(text: str) -> str:
    """The copy of a text that pages, search and export read."""
    return text


def shown_text(record: TurnRecord | MessageRecord, *, unmasked: bool = False) -> str:
    """What one person of the staff reads of a turn or message; the full text only after giving a reason."""
    return record.text if unmasked else masked(record.text)


def shown_value(value: Any, *, unmasked: bool = False) -> Any:
    """Slots and the like, with what a person typed masked and what is personal by its name hidden."""
    if unmasked:
        return value
    if isinstance(value, dict):
        return {k: HIDDEN if k in PERSONAL and v else shown_value(v) for k, v in value.items()}
    if isinstance(value, list):
        return [shown_value(one) for one in value]
    return masked(value) if isinstance(value, str) else value

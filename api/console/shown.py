"""The one place that decides which copy of a person's text staff reads."""

from __future__ import annotations

from typing import Any

from api.db.models import MessageRecord, TurnRecord
from api.privacy.masking import known_from, mask, mask_data

PERSONAL = frozenset({"name", "organization", "email", "phone", "prefecture", "address"})
HIDDEN = "（伏せています）"


def shown_text(record: TurnRecord | MessageRecord, *, unmasked: bool = False) -> str:
    """What one person of the staff reads of a turn or message; the full text only after giving a reason."""
    if unmasked:
        return record.text
    return record.masked_text if record.masked_text is not None else mask(record.text)


def shown_value(value: Any, *, unmasked: bool = False, slots: Any = None) -> Any:
    """Slots, cards and the like; masked by words, by what the dialogue knows of the person, and by field names."""
    return value if unmasked else _hidden(mask_data(value, known_from(slots) if slots is not None else None))


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: HIDDEN if k in PERSONAL and isinstance(v, str) and v else _hidden(v) for k, v in value.items()}
    return [_hidden(one) for one in value] if isinstance(value, list) else value

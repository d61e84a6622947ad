"""All readers by the name that task data uses. A field without a `reader` is read by its type's."""

from __future__ import annotations

from actions.readers import appointments, choice, contact, dates, free_text, methodology, names, numbers, places, yes_no
from actions.readers.common import Reader

READERS: dict[str, Reader] = {
    "choice": choice.read,
    "checks": choice.read,
    "yes_no": yes_no.read,
    "number": numbers.read,
    "date": dates.read,
    "appointment": appointments.read,
    "text": free_text.read,
    "email": contact.read_email,
    "tel": contact.read_tel,
    "prefecture": places.read_prefecture,
    "municipality": places.read_municipality,
    "organisation": names.read_organisation,
    "methodology": methodology.read,
    "person": names.read_person,
}


def register_reader(name: str, reader: Reader) -> None:
    """Adds a reader that only some task needs."""
    READERS[name] = reader

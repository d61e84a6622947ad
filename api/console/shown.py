"""The one place that decides which copy of a person's text staff reads; the privacy store puts its copy in here."""

from __future__ import annotations


def masked(text: str) -> str:
    """The copy that pages, search and export read."""
    return text


def shown_text(text: str, *, unmasked: bool = False) -> str:
    """What one person of the staff reads; the full text only after giving a reason."""
    return text if unmasked else masked(text)

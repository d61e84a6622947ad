"""Counts: small ones for `make test`, those that the issues name for `make soak`."""

import os


def count(usual: int, soak: int) -> int:
    """How often to repeat something here."""
    return soak if os.environ.get("SOAK") else usual

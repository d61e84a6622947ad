"""Names what the bot knows: one hash over knowledge, phrasings and the model trained on them."""

from __future__ import annotations

from ops.places import files_under, fingerprint
from ops.training import model_key


def release_id() -> str:
    """The release of the checkout; every turn carries it."""
    return fingerprint(files_under("knowledge"), model_key())

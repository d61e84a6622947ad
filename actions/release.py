"""Which knowledge a turn is answered from: that of the release that the turn names."""

from __future__ import annotations

from pathlib import Path

from knowledge.loader import HERE, Knowledge, load


def current_knowledge(release: str | None = None) -> Knowledge:
    """The knowledge of this release; the checkout is the only one for now."""
    return load(Path(HERE))

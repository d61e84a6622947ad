"""The Japanese dictionary, opened once for all who cut texts into words: it takes about 80 MB."""

from __future__ import annotations

from functools import cache

import sudachipy


@cache
def dictionary() -> sudachipy.Dictionary:
    """Sudachi's dictionary. Each thread makes its own tokenizer from it."""
    return sudachipy.Dictionary()

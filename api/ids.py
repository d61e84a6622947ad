"""Ids and tokens that cannot be guessed, and the hashes that are stored instead of tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_id() -> str:
    """A random id of 128 bits."""
    return secrets.token_hex(16)


def new_token() -> str:
    """A secret of 256 bits, shown once."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(token: str, stored: str) -> bool:
    """Whether a token belongs to a stored hash, in constant time."""
    return hmac.compare_digest(digest(token), stored)

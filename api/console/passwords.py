"""Passwords of the staff: argon2, never shorter than twelve characters, checked in the same time for nobody."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import InvalidInput

SHORTEST, LONGEST = 12, 128
_at_once = threading.BoundedSemaphore(2)  # each takes 64 MiB
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """What is stored of a password. Raises InvalidInput when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        reason = f"{SHORTEST}文字以上{LONGEST}文字までにしてください"
        raise InvalidInput(f"パスワードは{reason}。", fields={"password": reason})
    return _hasher.hash(password)


def temporary() -> str:
    """A password to hand over once."""
    return secrets.token_urlsafe(12)


async def fits(password: str, stored: str | None) -> bool:
    """Whether the password belongs to the stored hash; without a hash it takes as long, and does not."""
    return await to_thread.run_sync(_fits, password, stored or _nobody()) and stored is not None


def _fits(password: str, stored: str) -> bool:
    try:
        with _at_once:
            return _hasher.verify(stored, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))

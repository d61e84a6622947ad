"""Rate limits: so many turns a conversation, so many requests an address, a minute."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from core.errors import TooMany
from core.settings import Settings

GUESSES = 5


class Limits:
    """Counts in this process; over the limit raises TooMany with the seconds to wait."""

    def __init__(self, settings: Settings) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._turns = RateLimitItemPerMinute(settings.turns_per_minute)
        self._requests = RateLimitItemPerMinute(settings.requests_per_minute)
        self._guesses = RateLimitItemPerMinute(GUESSES, 10)

    def count_turn(self, conversation_id: str) -> None:
        """One more turn of this conversation."""
        self._count(self._turns, "turn", conversation_id)

    def count_request(self, address: str) -> None:
        """One more request from this address."""
        self._count(self._requests, "address", address)

    def count_guess(self, key: str) -> None:
        """One more try at a secret that people type in: a few in ten minutes."""
        self._count(self._guesses, "guess", key)

    def _count(self, limit: RateLimitItemPerMinute, *key: str) -> None:
        if self._window.hit(limit, *key):
            return
        reset = self._window.get_window_stats(limit, *key).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        raise TooManyRequests(wait)


class TooManyRequests(TooMany):
    """Over a limit; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"短い間にたくさん送られました。{retry_after}秒ほど待ってから、もう一度お試しください。")
        self.retry_after = retry_after

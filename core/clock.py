"""The house's clock: aware, Japanese time, and started elsewhere by CLOCK in tests."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from core.settings import Settings

TOKYO = ZoneInfo("Asia/Tokyo")


@cache
def _offset() -> timedelta:
    start = Settings().clock
    if start is None:
        return timedelta()
    return (start if start.tzinfo else start.replace(tzinfo=TOKYO)) - datetime.fromtimestamp(time.time(), UTC)


def now() -> datetime:
    """The present moment in Asia/Tokyo."""
    return (datetime.now(UTC) + _offset()).astimezone(TOKYO)


def utc_now() -> datetime:
    """The present moment in UTC, as it is stored."""
    return datetime.now(UTC) + _offset()


def today() -> date:
    """Today's date in Japan."""
    return now().date()

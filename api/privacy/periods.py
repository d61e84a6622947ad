"""How long each class of data is kept, from retention.yaml."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from core.clock import utc_now
from knowledge.schema import Strict, Text
from knowledge.yaml_file import read_model

HERE = Path(__file__).resolve().parent


class Period(Strict):
    """A class of data: how many days it stays, what it is, what happens then."""

    days: Annotated[int, Field(ge=1, le=3650)]
    what: Text
    then: Text

    @property
    def spoken(self) -> str:
        """The length as people read it."""
        if self.days % 365 == 0:
            return f"{self.days // 365}年"
        return f"{self.days // 30}か月" if self.days % 30 == 0 and self.days >= 60 else f"{self.days}日"

    def cutoff(self) -> datetime:
        """What is older than this moment goes."""
        return utc_now() - timedelta(days=self.days)


class Periods(Strict):
    """All classes of retention.yaml."""

    full_text: Period
    masked_text: Period
    bookings: Period
    mails: Period
    notices: Period
    audit: Period
    receipts: Period


@cache
def periods() -> Periods:
    """The periods. Raises KnowledgeError naming file and line."""
    return read_model(HERE / "retention.yaml", Periods)

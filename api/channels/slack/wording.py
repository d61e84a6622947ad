"""Numbers, dates and sources as people read them on Slack."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from api.bookings.wording import spoken
from api.channels.slack import rich
from api.channels.slack.texts import SlackTexts

NUMBER = re.compile(r"-?\d+(\.\d+)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
YEAR = re.compile(r"\d{4}")
A_MOMENT = re.compile(r"[\d年月日度]$")


def amount(value: Any) -> str:
    """A number with its thousands marked; other values as they are."""
    text = str(value)
    if not NUMBER.fullmatch(text):
        return text
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole != "-0" else text


def as_of(text: Any) -> str:
    """2025年3月1日時点; what is no bare moment (令和4年度の資料) says itself what it is."""
    said = str(text)
    if DAY.fullmatch(said):
        day = date.fromisoformat(said)
        said = f"{day.year}年{day.month}月{day.day}日"
    if YEAR.fullmatch(said):
        said = f"{said}年"
    return f"{said}時点" if A_MOMENT.search(said) else said


def meeting(card: dict[str, Any]) -> str:
    """When a booking is."""
    return spoken(datetime.fromisoformat(card["start"]), datetime.fromisoformat(card["end"]))


def origin(given: Any) -> list[rich.Part]:
    """Where something is from: words, or a title with its address."""
    if isinstance(given, dict):
        title = str(given.get("title") or given.get("url") or "")
        return [rich.link(str(given.get("url") or ""), title)] if title else []
    return rich.words(str(given)) if given else []


def standing(texts: SlackTexts, moment: Any, status: Any) -> str:
    """（2025年3月1日時点・出典あり）"""
    said = [as_of(moment)] if moment else []
    said += [texts.statuses[status]] if status in texts.statuses else []
    return f"（{'・'.join(said)}）" if said else ""

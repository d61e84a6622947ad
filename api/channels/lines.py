"""Cards and sources as lines of text: what every platform shows of them, in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.bookings.wording import spoken
from api.channels.wording import labels
from api.chat.contract import Message


@dataclass(frozen=True)
class Shown:
    """A card: title, rows of name and value, further lines, and links with their labels."""

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def sources_of(message: Message) -> list[str]:
    """One line a source: title, date and status."""
    words = labels()
    return [
        words["source"].format(title=s["title"], as_of=s["as_of"], status=words[f"status_{s['status']}"])
        for s in message.sources
    ]


def card_of(card: dict[str, Any] | None) -> Shown | None:
    """A card as text. None when there is no card, or one of another kind."""
    shown = {"estimate": _estimate, "verdict": _verdict, "booking": _booking}.get((card or {}).get("type", ""))
    return shown(card) if shown and card else None


def _estimate(card: dict[str, Any]) -> Shown:
    words = labels()
    rows = [
        (words[name], f"{card[name]} t-CO2")
        for name in ("baseline_tco2", "project_tco2", "reduction_tco2", "creditable_tco2")
        if card.get(name) is not None
    ]
    steps = [f"{step['label']}: {step['expression']} = {step['value']} {step['unit']}" for step in card["steps"]]
    factors = [
        f"{f.get('label') or f['id']}: {f['value']} {f['unit']}（{f['as_of']}）" for f in card.get("factors") or []
    ]
    notes = [*(card.get("assumptions") or []), *(card.get("warnings") or [])]
    title = words["estimate_title"].format(
        what=card["methodology_id"] or words["rough"], year=card.get("fiscal_year") or ""
    )
    return Shown(title, rows, [*steps, *factors, *notes], _links(card, ("print_url",)))


def _verdict(card: dict[str, Any]) -> Shown:
    words = labels()
    rows = [(words["verdict"], words[f"verdict_{card['verdict']}"])]
    rows += [(words["project_form"], words[f"form_{card['project_form']}"])]
    if card.get("methodology_ids"):
        rows.append((words["methodology"], "、".join(card["methodology_ids"])))
    if (card.get("estimate") or {}).get("creditable_tco2") is not None:
        rows.append((words["creditable_tco2"], f"{card['estimate']['creditable_tco2']} t-CO2"))
    reasons = [f"{words['outcome_' + str(r['outcome'])]} {r['text']}" for r in card["reasons"]]
    todo = [f"□ {item if isinstance(item, str) else item['text']}" for item in card["todo"]]
    return Shown(words["verdict_title"], rows, [*reasons, *todo], _links(card, ("print_url",)))


def _booking(card: dict[str, Any]) -> Shown:
    words = labels()
    when = spoken(datetime.fromisoformat(card["start"]), datetime.fromisoformat(card["end"]))
    rows = [(words["when"], when), (words["how"], words[f"kind_{card['kind']}"])]
    rows.append((words["state"], words[f"state_{card['status']}"]))
    return Shown(words["booking_title"], rows, [], _links(card, ("manage_url", "ics_url")))


def _links(card: dict[str, Any], names: Sequence[str]) -> list[tuple[str, str]]:
    return [(labels()[name], card[name]) for name in names if card.get(name)]

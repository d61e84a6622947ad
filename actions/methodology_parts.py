"""What there is to say of a methodology, part by part, in the sentences of knowledge/methodology_answer.yaml."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from knowledge.asked_for import plain
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Additionality, Baseline, Methodology, Registered
from knowledge.schema import Strict, Text
from knowledge.yaml_file import read_model

ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Part(Strict):
    """One side of a methodology: how it is headed, the words that ask for it, and what to say when it is empty."""

    id: Text
    title: Text
    words: list[Text]
    short: bool = False
    none: Text | None = None


class Buttons(Strict):
    more: Text
    qualify: Text
    estimate: Text


class Counted(Strict):
    """How the official list of projects is told: counts, volumes, and what the figures are not."""

    count: Text
    nothing: Text
    single: Text
    middle: Text
    spread: Text
    no_volume: Text
    caution: Text
    version: Text
    together: Text


class Telling(Strict):
    """How methodologies are told (knowledge/methodology_answer.yaml)."""

    head: Text
    not_sure: Text
    reference: Text
    active: Text
    alternative: Text
    question: Text
    separator: Text
    longest_short: int
    longest: int
    fitting_at: float
    fitting_pairs: int
    asked_weight: float
    word_weight: float
    buttons: Buttons
    registered: Counted
    parts: list[Part]


@cache
def telling(root: Path) -> Telling:
    """The templates of a knowledge folder."""
    return read_model(root / "methodology_answer.yaml", Telling)


def parts_of(methodology: Methodology, book: Book, how: Telling, asked: str = "") -> dict[str, list[str]]:
    """The lines by part; parts without content are left out."""
    counted = methodology.registered_2024_01
    found = {
        "conditions": methodology.eligibility,
        "applicants": [how.separator.join(methodology.typical_applicants), _together(counted, how)],
        "baseline": _baseline(methodology.baseline, book),
        "additionality": _additionality(methodology, book, how, asked),
        "monitoring": [f"{item.item}（{item.unit}）: {item.how}" for item in methodology.monitoring],
        "formulas": [line for formula in book.formulas_of(methodology) for line in formula.equations],
        "ancillary": methodology.ancillary_emissions,
        "history": methodology.history,
        "version": [methodology.version or "", _seen(counted, how)],
        "registered": _registered(counted, how.registered),
        "examples": methodology.examples,
        "state": [] if methodology.status_note else [how.active.format(as_of=methodology.as_of)],
        "note": [methodology.note or "", methodology.content_note or ""],
    }
    return {name: kept for name, lines in found.items() if (kept := [dated(line) for line in lines if line])}


def dated(line: str) -> str:
    """Dates as people read them: 2024-12-12 → 2024年12月12日."""
    return ISO_DATE.sub(lambda found: "{}年{}月{}日".format(*map(int, found.groups())), line)


def _registered(counted: Registered, says: Counted) -> list[str]:
    if not counted.projects:
        return [says.nothing]
    median, low, high = counted.median_t_per_year, counted.quarter_low, counted.quarter_high
    lines = [says.count.format(projects=counted.projects, programs=counted.programs)]
    if median is None:
        return [*lines, says.no_volume]
    form = says.single if counted.counted == 1 else says.middle if low is None or high is None else says.spread
    volume = form.format(counted=counted.counted, median=f"{median:,}", low=f"{low or 0:,}", high=f"{high or 0:,}")
    return [*lines, volume, says.caution]


def _seen(counted: Registered, how: Telling) -> str:
    return how.registered.version.format(version=counted.highest_version) if counted.highest_version else ""


def _together(counted: Registered, how: Telling) -> str:
    if not counted.programs:
        return ""
    return how.registered.together.format(projects=counted.projects, programs=counted.programs)


def _baseline(found: str | Baseline, book: Book) -> list[str]:
    told = book.common.baselines[found] if isinstance(found, str) else found
    return [told.renewal, *told.treated_as_new, told.new]


def _additionality(item: Methodology, book: Book, how: Telling, asked: str) -> list[str]:
    found = item.additionality
    told = book.common.additionality[found] if isinstance(found, str) else found
    exempt = told.exempt if told.exempt and _concerned(told, item, asked) else ""
    others = [how.alternative.format(line=line) for line in told.alternatives]
    return [told.default, *others, exempt, told.detail or "", item.additionality_note or ""]


def _concerned(told: Additionality, item: Methodology, asked: str) -> bool:
    """Whether the exemption is for people who use the methodology, or for whom the question is about."""
    people = plain(" ".join(item.typical_applicants) + asked)
    return not told.exempt_for or any(word in people for word in told.exempt_for)

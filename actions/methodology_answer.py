"""Says what a methodology is, with the part first that the question asks about; all from knowledge/methodologies."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from actions import reply
from actions.fitting import asks_for_detail
from actions.turn import Reply
from knowledge.methodology_book import Book
from knowledge.methodology_schema import Additionality, Baseline, Methodology
from knowledge.schema import Strict, Text
from knowledge.yaml_file import read_model

PREFIX = "methodology."
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Part(Strict):
    """One side of a methodology: how it is headed, and the words that ask for it."""

    id: Text
    title: Text
    words: list[Text]
    short: bool = False
    text: Text | None = None


class Buttons(Strict):
    more: Text
    qualify: Text
    estimate: Text


class Telling(Strict):
    """How methodologies are told (knowledge/methodology_answer.yaml)."""

    head: Text
    not_sure: Text
    reference: Text
    repealed: Text
    question: Text
    separator: Text
    longest_short: int
    fitting_at: float
    buttons: Buttons
    parts: list[Part]


@dataclass(frozen=True)
class Told:
    """A methodology in parts, by the parts' ids; parts without content are left out."""

    methodology: Methodology
    lines: dict[str, list[str]]


@cache
def telling(root: Path) -> Telling:
    """The templates of a knowledge folder."""
    return read_model(root / "methodology_answer.yaml", Telling)


def methodology_of(topic: str, book: Book) -> Methodology | None:
    """The methodology of a topic 「methodology.EN-S-006」, or of a bare id."""
    return book.methodologies.get(topic.removeprefix(PREFIX))


def question_of(methodology: Methodology, root: Path) -> str:
    """What a button to this methodology says."""
    return telling(root).question.format(id=methodology.id, name=methodology.name)


def methodology_answer(methodology: Methodology, book: Book, asked: str = "", *, detail: bool = False) -> Reply:
    """The reply about one methodology. asked: the person's words, which decide the part shown first."""
    how = telling(book.root)
    told = Told(methodology, parts_of(methodology, book, how))
    first = asked_parts(asked, told, how)
    if detail:
        shown = [part for part in how.parts if part.id in told.lines and not part.short] or how.parts[:1]
    else:
        shown = first or [part for part in how.parts if part.short and part.id in told.lines]
    shown += [] if detail or not asked else _fitting(asked, told, how, shown)
    lines = [] if detail else [how.head.format(**methodology.model_dump(include={"id", "name", "category", "summary"}))]
    lines += _warnings(methodology, how)
    for part in shown:
        most = how.longest_short if part.short and not first and not detail else None
        lines.append(_headed(part.title, told.lines.get(part.id, [])[:most]))
    return reply.message(
        "answer",
        "\n".join(line for line in lines if line),
        knowledge=[methodology.id],
        sources=list(_sources(methodology, book)),
        choices=_buttons(methodology, how, detail),
    )


def asked_parts(asked: str, told: Told, how: Telling) -> list[Part]:
    """The parts that the words ask for, in the templates' order."""
    said = unicodedata.normalize("NFKC", asked).lower()
    return [part for part in how.parts if part.id in told.lines and any(re.search(word, said) for word in part.words)]


def _fitting(asked: str, told: Told, how: Telling, shown: list[Part]) -> list[Part]:
    """Parts that hold what the question speaks of and what the parts shown already do not."""
    so_far = told.methodology.name + told.methodology.summary + "".join(_lines(told, shown))
    left = (part for part in how.parts if part not in shown and part.id in told.lines)
    return [part for part in left if asks_for_detail(asked, so_far, "".join(told.lines[part.id]), how.fitting_at)]


def _lines(told: Told, parts: list[Part]) -> list[str]:
    return [line for part in parts for line in told.lines.get(part.id, [])]


def parts_of(methodology: Methodology, book: Book, how: Telling) -> dict[str, list[str]]:
    """What there is to say, by part."""
    registered = next((part.text for part in how.parts if part.id == "registered"), None) or ""
    counted = methodology.registered_2024_01
    found = {
        "conditions": methodology.eligibility,
        "applicants": [how.separator.join(methodology.typical_applicants)],
        "baseline": _baseline(methodology.baseline, book),
        "additionality": _additionality(methodology.additionality, book),
        "monitoring": [f"{item.item}（{item.unit}）: {item.how}" for item in methodology.monitoring],
        "formulas": [line for formula in book.formulas_of(methodology) for line in formula.equations],
        "ancillary": methodology.ancillary_emissions,
        "history": methodology.history,
        "version": [methodology.version or ""],
        "registered": [registered.format(**counted.model_dump())] if counted.projects else [],
        "note": [methodology.status_note or "", methodology.note or "", methodology.content_note or ""],
    }
    return {name: kept for name, lines in found.items() if (kept := [_dated(line) for line in lines if line])}


def _dated(line: str) -> str:
    """Dates as people read them: 2024-12-12 → 2024年12月12日."""
    return ISO_DATE.sub(lambda found: "{}年{}月{}日".format(*map(int, found.groups())), line)


def _baseline(found: str | Baseline, book: Book) -> list[str]:
    told = book.common.baselines[found] if isinstance(found, str) else found
    return [told.renewal, told.new]


def _additionality(found: str | Additionality, book: Book) -> list[str]:
    told = book.common.additionality[found] if isinstance(found, str) else found
    return [told.default, *told.alternatives, told.exempt or "", told.detail or ""]


def _warnings(methodology: Methodology, how: Telling) -> list[str]:
    said = [how.repealed] if methodology.status == "repealed" else []
    if methodology.content_status == "unverified" or methodology.number_status == "unverified":
        said.append(how.not_sure)
    elif methodology.content_status == "reference":
        said.append(how.reference)
    return said


def _headed(title: str, lines: list[str]) -> str:
    if len(lines) == 1:
        return f"{title}: {lines[0]}"
    return "\n".join([f"{title}:", *(f"・{line}" for line in lines)]) if lines else ""


def _sources(methodology: Methodology, book: Book) -> list[dict[str, Any]]:
    found = [book.sources[code] for code in methodology.sources]
    return [{"title": s.title, "as_of": s.as_of, "status": methodology.content_status} for s in found]


def _buttons(methodology: Methodology, how: Telling, detail: bool) -> list[dict[str, Any]]:
    more = [] if detail else [reply.choice(how.buttons.more, {"type": "detail", "id": PREFIX + methodology.id})]
    task = {"type": "task", "values": {"activity": methodology.id}}
    can_start = methodology.status == "active"
    qualify = [reply.choice(how.buttons.qualify, {**task, "task": "qualify"})] if can_start else []
    estimate = [reply.choice(how.buttons.estimate, {**task, "task": "estimate"})] if methodology.formulas else []
    return more + qualify + estimate

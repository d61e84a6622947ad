"""What people read on Slack beside the answers, read once from texts.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge.schema import Strict, Text
from knowledge.yaml_file import read_model

HERE = Path(__file__).resolve().parent


class EstimateTexts(Strict):
    """The labels of an estimate."""

    title: Text
    title_of_year: Text
    reduction: Text
    creditable: Text
    whole_tonnes: Text
    before: Text
    after: Text
    unit: Text
    warnings: Text
    assumptions: Text
    steps: Text
    factors: Text
    methodology: Text
    formula: Text
    print: Text


class VerdictTexts(Strict):
    """The labels of a verdict."""

    title: Text
    verdicts: dict[str, Text]
    form: Text
    forms: dict[str, Text]
    methodologies: Text
    reasons: Text
    rule: Text
    todo: Text
    print: Text
    note: Text


class BookingTexts(Strict):
    """The labels of a booking."""

    title: Text
    statuses: dict[str, Text]
    kinds: dict[str, Text]
    status: Text
    kind: Text
    number: Text
    manage: Text
    calendar: Text


class SlackTexts(Strict):
    """All of texts.yaml."""

    send: Text
    tick: Text
    pressed: Text
    source: Text
    speakers: dict[str, Text]
    statuses: dict[str, Text]
    called: Text
    usage: Text
    estimate: EstimateTexts
    verdict: VerdictTexts
    booking: BookingTexts


@cache
def load_texts(path: Path = HERE / "texts.yaml") -> SlackTexts:
    """The texts. Raises KnowledgeError naming file and line when they are faulty."""
    return read_model(path, SlackTexts)

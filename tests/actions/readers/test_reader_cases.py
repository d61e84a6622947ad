"""The readers against what people type, and what must not be read (tests/readers/)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from actions.readers.common import Context
from actions.readers.registry import READERS
from core.clock import TOKYO
from knowledge.loader import load
from knowledge.schema_tasks import Option
from knowledge.yaml_file import read_data

FOLDER = Path(__file__).parents[2] / "readers"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=TOKYO)
SURE = 0.5
DATES, SEVERAL = "appointment", "several"


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        data = read_data(path)
        for block in data if isinstance(data, list) else [data]:
            name = block["reader"]
            found += [
                pytest.param(name, block, said, value, id=f"{path.stem}-{name}-{said}")
                for said, value in block["cases"]
            ]
    return found


def _context(block: dict[str, Any]) -> Context:
    choices = [Option.model_validate(option) for option in block.get("choices", [])]
    return Context(NOW, choices, block.get("unit"), load())


@pytest.mark.parametrize(("name", "block", "said", "value"), _cases())
def test_what_people_type_is_read_or_left_alone(name: str, block: dict[str, Any], said: str, value: Any) -> None:
    reading = READERS[name](said, _context(block))
    if value is None:
        assert reading is None
        return
    assert reading is not None
    if value == SEVERAL:
        assert len(reading.options) > 1
        assert reading.sure < SURE
        return
    assert _value(name, reading.value) == value
    assert 0 < reading.sure <= 1
    assert reading.shown


def test_there_are_at_least_three_hundred_cases() -> None:
    assert len(_cases()) >= 300


def test_no_case_stands_twice() -> None:
    said = [(p.values[0], str(p.values[1].get("choices")), p.values[1].get("unit"), p.values[2]) for p in _cases()]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("said", ["たぶん", "多分そうです", "あると思います", "数年前", "3年くらい前", "5年4月"])
def test_a_hesitant_answer_is_less_sure_than_a_plain_one(said: str) -> None:
    context = Context(NOW, knowledge=load())
    reading = READERS["yes_no"](said, context) or READERS["date"](said, context)
    assert reading is not None
    assert reading.sure < 0.9


def _value(name: str, value: Any) -> Any:
    if name == DATES:
        return [
            value["from"],
            value["to"],
            value["start"] if value["start"] != "00:00" else None,
            value["end"] if value["end"] != "23:59" else None,
        ]
    return value

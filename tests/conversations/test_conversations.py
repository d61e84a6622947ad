"""Conversations from YAML, played against the engine."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversations.playing import cases, play


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['file']}-{case['name']}") for case in cases()])
def test_the_conversation_goes_as_written(case: dict[str, Any]) -> None:
    play(case)


def test_no_conversation_stands_twice() -> None:
    names = [case["name"] for case in cases()]
    assert len(names) == len(set(names))

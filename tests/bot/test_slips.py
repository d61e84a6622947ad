"""Slips of the hand, as the certainty learns them and the evaluation makes them."""

from __future__ import annotations

from random import Random

import pytest

from bot.slips import mistyped

SAID = "妥当性確認の費用はいくらですか"


def test_the_same_chance_makes_the_same_slip():
    assert mistyped(SAID, Random(3)) == mistyped(SAID, Random(3))


@pytest.mark.parametrize("seed", range(20))
def test_a_slip_loses_one_letter_or_swaps_two(seed):
    said = mistyped(SAID, Random(seed))
    assert said != SAID
    assert len(said) in (len(SAID), len(SAID) - 1)
    assert set(said) <= set(SAID)


@pytest.mark.parametrize("text", ["はい", "8年？", "EN-S-006 CO2 100%"])
def test_what_is_short_or_not_japanese_stays(text):
    assert mistyped(text, Random(1)) == text

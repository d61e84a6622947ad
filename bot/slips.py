"""Slips of the hand: what people send when they type in a hurry."""

from __future__ import annotations

import random
import re

TYPEABLE = re.compile(r"(?=[ぁ-んァ-ヶ一-龠]{2})")
SHORTEST = 8


def mistyped(text: str, dice: random.Random) -> str:
    """Two neighbouring letters change places, or one is lost; short texts stay as they are."""
    places = [found.start() for found in TYPEABLE.finditer(text)]
    if len(text) < SHORTEST or not places:
        return text
    at = dice.choice(places)
    if dice.random() < 0.5:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :]

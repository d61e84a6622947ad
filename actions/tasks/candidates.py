"""Which methodologies a plan may mean: what the text names, narrowed to what comes after the change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.readers.common import plain
from actions.readers.methodology import methodologies_said
from actions.tasks.world import World
from actions.turn import Turn
from knowledge.screening_book import load_screening


def candidates_in(turn: Turn, world: World, *, strict: bool = False) -> list[str]:
    """The ids, the likeliest first. Several only where the words leave them open.

    `strict`: what needs words of its own goes when they are missing, for the questions would bring it up.
    """
    book = world.book
    found = methodologies_said(turn.text, book) or [i for i in turn.methodologies if i in book.methodologies]
    also = load_screening(world.knowledge.root).candidates.also
    found = list(dict.fromkeys([*found, *(i for word, ids in also.items() if word in turn.text for i in ids)]))
    if len(found) > 1:
        found = _by_other_words(turn.text, found, world, strict=strict)
    if len(found) > 1:
        found = _targets(turn.text, found, world)
    return found


def label_of(methodology_id: str, world: World) -> str:
    """What people call it."""
    labels = load_screening(world.knowledge.root).candidates.labels
    return labels.get(methodology_id, world.book.methodologies[methodology_id].name)


def _targets(text: str, found: Sequence[str], world: World) -> list[str]:
    """「重油ボイラーをヒートポンプに替える」 is about the heat pump."""
    for pattern in load_screening(world.knowledge.root).candidates.target:
        for match in re.finditer(pattern, plain(text)):
            named = methodologies_said(match["what"], world.book)
            if kept := [i for i in named if i in found]:
                return kept
    return list(found)


def _by_other_words(text: str, found: Sequence[str], world: World, *, strict: bool) -> list[str]:
    only_with = load_screening(world.knowledge.root).candidates.only_with
    said = plain(text)
    doubtful = {i for i in found if i in only_with and not any(plain(word) in said for word in only_with[i])}
    confirmed = any(i in only_with and i not in doubtful for i in found)
    kept = [i for i in found if i not in doubtful] if confirmed or strict else list(found)
    return kept or list(found)

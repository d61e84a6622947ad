"""What the fields of a dialogue are called: the rules of the check, the inputs of a task."""

from __future__ import annotations

from fastapi import Request

from knowledge.screening_book import load_screening


def field_labels(request: Request) -> dict[str, str]:
    """The label of each field that a task may ask for; rules of the check by their id and their part."""
    state = request.app.state
    if not hasattr(state, "field_labels"):
        state.field_labels = _labels(request)
    found: dict[str, str] = state.field_labels
    return found


def _labels(request: Request) -> dict[str, str]:
    knowledge = request.app.state.chat.knowledge
    found = {field.id: field.label for task in knowledge.tasks.values() for field in task.fields}
    book = load_screening(knowledge.root)
    for rule in (*book.common.rules, *(rule for item in book.sets.values() for rule in item.rules)):
        found[rule.id] = rule.label
        found |= {f"{rule.id}.{part.id}": f"{rule.label}（{part.label}）" for part in rule.parts}
    return found

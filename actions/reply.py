"""Builds the neutral messages that every channel renders: text, sources, buttons, cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from actions.turn import Ref, Reply
from knowledge.loader import Knowledge
from knowledge.schema import Answer


def message(kind: str, text: str, **parts: Any) -> Reply:
    """One neutral message; parts left out are empty."""
    empty: Reply = {"knowledge": [], "sources": [], "choices": [], "ask": None, "card": None, "command": None}
    return {"kind": kind, "text": text, **empty, **parts}


def choice(label: str, ref: Ref) -> dict[str, Any]:
    """A button and what it means."""
    return {"label": label, "ref": ref}


def phrase(knowledge: Knowledge, name: str, language: str | None = None, **parts: Any) -> Reply:
    """One of the assistant's own phrases, with the regional contact put in."""
    said = knowledge.phrases[name]
    contact = knowledge.contacts["regional"]
    text = said.lines[language] if language else said.text
    text = text.format(phone=contact.phone, email=contact.email, as_of=contact.as_of, code="{code}")
    buttons = [choice(button.label, button.ref()) for button in said.buttons]
    command = {"type": said.command} if said.command else None
    return message(said.kind, text, **{"choices": buttons, "command": command, **parts})


def answer(knowledge: Knowledge, found: Answer, *, detail: bool = False, whole: bool = False) -> Reply:
    """An answer with its sources and related questions; `detail` shows what the short text leaves out, `whole` both."""
    text = found.detail if detail and found.detail else found.text
    text = f"{text}\n{found.detail}" if whole and found.detail else text
    buttons = [] if detail or whole or not found.detail else [choice("くわしく", {"type": "detail", "id": found.id})]
    related = [knowledge.answers[i] for i in found.related if i in knowledge.answers]
    buttons += [answer_choice(other) for other in related[: knowledge.thresholds.related_choices]]
    said = message("answer", text, knowledge=[found.id], sources=list(sources(knowledge, found)), choices=buttons)
    easy = None if detail or whole else found.plain
    return {**said, "plain_text": easy} if easy else said


def answer_choice(found: Answer) -> dict[str, Any]:
    """A button that shows an answer."""
    return choice(found.question, {"type": "answer", "id": found.id})


def clarify(knowledge: Knowledge, candidates: Sequence[dict[str, Any]]) -> Reply:
    """One question back, with buttons for the near answers and a way out."""
    none = knowledge.phrases["clarify"].none_of_these or ""
    return phrase(knowledge, "clarify", choices=[*candidates, choice(none, {"type": "op", "op": "none_of_these"})])


def sources(knowledge: Knowledge, found: Answer) -> Iterable[dict[str, Any]]:
    """The sources as people see them: title, address where one can open it, date and status."""
    for source_id in found.sources:
        source = knowledge.sources[source_id]
        shown = {"title": source.title, "as_of": found.as_of, "status": found.status}
        yield {**shown, "url": str(source.url)} if source.url else shown

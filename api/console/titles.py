"""Names for ids of knowledge, and the list of answers that staff chooses from."""

from __future__ import annotations

import re

from fastapi import Request

from knowledge.loader import Knowledge
from knowledge.methodology_book import Book, load_book

IN_BRACKETS = re.compile(r"（([^（）]+)）\s*$")


class Titles:
    """Looks up what an id is called; an unknown one is called by its id."""

    def __init__(self, knowledge: Knowledge, book: Book) -> None:
        self._names = {i: answer.question for i, answer in knowledge.answers.items()}
        self._names |= {i: one.name for i, one in book.methodologies.items()}

    @classmethod
    def of(cls, request: Request) -> Titles:
        """The running house's titles, made once."""
        state = request.app.state
        if not hasattr(state, "titles"):
            state.titles = cls(state.chat.knowledge, load_book(state.chat.knowledge.root))
        titles: Titles = state.titles
        return titles

    def __call__(self, knowledge_id: str) -> str:
        return self._names.get(knowledge_id.removeprefix("methodology."), knowledge_id)

    @property
    def options(self) -> list[str]:
        """Every answer as it can be chosen: 「審査費用の目安（costs.audit_range）」."""
        return [self.option(i) for i in sorted(self._names)]

    def option(self, knowledge_id: str) -> str:
        """One answer as it can be chosen."""
        return f"{self._names.get(knowledge_id, knowledge_id)}（{knowledge_id}）"

    def chosen(self, option: str) -> str | None:
        """The id of a chosen or typed option, or None."""
        found = IN_BRACKETS.search(option)
        name = found.group(1) if found else option.strip()
        return name if name in self._names else None

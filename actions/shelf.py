"""All that can be answered, by topic: written answers and methodologies alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions import reply
from actions.fitting import asks_for_detail
from actions.methodology_answer import PREFIX, methodology_answer, methodology_of, question_of
from actions.turn import Reply
from knowledge.asked_for import asked_for
from knowledge.loader import Knowledge
from knowledge.methodology_book import Book, load_book


@dataclass(frozen=True)
class Shelf:
    """Topics are ids of answers (`scheme.overview`) or `methodology.<ID>`."""

    knowledge: Knowledge
    book: Book

    def __contains__(self, topic: object) -> bool:
        return topic in self.knowledge.answers or self._methodology(str(topic)) is not None

    def topic_of(self, methodology_id: str) -> str | None:
        """The topic of a methodology's number, if there is one."""
        return PREFIX + methodology_id if methodology_id in self.book.methodologies else None

    def facts(self, topic: str) -> set[str]:
        """The facts that a topic stands on."""
        found = self.knowledge.answers.get(topic)
        return set(found.facts) if found else {topic.removeprefix(PREFIX)}

    def akin(self, one: str, other: str) -> bool:
        """Whether both stand on a same fact."""
        return bool(self.facts(one) & self.facts(other))

    def related(self, one: str, other: str) -> bool:
        """Whether a reader would look for both in the same place."""
        if self.akin(one, other) or one.split(".")[0] == other.split(".")[0]:
            return True
        return self._mentions(one, other) or self._mentions(other, one)

    def _mentions(self, one: str, other: str) -> bool:
        """Whether the first answer names the second as related, or the methodology by its number."""
        found = self.knowledge.answers.get(one)
        if not found:
            return False
        number = other.removeprefix(PREFIX) if other.startswith(PREFIX) else None
        return other in found.related or bool(number and number in found.text + (found.detail or ""))

    def answer(self, topic: str, asked: str = "") -> Reply:
        """The short answer; the longer part too where the words ask for it; and first of all what it cannot tell."""
        said, asking = self._said(topic, asked), asked_for(self.knowledge.root)
        if not asked or not asking.missing(asked, said["text"]):
            return said
        whole = self._said(topic, asked, whole=True)
        missing = asking.missing(asked, whole["text"])
        return whole if missing is None else self.doubted(said, missing)

    def doubted(self, said: Reply, missing: str | None = None) -> Reply:
        """An answer that says first what it cannot tell."""
        asking = asked_for(self.knowledge.root)
        lead = asking.says.format(what=missing or asking.anything)
        if said["kind"] != "answer" or said["text"].startswith(asking.says.split("{what}")[0]):
            return said
        return {**said, "text": f"{lead}\n{said['text']}"}

    def _said(self, topic: str, asked: str = "", *, whole: bool = False) -> Reply:
        if methodology := self._methodology(topic):
            tells = (lambda text: asked_for(self.knowledge.root).missing(asked, text) is None) if whole else None
            return methodology_answer(methodology, self.book, asked, tells=tells)
        found = self.knowledge.answers[topic]
        least = self.knowledge.thresholds.detail_at
        fits = bool(asked and found.detail and asks_for_detail(asked, found.text, found.detail, least))
        return reply.answer(self.knowledge, found, whole=whole or fits)

    def detail(self, topic: str) -> Reply | None:
        """What the short answer leaves out; None when that is nothing."""
        if methodology := self._methodology(topic):
            return methodology_answer(methodology, self.book, detail=True)
        found = self.knowledge.answers[topic]
        return reply.answer(self.knowledge, found, detail=True) if found.detail else None

    def choice(self, topic: str) -> dict[str, Any]:
        """A button that shows the answer."""
        methodology = self._methodology(topic)
        label = question_of(methodology, self.book.root) if methodology else self.knowledge.answers[topic].question
        return reply.choice(label, {"type": "answer", "id": topic})

    def _methodology(self, topic: str) -> Any:
        return methodology_of(topic, self.book) if topic.startswith(PREFIX) else None


def shelf_of(knowledge: Knowledge) -> Shelf:
    """The shelf of a knowledge folder."""
    return Shelf(knowledge, load_book(knowledge.root))

"""Decides what to say to a message outside (or in the middle of) a task: answer, ask back, or decline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions import reply
from actions.language import foreign_language
from actions.methodology_answer import PREFIX
from actions.shelf import Shelf, shelf_of
from actions.turn import Reply, Topic, Turn
from knowledge.asked_for import plain
from knowledge.loader import Knowledge

Talk = dict[str, Any]
Answered = tuple[list[Reply], Talk]
BEYOND = "beyond"
PHRASED = ("greet", "thanks", "goodbye", "complaint", "smalltalk", "unknown", "out_of_scope")


def answer_turn(turn: Turn, knowledge: Knowledge) -> Answered:
    """The messages for one turn, and what the conversation remembers: `topic`, `clarified`."""
    shelf = shelf_of(knowledge)
    if turn.choice:
        return _chosen(turn.choice, turn.talk, shelf)
    if language := foreign_language(turn.text):
        line = language if language in knowledge.phrases["language"].lines else "en"
        return [reply.phrase(knowledge, "language", line)], _remember(turn.talk)
    if never := next((name for name, said in knowledge.phrases.items() if said.is_asked(plain(turn.text))), None):
        return [reply.phrase(knowledge, never)], _remember(turn.talk)
    if turn.intent in PHRASED and turn.confidence >= knowledge.thresholds.intent_at:
        return [reply.phrase(knowledge, turn.intent)], _remember(turn.talk)
    if turn.intent == "more":
        return _detail(turn.talk.get("topic"), turn.talk, shelf)
    said, talk = _answered(turn, shelf)
    beyond = turn.intent == BEYOND and turn.confidence >= knowledge.thresholds.intent_at
    return [shelf.doubted(one) if beyond else one for one in said], talk


def _answered(turn: Turn, shelf: Shelf) -> Answered:
    if two := _several(turn, shelf):
        return [shelf.answer(topic, text) for topic, text in two], _remember(turn.talk, two[-1][0])
    return _best(turn, named_first(turn, shelf), shelf)


def named_first(turn: Turn, shelf: Shelf) -> tuple[Topic, ...]:
    """The topics; a methodology that the person named by its number takes the place of guesses about other ones."""
    named = [shelf.topic_of(i) for i in turn.named_methodologies]
    facts = {fact for topic in named if topic for fact in shelf.facts(topic)}
    about = bool(turn.topics) and bool(shelf.facts(turn.topics[0].id) & facts)
    if not any(named) or (about and turn.sure >= shelf.knowledge.thresholds.answer_at):
        return turn.topics
    kept = [t for t in turn.topics if not t.id.startswith(PREFIX)]
    return (*(Topic(topic, shelf.knowledge.thresholds.named) for topic in named if topic), *kept)


def _chosen(choice: Mapping[str, Any], talk: Mapping[str, Any], shelf: Shelf) -> Answered:
    topic = str(choice.get("id"))
    if choice.get("type") == "detail" and topic in shelf:
        return _detail(topic, talk, shelf)
    if choice.get("type") == "answer" and topic in shelf:
        return [shelf.answer(topic)], _remember(talk, topic)
    return [reply.phrase(shelf.knowledge, "decline")], _remember(talk)


def _detail(topic: str | None, talk: Mapping[str, Any], shelf: Shelf) -> Answered:
    if not topic or topic not in shelf:
        return [reply.phrase(shelf.knowledge, "no_topic_yet")], _remember(talk)
    said = shelf.detail(topic) or reply.phrase(shelf.knowledge, "nothing_more")
    return [said], _remember(talk, topic)


def _several(turn: Turn, shelf: Shelf) -> list[tuple[str, str]]:
    """The answers to several questions in one message, when each is clear by itself: topics and the words for each."""
    least = shelf.knowledge.thresholds.second_question_at
    clear = {q.topics[0].id: q.text for q in reversed(turn.questions) if q.topics and q.topics[0].confidence >= least}
    found = [(topic, text) for topic, text in reversed(clear.items()) if topic in shelf]
    apart = turn.sure < shelf.knowledge.thresholds.whole_at or any(topic.id in clear for topic in turn.topics[:1])
    return found if len(found) > 1 and apart else []


def _best(turn: Turn, topics: Sequence[Topic], shelf: Shelf) -> Answered:
    limits = shelf.knowledge.thresholds
    known = [topic for topic in topics if topic.id in shelf]
    sure = certainty(known, shelf)
    if not known or sure < limits.clarify_at:
        return [reply.phrase(shelf.knowledge, "decline")], _remember(turn.talk)
    rivals = [t for t in known[1:] if known[0].confidence - t.confidence < limits.near_tie]
    tied = any(not shelf.akin(known[0].id, rival.id) for rival in rivals)
    if pair := _pair(known, shelf):
        return [shelf.answer(topic, turn.text) for topic in pair], _remember(turn.talk, pair[0])
    if sure >= limits.answer_at and not (tied and sure < limits.untied_at):
        return [shelf.answer(known[0].id, turn.text)], _remember(turn.talk, known[0].id)
    if turn.talk.get("clarified"):
        return [reply.phrase(shelf.knowledge, "decline")], _remember(turn.talk)
    asked = [shelf.choice(topic.id) for topic in known[: limits.clarify_choices]]
    return [reply.clarify(shelf.knowledge, asked)], {**_remember(turn.talk), "clarified": True}


def _pair(known: Sequence[Topic], shelf: Shelf) -> list[str]:
    """Two answers that belong together, when it is open which of them was meant: both are short."""
    limits = shelf.knowledge.thresholds
    if len(known) < 2:
        return []
    first, second = known[0], max(known[1:], key=lambda topic: topic.confidence)
    likely = second.confidence >= limits.pair_any
    open_ = limits.pair_from <= first.confidence < limits.pair_below and second.confidence >= limits.pair_second
    together = likely or (open_ and shelf.related(first.id, second.id))
    return [first.id, second.id] if together else []


def certainty(known: Sequence[Topic], shelf: Shelf) -> float:
    """How likely the first topic is right, with those that stand on the same facts: they would be right as well."""
    if not known:
        return 0.0
    akin = [topic.confidence for topic in known[1:] if shelf.akin(known[0].id, topic.id)]
    missed = 1 - known[0].confidence
    for confidence in akin:
        missed *= 1 - confidence
    return 1 - missed


def _remember(talk: Mapping[str, Any], topic: str | None = None) -> Talk:
    kept = topic or talk.get("topic")
    return {"topic": kept} if kept else {}

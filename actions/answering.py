"""Decides what to say to a message outside (or in the middle of) a task: answer, ask back, or decline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import reply
from actions.language import foreign_language
from actions.turn import Reply, Topic, Turn
from knowledge.loader import Knowledge
from knowledge.schema import Answer

Talk = dict[str, Any]
PHRASED = ("greet", "thanks", "goodbye", "complaint", "smalltalk", "out_of_scope")


def answer_turn(turn: Turn, knowledge: Knowledge) -> tuple[list[Reply], Talk]:
    """The messages for one turn, and what the conversation remembers: `topic`, `clarified`."""
    if turn.choice:
        return _chosen(turn.choice, turn.talk, knowledge)
    if language := foreign_language(turn.text):
        line = language if language in knowledge.phrases["language"].lines else "en"
        return [reply.phrase(knowledge, "language", line)], _remember(turn.talk)
    if turn.intent in PHRASED and turn.confidence >= knowledge.thresholds.intent_at:
        return [reply.phrase(knowledge, turn.intent)], _remember(turn.talk)
    if turn.intent == "more":
        return _detail(turn.talk.get("topic"), turn.talk, knowledge)
    if two := _several(turn, knowledge):
        return [reply.answer(knowledge, found) for found in two], _remember(turn.talk, two[-1].id)
    return _best(turn.topics, turn.talk, knowledge)


def _chosen(choice: Mapping[str, Any], talk: Mapping[str, Any], knowledge: Knowledge) -> tuple[list[Reply], Talk]:
    found = knowledge.answers.get(str(choice.get("id")))
    if choice.get("type") == "detail" and found:
        return _detail(found.id, talk, knowledge)
    if choice.get("type") == "answer" and found:
        return [reply.answer(knowledge, found)], _remember(talk, found.id)
    return [reply.phrase(knowledge, "decline")], _remember(talk)


def _detail(topic: str | None, talk: Mapping[str, Any], knowledge: Knowledge) -> tuple[list[Reply], Talk]:
    found = knowledge.answers.get(topic or "")
    if not found:
        return [reply.phrase(knowledge, "no_topic_yet")], _remember(talk)
    if not found.detail:
        return [reply.phrase(knowledge, "nothing_more")], _remember(talk, found.id)
    return [reply.answer(knowledge, found, detail=True)], _remember(talk, found.id)


def _several(turn: Turn, knowledge: Knowledge) -> list[Answer]:
    """The answers to several questions in one message, when each is clear by itself."""
    least = knowledge.thresholds.second_question_at
    tops = [q.topics[0] for q in turn.questions if q.topics and q.topics[0].confidence >= least]
    found = [knowledge.answers[i] for i in dict.fromkeys(top.id for top in tops) if i in knowledge.answers]
    return found if len(found) > 1 else []


def _best(topics: tuple[Topic, ...], talk: Mapping[str, Any], knowledge: Knowledge) -> tuple[list[Reply], Talk]:
    limits = knowledge.thresholds
    known = [topic for topic in topics if topic.id in knowledge.answers]
    if not known or known[0].confidence < limits.clarify_at:
        return [reply.phrase(knowledge, "decline")], _remember(talk)
    near = [t for t in known if known[0].confidence - t.confidence < limits.near_tie]
    sure = known[0].confidence >= limits.answer_at and len(near) == 1
    if sure or talk.get("clarified"):
        found = knowledge.answers[known[0].id]
        if known[0].confidence < limits.answer_at:
            return [reply.phrase(knowledge, "decline")], _remember(talk)
        return [reply.answer(knowledge, found)], _remember(talk, found.id)
    candidates = [knowledge.answers[t.id] for t in known[: limits.clarify_choices]]
    return [reply.clarify(knowledge, candidates)], {**_remember(talk), "clarified": True}


def _remember(talk: Mapping[str, Any], topic: str | None = None) -> Talk:
    kept = topic or talk.get("topic")
    return {"topic": kept} if kept else {}

"""Judges a reply: right, wrong, declined, or a question back whose button leads to the right answer."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from actions.answering import answer_turn
from actions.shelf import Shelf
from actions.tasks.starting import opened_by, said_first
from actions.tasks.world import World
from actions.turn import Question as Asked
from actions.turn import Reply, Topic, Turn
from evaluation.questions import IN_SCOPE, Question

Outcome = Literal["correct", "wrong", "declined", "clarified", "asked_back"]
TASKS = ("qualify", "estimate", "book", "offset", "handoff")
CHITCHAT = ("greet", "thanks", "goodbye", "complaint", "smalltalk", "correct", "affirm", "deny", "out_of_scope", "more")
UNKNOWN = re.compile(
    "確かめられていません|分かりません|わかりません|載っていません|公式サイト|最新の情報をご確認|ご確認ください"
)


@dataclass(frozen=True)
class Judged:
    """A question, what was said to it, and whether that was right."""

    question: Question
    outcome: Outcome
    intent: str
    said: tuple[str, ...]
    sure: float
    text: str
    ms: float


def judge(question: Question, parse: dict[str, Any], shelf: Shelf, talk: dict[str, Any] | None = None) -> Judged:
    """The verdict on one question."""
    turn = turn_of(question.text, parse, talk or {})
    world = World.of(shelf.knowledge, {})
    begun = opened_by(turn, world)
    replies = (said_first(begun, turn, world) if begun else answer_turn(turn, shelf.knowledge))[0]
    return Judged(
        question=question,
        outcome=_outcome(question, turn.intent if begun is None else begun, replies, shelf),
        intent=begun or turn.intent,
        said=tuple(i for said in replies for i in said["knowledge"]),
        sure=turn.sure,
        text="\n".join(said["text"] for said in replies),
        ms=float(parse.get("ms", 0)),
    )


def turn_of(text: str, parse: dict[str, Any], talk: dict[str, Any]) -> Turn:
    """The turn that the actions would see."""
    found = [e for e in parse["entities"] if e.get("entity") == "methodology"]
    questions = tuple(Asked(q["text"], _topics(q["topics"])) for q in parse["questions"])
    return Turn(
        text=text,
        intent=parse["intent"]["name"],
        confidence=float(parse["intent"]["confidence"]),
        topics=_topics(parse["topics"]),
        questions=questions,
        methodologies=tuple(dict.fromkeys(e["value"] for e in found)),
        named_methodologies=tuple(dict.fromkeys(e["value"] for e in found if e.get("role") == "number")),
        talk=talk,
    )


def _topics(found: list[dict[str, Any]]) -> tuple[Topic, ...]:
    return tuple(Topic(t["id"], float(t["confidence"])) for t in found)


def _outcome(question: Question, intent: str, replies: list[Reply], shelf: Shelf) -> Outcome:
    if question.kind == "flow":
        wanted = (intent in CHITCHAT) if question.expect == "chitchat" else intent == question.expect
        return "correct" if wanted else "wrong"
    states = [said for said in replies if said["kind"] == "answer" and said["knowledge"]]
    if question.kind != IN_SCOPE:
        unsure = question.kind == "near_miss" and all(UNKNOWN.search(said["text"]) for said in states)
        return "correct" if not states or unsure else "wrong"
    if states:
        return "correct" if _right(question, states, shelf) else "wrong"
    if any(said["kind"] == "clarify" for said in replies):
        return "clarified" if _leads_there(question, replies, shelf) else "asked_back"
    return "wrong" if intent in TASKS else "declined"


def _right(question: Question, states: list[Reply], shelf: Shelf) -> bool:
    facts = {fact for said in states for topic in said["knowledge"] for fact in shelf.facts(topic)}
    text = squeezed("".join(said["text"] for said in states))
    return bool(facts & question.facts) and all(re.search(pattern, text) for pattern in question.must)


def _leads_there(question: Question, replies: list[Reply], shelf: Shelf) -> bool:
    refs = [choice["ref"] for said in replies for choice in said["choices"]]
    behind = [shelf.answer(ref["id"], question.text) for ref in refs if ref["type"] == "answer" and ref["id"] in shelf]
    return any(_right(question, [said], shelf) for said in behind)


def squeezed(text: str) -> str:
    """NFKC without spaces, as the patterns expect it."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))

"""Turns what invented people say into rows of every table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from random import Random
from typing import Any

from api.ids import digest
from api.inquiries.indexing import as_inquiry
from api.inquiries.words import words
from api.privacy.masking import mask
from api.seed.people import People, Said, phrases
from core.clock import utc_now
from knowledge.loader import Knowledge

Rows = dict[str, list[dict[str, Any]]]
ORDER = ("conversations", "turns", "messages", "feedback", "inquiries", "turn_words", "judgements", "asked", "cases")
CHECKS = ("activity", "C01", "C02", "C03", "C04.age", "C05", "C06", "C07", "C08.capex")
BOOKING = ("kind", "slot", "name", "organization", "email", "consent")
VERDICTS = ("right", "right", "right", "right", "wrong", "outdated")
METHODOLOGIES = ("EN-S-006", "EN-S-001", "EN-R-002", "AG-005", "FO-001")
RELEASE = "seed"


class Turn:
    """What `as_inquiry` reads of a stored turn."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.__dict__.update(row)


class Maker:
    """Conversations of one to six turns, spread over so many days up to now."""

    def __init__(self, knowledge: Knowledge, days: int, seed: int) -> None:
        self._random, self._knowledge = Random(seed), knowledge  # noqa: S311 - invented data
        self._people, self._days = People(knowledge, self._random), days
        self._conversations = self._turns = self._messages = 0
        self._run = f"{seed:04x}"

    def batches(self, turns: int, size: int = 2000) -> Iterator[Rows]:
        """Rows of `turns` turns in all, by table, each batch complete in itself."""
        rows = _empty()
        for _ in range(turns):
            if not rows["conversations"] or self._random.random() < 0.33:
                if len(rows["turns"]) >= size:
                    yield rows
                    rows = _empty()
                self._begin(rows)
            self._say(rows)
        yield rows

    def start_after(self, turn_id: int, seq: int) -> None:
        """The last numbers that are taken already."""
        self._turns, self._messages = turn_id, seq

    def _begin(self, rows: Rows) -> None:
        self._conversations += 1
        age = timedelta(days=self._days) * self._random.random() ** 1.3
        moment = utc_now() - age
        self._id, self._moment = self._new_id("c", self._conversations), moment
        self._channel = self._people.channel()
        self._checking = self._random.random() < 0.25
        self._step = 0
        rows["conversations"].append(
            {
                "id": self._id, "token_hash": digest(self._id), "channel": self._channel, "handoff": "bot",
                "created_at": moment, "updated_at": moment,
            }
        )  # fmt: skip

    def _say(self, rows: Rows) -> None:
        self._turns += 1
        self._moment = min(self._moment + timedelta(seconds=self._random.randint(10, 300)), utc_now())
        rows["conversations"][-1]["updated_at"] = self._moment
        said = self._people.says()
        if self._checking and self._random.random() < 0.7:
            said = replace(said, outcome="asked", intent="qualify", topic=None, topics=[])
        turn = self._turn(said)
        rows["turns"].append(turn)
        inquiry = as_inquiry(Turn(turn), self._knowledge.thresholds)  # type: ignore[arg-type]
        rows["inquiries"].append(inquiry)
        rows["turn_words"] += [{"word": word, "turn_id": turn["id"]} for word in _words(turn["masked_text"])]
        answer = self._answered(rows, said, turn)
        if said.outcome in ("answered", "declined") and self._random.random() < 0.05:
            inquiry["disliked"] = self._random.random() < 0.4
            rows["feedback"].append(self._opinion(answer, inquiry["disliked"]))
        if said.outcome == "answered" and self._random.random() < 0.06:
            inquiry["verdict"] = self._random.choice(VERDICTS)
            rows["judgements"].append(self._judgement(turn, inquiry["verdict"]))
        if said.outcome == "asked":
            self._ask(rows, turn)

    def _turn(self, said: Said) -> dict[str, Any]:
        confidence = said.topics[0]["confidence"] if said.topics else 0.99
        return {
            "id": self._turns, "conversation_id": self._id, "client_message_id": f"s{self._turns}",
            "body_hash": digest(said.text), "text": said.text, "masked_text": _masked(said.text), "full_gone_at": None,
            "channel": self._channel, "intent": said.intent, "confidence": confidence,
            "parse": {"intent": {"name": said.intent, "confidence": confidence}, "topics": said.topics},
            "slots": {"talk": {"topic": said.topic}}, "knowledge_ids": [said.topic] if said.topic else [],
            "release_id": RELEASE, "outcome": said.outcome, "failure": None,
            "latency_ms": self._random.randint(40, 400), "created_at": self._moment,
        }  # fmt: skip

    def _answered(self, rows: Rows, said: Said, turn: dict[str, Any]) -> int:
        """The person's message and the answer; returns the answer's number."""
        kinds = {"declined": "decline", "clarified": "clarify", "asked": "question", "failed": "notice"}
        text = self._knowledge.answers[said.topic].text if said.topic else "手もとの資料では分かりませんでした。"
        for role, kind, shown in (("user", "user", said.text), ("bot", kinds.get(said.outcome, "answer"), text)):
            self._messages += 1
            rows["messages"].append(
                {
                    "seq": self._messages, "id": self._new_id("m", self._messages), "conversation_id": self._id,
                    "turn_id": turn["id"], "role": role, "kind": kind, "text": shown, "masked_text": _masked(shown),
                    "full_gone_at": None, "parts": {"knowledge": turn["knowledge_ids"]} if role == "bot" else {},
                    "created_at": self._moment,
                }
            )  # fmt: skip
        return self._messages

    def _opinion(self, seq: int, bad: bool) -> dict[str, Any]:
        comment = self._random.choice(phrases()["comments"]) if bad else None
        return {
            "message_seq": seq, "rating": "bad" if bad else "good", "comment": comment, "masked_comment": comment,
            "created_at": self._moment,
        }  # fmt: skip

    def _judgement(self, turn: dict[str, Any], verdict: str) -> dict[str, Any]:
        better = None if verdict == "right" else self._random.choice(("answer", "out_of_scope", "new_topic"))
        return {
            "turn_id": turn["id"], "verdict": verdict, "better": better,
            "better_id": turn["knowledge_ids"][0] if better == "answer" and turn["knowledge_ids"] else None,
            "remark": None, "release_id": RELEASE, "staff_id": None, "created_at": self._moment,
        }  # fmt: skip

    def _ask(self, rows: Rows, turn: dict[str, Any]) -> None:
        task, fields = ("qualify", CHECKS) if self._checking else ("book", BOOKING)
        if self._step >= len(fields):
            return
        asked = {"turn_id": turn["id"], "conversation_id": self._id, "task": task, "created_at": self._moment}
        rows["asked"].append(asked | {"field": fields[self._step]})
        self._step += self._random.choice((1, 2, 3))
        if self._checking and (self._step >= len(fields) - 2 or self._random.random() < 0.15):
            rows["cases"].append(self._case(turn["id"]))
            self._step = len(fields)

    def _case(self, number: int) -> dict[str, Any]:
        verdict = self._random.choice(("likely", "needs_check", "unlikely"))
        reason = {
            "rule_id": "C01",
            "outcome": "likely",
            "text": "国内で行う取組です。",
            "source": "SC-101",
            "status": "verified",
        }
        estimate = self._estimate() if self._random.random() < 0.4 else None
        card = {
            "type": "verdict", "id": self._new_id("k", number), "verdict": verdict, "project_form": "either",
            "methodology_ids": [self._random.choice(METHODOLOGIES)],
            "reasons": [reason], "todo": ["設備の更新日を確かめる"], "estimate": estimate,
        }  # fmt: skip
        return {
            "id": card["id"], "conversation_id": self._id, "kind": "verdict", "data": card, "release": RELEASE,
            "token_hash": digest(str(card["id"])), "created_at": self._moment,
        }  # fmt: skip

    def _estimate(self) -> dict[str, Any]:
        tonnes = round(self._random.uniform(1, 900), 1)
        return {
            "type": "estimate", "methodology_id": "EN-S-006", "formula_id": "EN-S-006.F1", "fiscal_year": 2024,
            "reduction_tco2": tonnes, "creditable_tco2": int(tonnes), "steps": [], "factors": [],
            "assumptions": ["見本の値です。"], "warnings": [],
        }  # fmt: skip

    def _new_id(self, kind: str, number: int) -> str:
        return f"{kind}{self._run}{number:027x}"


def _empty() -> Rows:
    return {name: [] for name in ORDER}


@lru_cache(maxsize=100_000)
def _masked(text: str) -> str:
    return mask(text)


@lru_cache(maxsize=100_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(words(text)))

"""The measurement in numbers: by topic, kind, difficulty and persona, and what is mistaken for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actions.shelf import Shelf
from evaluation.judging import Judged
from evaluation.questions import IN_SCOPE

KINDS = {
    IN_SCOPE: "制度の質問",
    "off_topic": "関係のない質問",
    "injection": "命令の混入",
    "language": "日本語以外",
    "near_miss": "資料にないこと",
    "flow": "手続きなど",
}


@dataclass(frozen=True)
class Row:
    """Shares of one group. score: right answers, and half of the questions back that lead there."""

    name: str
    count: int
    correct: float
    wrong: float
    declined: float
    clarified: float

    @property
    def score(self) -> float:
        return self.correct + self.clarified / 2


def row(name: str, judged: Iterable[Judged]) -> Row:
    """The shares of the outcomes in a group."""
    found = Counter(item.outcome for item in judged)
    count = sum(found.values())
    share = {outcome: number / max(count, 1) for outcome, number in found.items()}
    return Row(
        name=name,
        count=count,
        correct=share.get("correct", 0),
        wrong=share.get("wrong", 0),
        declined=share.get("declined", 0) + share.get("asked_back", 0),
        clarified=share.get("clarified", 0),
    )


def rows(judged: list[Judged], group: Callable[[Judged], str]) -> list[Row]:
    """One row a group, in order of appearance."""
    names = dict.fromkeys(group(item) for item in judged)
    return [row(name, (item for item in judged if group(item) == name)) for name in names]


def by_kind(judged: list[Judged]) -> list[Row]:
    return rows(judged, lambda item: KINDS.get(item.question.kind, item.question.kind))


def in_scope(judged: list[Judged]) -> list[Judged]:
    return [item for item in judged if item.question.kind == IN_SCOPE]


def by_folder(judged: list[Judged], shelf: Shelf) -> list[Row]:
    """In-scope questions by the folder of a right answer."""
    return sorted(rows(in_scope(judged), lambda item: folder_of(item, shelf)), key=lambda found: found.score)


def folder_of(item: Judged, shelf: Shelf) -> str:
    """Where a right answer stands: methodology, or a folder of knowledge/answers."""
    facts = item.question.facts
    folders = (a.id.split(".")[0] for a in shelf.knowledge.answers.values() if facts & set(a.facts))
    if any(fact in shelf.book.methodologies for fact in facts):
        return "methodology"
    return next(iter(folders), "（答えなし）")


def confusions(judged: list[Judged], most: int = 20) -> list[tuple[Judged, str]]:
    """The surest wrong answers, and what was said."""
    wrong = sorted((j for j in judged if j.outcome == "wrong"), key=lambda j: -j.sure)
    return [(item, "、".join(item.said) or item.intent) for item in wrong[:most]]


def printed(plain: list[Judged], spelled: list[Judged], shelf: Shelf) -> str:
    """The whole report for a terminal."""
    inside = in_scope(plain)
    parts = [_table("種類", by_kind(plain))]
    parts.append(_table("分類（弱い順）", by_folder(plain, shelf)))
    parts.append(_table("難しさ", rows(inside, lambda j: j.question.difficulty)))
    personas = sorted(rows(inside, lambda j: j.question.persona), key=lambda found: found.score)
    parts.append(_table("人物（弱い順に12）", personas[:12]))
    if spelled:
        parts.append(_table("書き方を変えた制度の質問", rows(in_scope(spelled), lambda j: j.question.perturbed)))
        parts.append(_table("書き方を変えた質問、種類ごと", by_kind(spelled)))
    lines = [f"{j.question.id:>5} {j.sure:.2f} → {said}" for j, said in confusions(inside)]
    parts.append("\n".join(["確からしいのに誤った答え", *lines]))
    times = sorted(j.ms for j in plain)
    parts.append(
        f"理解にかかった時間: 中央 {times[len(times) // 2]:.1f} ms、95% {times[int(len(times) * 0.95)]:.1f} ms"
    )
    return "\n\n".join(parts)


def _table(title: str, found: list[Row]) -> str:
    head = f"{title}\n{'正しい':>6} {'誤り':>6} {'断り':>6} {'聞返し':>5} {'問数':>5}"
    return "\n".join(
        [head]
        + [
            f"{r.correct:8.1%} {r.wrong:7.1%} {r.declined:7.1%} {r.clarified:7.1%} {r.count:6d}  {r.name}"
            for r in found
        ]
    )

"""Compares ways to find the topic of a question, on phrasings and development questions. Runs in Rasa's environment.

python -m ops.measure --compare
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import yaml
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot import embedding, importer
from bot.features import Reader, Sentence
from bot.known import Known
from bot.rankers import Counted
from evaluation.questions import IN_SCOPE, read_questions

KNOWLEDGE = Path("knowledge")
Way = Callable[[], tuple[np.ndarray, float]]


class Bench:
    """The phrasings, the questions, and which topics are right for each."""

    def __init__(self) -> None:
        texts, self.topics = phrasings()
        self.names = sorted(set(self.topics))
        self.owner = np.array([self.names.index(topic) for topic in self.topics])
        questions = [q for q in read_questions() if q.kind == IN_SCOPE]
        reader = Reader(KNOWLEDGE, "use")
        self.learnt, self.asked = reader.read_all(texts), reader.read_all([q.text for q in questions])
        facts = Known.read(KNOWLEDGE).facts
        self.right = np.array([[bool(q.facts & facts.get(name, set())) for name in self.names] for q in questions])

    def show(self, name: str, learn: Callable[[], Callable[[int], np.ndarray]]) -> np.ndarray:
        """Learns, ranks every question, prints one row of the table; the standardised scores."""
        started = time.perf_counter()
        rank = learn()
        learnt = time.perf_counter() - started
        started = time.perf_counter()
        scores = np.stack([rank(i) for i in range(len(self.asked))]).astype(float)
        each = (time.perf_counter() - started) / len(self.asked) * 1000
        self.row(name, scores, f"{learnt:5.1f}", f"{each:5.2f}")
        return (scores - scores.mean(axis=1, keepdims=True)) / (scores.std(axis=1, keepdims=True) + 1e-9)

    def row(self, name: str, scores: np.ndarray, learnt: str = "–", each: str = "–") -> None:
        hits = np.take_along_axis(self.right, np.argsort(-scores, axis=1, kind="stable"), 1)
        print(
            f"| {name} | {hits[:, 0].mean():.1%} | {hits[:, :5].any(axis=1).mean():.1%} | {learnt} | {each} |",
            flush=True,
        )


def phrasings() -> tuple[list[str], list[str]]:
    """All phrasings of questions, and their topics."""
    found = [pair for path in sorted(Path("data/nlu").rglob("*.yml")) for pair in importer.phrasings(path)]
    asked = [(text, intent.removeprefix("ask/")) for intent, text in found if intent.startswith("ask/")]
    return [text for text, _ in asked], [topic for _, topic in asked]


def counted(bench: Bench, way: str) -> Callable[[], Callable[[int], np.ndarray]]:
    def learn() -> Callable[[int], np.ndarray]:
        documents: list[list[str]] = [[] for _ in bench.names]
        for sentence, number in zip(bench.learnt, bench.owner, strict=True):
            documents[number] += getattr(sentence, way)
        index = Counted(documents)
        return lambda i: index.scores(getattr(bench.asked[i], way))

    return learn


def answers(bench: Bench) -> Callable[[], Callable[[int], np.ndarray]]:
    def learn() -> Callable[[int], np.ndarray]:
        reader = Reader(KNOWLEDGE, "use")
        found: dict[str, str] = {}
        for path in (KNOWLEDGE / "answers").rglob("*.yaml"):
            data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            found[data["id"]] = " ".join([data["question"], data["text"], data.get("detail") or ""])
        japanese = reader.japanese
        index = Counted([japanese.content_words(found.get(name, name)) for name in bench.names])
        return lambda i: index.scores(bench.asked[i].words)

    return learn


def nearest(bench: Bench, known: np.ndarray, asked: np.ndarray) -> Callable[[], Callable[[int], np.ndarray]]:
    def rank(i: int) -> np.ndarray:
        best = np.full(len(bench.names), -1.0)
        np.maximum.at(best, bench.owner, known @ asked[i])
        return best

    return lambda: rank


def regression(bench: Bench, known: np.ndarray, asked: np.ndarray, iterations: int = 15):  # type: ignore[no-untyped-def]
    def learn() -> Callable[[int], np.ndarray]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = LogisticRegression(C=20, max_iter=iterations, random_state=7).fit(known, bench.owner)
        return lambda i: model.decision_function(asked[i : i + 1])[0]

    return learn


def nearness(
    bench: Bench, known: np.ndarray, asked: np.ndarray, sharpness: float = 20
) -> Callable[[], Callable[[int], np.ndarray]]:
    """All phrasings of a class, the nearest ones most: as bot.rankers does it."""

    def rank(i: int) -> np.ndarray:
        near = np.exp(sharpness * (known @ asked[i] - 1))
        return np.log(np.bincount(bench.owner, weights=near, minlength=len(bench.names)) + 1e-12)

    return lambda: rank


def discriminant(bench: Bench, known: np.ndarray, asked: np.ndarray):  # type: ignore[no-untyped-def]
    def learn() -> Callable[[int], np.ndarray]:
        model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.2).fit(known, bench.owner)
        return lambda i: model.decision_function(asked[i : i + 1])[0]

    return learn


def vectors(sentences: list[Sentence], encoder: str) -> np.ndarray:
    return embedding.encode_many(encoder, [sentence.text for sentence in sentences])


def main() -> None:
    """Prints the table."""
    bench = Bench()
    print(f"{len(bench.learnt)} 言い回し、{len(bench.names)} 話題、{len(bench.asked)} 問")
    print("| 方法 | 一位が正しい | 五位までに | 学習（秒） | 一問（ms、埋め込みを除く） |\n|---|---|---|---|---|")
    use, use_asked = vectors(bench.learnt, "use"), vectors(bench.asked, "use")
    e5, e5_asked = vectors(bench.learnt, "e5"), vectors(bench.asked, "e5")
    middle = e5.mean(axis=0)
    counts = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
    sparse = counts.fit_transform([s.text for s in bench.learnt])
    sparse_asked = counts.transform([s.text for s in bench.asked])
    bench.show("文字の数え上げ + LR", regression(bench, sparse, sparse_asked))
    bench.show("BM25（答えの文、語）", answers(bench))
    words = bench.show("BM25（言い回し、語）", counted(bench, "words"))
    spoken = bench.show("BM25（言い回し、読みの2〜4字）", counted(bench, "spoken"))
    bench.show("USE、最も近い言い回し", nearest(bench, use, use_asked))
    near = bench.show("USE、近い言い回しの和", nearness(bench, use, use_asked))
    bench.show("USE + LDA", discriminant(bench, use, use_asked))
    meaning = bench.show("USE + LR（15回）", regression(bench, use, use_asked))
    bench.show("USE + LR（200回）", regression(bench, use, use_asked, 200))
    bench.show("e5、最も近い言い回し", nearest(bench, e5, e5_asked))
    bench.show("e5 + LR（15回）", regression(bench, e5 - middle, e5_asked - middle))
    both, both_asked = np.hstack([use, e5 - middle]), np.hstack([use_asked, e5_asked - middle])
    joint = bench.show("USE と e5 + LR（15回）", regression(bench, both, both_asked))
    bench.row("BM25 語 + 読み", 0.6 * spoken + 0.5 * words)
    bench.row("BM25 語 + 読み + USE の LR（前の版）", 0.6 * spoken + 0.5 * words + 1.1 * meaning)
    bench.row("**BM25 語 + 読み + USE の近さ（採用）**", 0.6 * spoken + 0.5 * words + 0.8 * near)
    bench.row("BM25 語 + 読み + USE と e5 の LR", 0.6 * spoken + 0.5 * words + 1.1 * joint)


if __name__ == "__main__":
    main()

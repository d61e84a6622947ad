"""`make bench`: speed and memory of the running house, as the issues ask for them."""

from __future__ import annotations

import argparse
import http.client
import json
import math
import shutil
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ops.environments import environment
from ops.places import ROOT
from ops.running import RunningHouse, running_house
from ops.say import SetupError, stop_with
from ops.training import model, train

QUESTIONS = ROOT / "ops" / "bench_questions.txt"
PEOPLE, TURNS = 16, 25


class Person:
    """One conversation over one kept connection."""

    def __init__(self, url: str) -> None:
        self.http = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        started = self._post("/api/conversations", {})
        self.path = f"/api/conversations/{started['conversation_id']}/messages"
        self.token = started["token"]

    def say(self, text: str) -> float:
        """Milliseconds until the reply is there."""
        asked = time.perf_counter()
        reply = self._post(self.path, {"client_message_id": uuid.uuid4().hex, "text": text})
        took = (time.perf_counter() - asked) * 1000
        if not reply.get("messages") or any(m["kind"] == "notice" for m in reply["messages"]):
            raise RuntimeError(f"no reply: {reply.get('error')}")
        return took

    def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if hasattr(self, "token"):
            headers["Authorization"] = f"Bearer {self.token}"
        self.http.request("POST", path, json.dumps(body).encode(), headers)
        answer: dict[str, Any] = json.loads(self.http.getresponse().read())
        return answer


def main() -> int:
    """Prints a table of figures; exit code 0 also when a bar is missed, since it measures and does not judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-training", action="store_true", help="学習の時間は測らない")
    options = parser.parse_args()
    questions = QUESTIONS.read_text(encoding="utf-8").split("\n")
    questions = [question for question in questions if question.strip()]
    try:
        environment("app")
        python, trained = environment("bot"), model()
        if not options.no_training:
            show("学習（埋め込みの控えあり）", f"{training_seconds(python, trained):.1f} 秒", "≤ 60 秒")
        with tempfile.TemporaryDirectory() as folder:
            limits = {"TURNS_PER_MINUTE": "1000000", "REQUESTS_PER_MINUTE": "1000000"}
            with running_house(Path(folder), **limits) as house:
                show("起動（何も変わっていないとき）", f"{house.wait_until_ready():.1f} 秒", "≤ 25 秒")
                measure(house, questions)
    except SetupError as error:
        return stop_with(error)
    return 0


def measure(house: RunningHouse, questions: list[str]) -> None:
    """Idle latency, 16 people at once, a long conversation, memory."""
    person = Person(house.url)
    for question in questions:
        person.say(question)
    idle = [Person(house.url).say(questions[i % len(questions)]) for i in range(100)]
    show("一人だけのとき", f"p50 {at(idle, 50):.0f} ms、p95 {at(idle, 95):.0f} ms", "p95 ≤ 60 ms")
    took, seconds = together(house.url, questions)
    rate = len(took) / seconds
    show(f"{PEOPLE}人が同時", f"{rate:.0f} 回/秒、p95 {at(took, 95):.0f} ms", "≥ 50 回/秒、p95 ≤ 500 ms")
    long = Person(house.url)
    turns = [long.say(questions[i % len(questions)]) for i in range(210)]
    early, late = at(turns[5:15], 50), at(turns[195:205], 50)
    show("長い会話（10回目と200回目）", f"{early:.1f} ms → {late:.1f} ms（{late / early:.2f} 倍）", "≤ 1.2 倍")
    used = house.memory()
    show("メモリー（全プロセス）", f"{sum(used.values())} MiB", "≤ 1,229 MiB")
    for name, size in sorted(used.items(), key=lambda pair: -pair[1]):
        print(f"    {name.split('#')[0]:<24}{size:>6} MiB")


def together(url: str, questions: list[str]) -> tuple[list[float], float]:
    """16 people, each with a conversation of their own: milliseconds of every turn, and the seconds in all."""
    people, took, lock = [Person(url) for _ in range(PEOPLE)], [], threading.Lock()

    def talk(number: int) -> None:
        mine = [people[number].say(questions[(number * 7 + i) % len(questions)]) for i in range(TURNS)]
        with lock:
            took.extend(mine)

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(PEOPLE)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, time.perf_counter() - started


def training_seconds(python: Path, trained: Path) -> float:
    """A whole training run beside the present model."""
    place = trained.parent / "bench"
    place.mkdir(exist_ok=True)
    started = time.monotonic()
    train(python, place / "model.tar.gz")
    shutil.rmtree(place)
    return time.monotonic() - started


def at(values: list[float], percent: int) -> float:
    """The nearest-rank percentile: a value that was measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def show(what: str, figure: str, bar: str) -> None:
    """One line of the table."""
    print(f"{what}: {figure}（目安 {bar}）", flush=True)


if __name__ == "__main__":
    sys.exit(main())

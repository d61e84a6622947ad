"""`python -m evaluation`: parses the questions (BOT_PYTHON, MODEL_PATH), judges the replies, prints and draws."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from actions.shelf import Shelf, shelf_of
from evaluation.judging import Judged, judge
from evaluation.page import write_page
from evaluation.perturbing import perturbed
from evaluation.questions import DEVELOPMENT, ROOT, Question, read_questions
from evaluation.tables import printed
from knowledge.loader import load


def main() -> int:
    """Measures one folder of questions."""
    wanted = argparse.ArgumentParser(description="答えの正しさを測ります")
    wanted.add_argument("--questions", type=Path, default=DEVELOPMENT)
    wanted.add_argument("--plain", action="store_true", help="書き方を変えた質問を省く（速い）")
    wanted.add_argument("--out", type=Path, default=ROOT / os.environ.get("DATA_DIR", "var") / "eval")
    given = wanted.parse_args()
    questions = read_questions(given.questions)
    shelf = shelf_of(load())
    changed = [] if given.plain else perturbed([q for q in questions if q.kind not in ("language", "injection")])
    judged = measured([*questions, *changed], shelf)
    plain, spelled = judged[: len(questions)], judged[len(questions) :]
    print(printed(plain, spelled, shelf))
    given.out.mkdir(parents=True, exist_ok=True)
    write_page(given.out / "index.html", plain, spelled, shelf)
    print(f"\n図: {given.out / 'index.html'}")
    return 0


def measured(questions: list[Question], shelf: Shelf) -> list[Judged]:
    """Every question understood and judged, in order."""
    parses = parsed([{"text": question.text} for question in questions])
    return [judge(question, parse, shelf) for question, parse in zip(questions, parses, strict=True)]


def parsed(texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parses of many texts, from one process in Rasa's environment."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "parses.json"
        settings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        command = [os.environ["BOT_PYTHON"], "-m", "evaluation.parse", str(target)]
        said = json.dumps(texts)
        subprocess.run(command, input=said, text=True, check=True, cwd=ROOT, env=settings)  # noqa: S603 (our own)
        found: list[dict[str, Any]] = json.loads(target.read_text("utf-8"))
        return found


if __name__ == "__main__":
    raise SystemExit(main())

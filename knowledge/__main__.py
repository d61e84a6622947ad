"""`python -m knowledge`: reads everything strictly, and fails on answers whose review date has passed."""

from __future__ import annotations

import sys

from core.clock import today
from core.errors import KnowledgeError
from knowledge.booking_files import check_holidays
from knowledge.glossary import glossary
from knowledge.loader import HERE, load, path_of
from knowledge.screening_book import load_screening


def main() -> int:
    """Prints what is wrong, with file, line and mend; 0 when nothing is."""
    try:
        knowledge = load()
        check_holidays(today())
        load_screening()
        glossary(HERE)
    except KnowledgeError as error:
        print(error.message, file=sys.stderr)
        return 1
    late = [answer for answer in knowledge.answers.values() if answer.review_by < today()]
    for answer in late:
        path = path_of(knowledge.root, answer.id)
        print(
            f"{path}: 見直しの期限 {answer.review_by} を過ぎました。"
            "直し方: 内容を確かめ、review_by を新しくしてください",
            file=sys.stderr,
        )
    print(f"答え {len(knowledge.answers)}件、出典 {len(knowledge.sources)}件")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())

"""The field's terms and their one name in code (knowledge/glossary.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from core.errors import KnowledgeError
from knowledge.schema import Strict, Text
from knowledge.yaml_file import as_model, line_of, read_data

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
TermId = Annotated[str, StringConstraints(pattern=r"^GL-\d{3}$")]
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Term(Strict):
    """One thing: its Japanese term, its name in code, its id in the facts, and the names that are not used for it."""

    term: Text
    code: Name
    fact: TermId | None = None
    rivals: list[Name] = []


@cache
def glossary(root: Path) -> tuple[Term, ...]:
    """The terms of a knowledge folder. Raises KnowledgeError with file, line and mend for each fault."""
    path = root / "glossary.yaml"
    terms = tuple(as_model(path, entry, Term, (number,)) for number, entry in enumerate(read_data(path)))
    if faults := list(_twice(path, terms)):
        raise KnowledgeError("\n".join(faults))
    return terms


def names_it(name: str, code: str) -> bool:
    """Whether an identifier (snake, camel or dotted) has `code` among its words."""
    words = HUMP.sub("_", name).lower().replace(".", "_").replace("-", "_")
    return f"_{code}_" in f"_{words}_"


def _twice(path: Path, terms: Sequence[Term]) -> Iterator[str]:
    """Terms, names and ids that stand there twice; and rivals that are somebody's name."""
    seen: set[str] = {term.code for term in terms}
    taken: set[str] = set()
    for number, term in enumerate(terms):
        line = line_of(path, (number,))
        for said in filter(None, (term.term, term.code, term.fact)):
            if said in taken:
                yield f"{path}:{line}: 「{said}」が二度あります。直し方: どちらか一つにしてください"
            taken.add(said)
        for rival in term.rivals:
            if rival in seen:
                yield f"{path}:{line}: 「{rival}」はほかの名前と重なります。直し方: rivals から消してください"
            seen.add(rival)

"""One name for one thing: the glossary is unique both ways, and the code keeps to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.errors import KnowledgeError
from knowledge.glossary import Term, glossary, names_it
from knowledge.loader import HERE
from knowledge.yaml_file import read_data
from tests.knowledge.facts import facts, plain

ROOT = HERE.parent
FOLDERS = ("api", "actions", "knowledge", "bot")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
YAML_NAME = re.compile(r"[a-z][A-Za-z0-9_.-]*")
TERMS = glossary(HERE)


@cache
def names() -> dict[str, str]:
    """Every name of the code and of the knowledge's files, keys and ids, with a place where it stands."""
    found: dict[str, str] = {}
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))):
        if path.suffix not in (".py", ".yaml", ".yml") or path.stem == "glossary":
            continue
        inside = WORD.findall(path.read_text(encoding="utf-8")) if path.suffix == ".py" else _in_data(read_data(path))
        for name in (*path.relative_to(ROOT).with_suffix("").parts, *inside):
            found.setdefault(name, str(path.relative_to(ROOT)))
    return found


def _in_data(data: Any) -> Iterator[str]:
    """Keys, and values that look like a name."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _in_data(key)
            yield from _in_data(value)
    elif isinstance(data, list):
        for value in data:
            yield from _in_data(value)
    elif isinstance(data, str) and YAML_NAME.fullmatch(data):
        yield data


def places_of(code: str) -> list[str]:
    return [f"{name} ({place})" for name, place in names().items() if names_it(name, code)]


def test_there_are_the_forty_terms_that_the_code_lives_by() -> None:
    assert len(TERMS) >= 40
    assert {"methodology", "additionality", "validation", "verification", "retirement"} <= {t.code for t in TERMS}


@pytest.mark.parametrize("entry", TERMS, ids=lambda entry: entry.code)
def test_a_term_is_the_one_of_the_facts(entry: Term) -> None:
    if entry.fact:
        assert facts()[entry.fact].startswith(f"{plain(entry.term)}|")


@pytest.mark.parametrize("entry", TERMS, ids=lambda entry: entry.code)
def test_a_fixed_name_is_really_used(entry: Term) -> None:
    assert places_of(entry.code), f"「{entry.term}」の名前 {entry.code} は、どこにも使われていません"


@pytest.mark.parametrize("entry", TERMS, ids=lambda entry: entry.code)
def test_no_rival_name_is_used(entry: Term) -> None:
    used = {rival: places_of(rival) for rival in entry.rivals if places_of(rival)}
    assert used == {}, f"「{entry.term}」の名前は {entry.code} です"


@pytest.mark.parametrize(
    ("name", "code", "is_it"),
    [
        ("forgotten_retirement", "retirement", True),
        ("terms.retirement", "retirement", True),
        ("RetirementCard", "retirement", True),
        ("unretirement", "retirement", False),
        ("retirements_of", "retirement", False),
    ],
)
def test_a_name_is_found_among_the_words_of_an_identifier(name: str, code: str, is_it: bool) -> None:
    assert names_it(name, code) is is_it


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["{term: 無効化, code: retirement}", "{term: 無効化, code: cancelling}"], ":2: 「無効化」が二度"),
        (["{term: 無効化, code: retirement}", "{term: 償却, code: retirement}"], ":2: 「retirement」が二度"),
        (["{term: 無効化, code: a, fact: GL-044}", "{term: 償却, code: b, fact: GL-044}"], "「GL-044」が二度"),
        (["{term: 無効化, code: a}", "{term: 償却, code: b, rivals: [a]}"], "「a」はほかの名前と重なります"),
        (["{term: 無効化, code: a, rivals: [a]}"], "「a」はほかの名前と重なります"),
        (["{term: 無効化, code: Retirement}"], ":1: 「0.code」"),
        (["{term: 無効化, code: retirement, fact: SC-001}"], ":1: 「0.fact」"),
        (["{term: 無効化, code: retirement, rival: [b]}"], "この項目名は使えません"),
    ],
)
def test_a_faulty_glossary_is_refused_with_its_line(tmp_path: Path, lines: list[str], said: str) -> None:
    (tmp_path / "glossary.yaml").write_text("".join(f"- {line}\n" for line in lines), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=re.escape(said)):
        glossary(tmp_path)

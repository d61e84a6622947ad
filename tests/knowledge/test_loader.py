"""The loader refuses what is wrong and says where and how to mend it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import KnowledgeError
from knowledge.loader import HERE, load

ANSWER = """id: topic.name
question: これは何ですか
text: これは試験のための答えです。
facts: [SC-001]
sources: [seed-2022]
as_of: 令和4年度
status: verified
review_by: 2099-03-31
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("sources.yaml", "phrases.yaml", "contacts.yaml", "dialogue.yaml"):
        shutil.copy(HERE / name, tmp_path / name)
    for other in HERE.iterdir():
        if other.is_dir() and other.name not in ("answers", "__pycache__"):
            shutil.copytree(other, tmp_path / other.name)
        elif other.suffix == ".yaml" and not (tmp_path / other.name).exists():
            shutil.copy(other, tmp_path / other.name)
    write(tmp_path, ANSWER)
    return tmp_path


def write(folder: Path, text: str, name: str = "topic/name.yaml") -> None:
    path = folder / "answers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def fault(folder: Path) -> str:
    with pytest.raises(KnowledgeError) as refused:
        load(folder)
    return refused.value.message


def test_the_knowledge_of_the_checkout_can_be_read() -> None:
    assert len(load().answers) > 100


def test_a_good_answer_is_read(folder: Path) -> None:
    assert load(folder).answers["topic.name"].text == "これは試験のための答えです。"


def test_an_unknown_key_is_refused_with_file_and_line(folder: Path) -> None:
    write(folder, ANSWER + "colour: red\n")
    assert "name.yaml:9" in fault(folder)
    assert "colour" in fault(folder)


def test_a_bad_date_says_how_to_write_it(folder: Path) -> None:
    write(folder, ANSWER.replace("2099-03-31", "来年の春"))
    assert "name.yaml:8" in fault(folder)
    assert "2027-03-31 の形" in fault(folder)


def test_a_key_written_twice_is_refused_with_both_lines(folder: Path) -> None:
    write(folder, ANSWER + "text: もう一つ\n")
    assert "9行目" in fault(folder)
    assert "3行目" in fault(folder)


def test_an_answer_without_a_source_is_refused(folder: Path) -> None:
    write(folder, ANSWER.replace("sources: [seed-2022]\n", ""))
    assert "sources" in fault(folder)


def test_a_source_that_nobody_knows_is_refused(folder: Path) -> None:
    write(folder, ANSWER.replace("seed-2022", "hearsay"))
    assert "name.yaml:5" in fault(folder)
    assert "hearsay" in fault(folder)


def test_an_id_that_does_not_fit_its_place_is_refused(folder: Path) -> None:
    write(folder, ANSWER.replace("topic.name", "topic.other"))
    assert "topic.name と書いてください" in fault(folder)


def test_a_related_answer_that_is_missing_is_refused(folder: Path) -> None:
    write(folder, ANSWER + "related: [topic.missing]\n")
    assert "topic.missing" in fault(folder)


def test_broken_yaml_is_refused_with_the_line(folder: Path) -> None:
    write(folder, ANSWER + "detail: [\n")
    assert "name.yaml:" in fault(folder)


def test_all_faults_are_named_at_once(folder: Path) -> None:
    write(folder, ANSWER + "colour: red\n")
    write(folder, ANSWER.replace("topic.name", "topic.more").replace("verified", "sure"), "topic/more.yaml")
    assert "colour" in fault(folder)
    assert "status" in fault(folder)


def test_a_folded_sentence_has_no_space_inside(folder: Path) -> None:
    write(folder, ANSWER.replace("text: これは試験のための答えです。", "text: >-\n  一つ目です。\n  二つ目です。"))
    assert load(folder).answers["topic.name"].text == "一つ目です。二つ目です。"

"""Reads a whole knowledge folder into one frozen object, or says in plain words what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import KnowledgeError
from knowledge.schema import Answer, Source
from knowledge.schema_dialogue import Contact, Phrase, Thresholds
from knowledge.schema_tasks import Repairs, Task
from knowledge.task_files import Places, read_places, read_repairs, read_tasks
from knowledge.yaml_file import Model, as_model, line_of, read_data, read_model

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Knowledge:
    """Everything the assistant may say, by id."""

    root: Path
    sources: dict[str, Source]
    answers: dict[str, Answer]
    phrases: dict[str, Phrase]
    contacts: dict[str, Contact]
    thresholds: Thresholds
    tasks: dict[str, Task]
    repairs: Repairs
    places: Places

    def answers_for_fact(self, fact: str) -> list[Answer]:
        """The answers that stand on `fact` (SC-012, GL-001, EN-S-006 …)."""
        return [answer for answer in self.answers.values() if fact in answer.facts]


@cache
def load(root: Path = HERE) -> Knowledge:
    """The knowledge under `root`. Raises KnowledgeError naming file, line and mend, all faults at once."""
    faults: list[str] = []
    sources = _by_id(root / "sources.yaml", Source, faults)
    phrases = _by_id(root / "phrases.yaml", Phrase, faults)
    contacts = _by_id(root / "contacts.yaml", Contact, faults)
    answers = _answers(root / "answers", faults)
    for answer in answers.values():
        faults += _dangling(root, answer, sources, answers)
    tasks = read_tasks(root / "tasks", sources, faults)
    if faults:
        raise KnowledgeError("\n".join(faults))
    thresholds = read_model(root / "dialogue.yaml", Thresholds)
    repairs, places = read_repairs(root / "tasks"), read_places(root / "places.yaml")
    return Knowledge(root, sources, answers, phrases, contacts, thresholds, tasks, repairs, places)


def path_of(root: Path, answer_id: str) -> Path:
    """The file that an answer of this id stands in."""
    topic, name = answer_id.split(".")
    return root / "answers" / topic / f"{name}.yaml"


def _by_id(path: Path, model: type[Model], faults: list[str]) -> dict[str, Model]:
    entries: dict[str, Model] = {}
    for entry_id, data in read_data(path).items():
        try:
            entries[entry_id] = as_model(path, data, model, (entry_id,))
        except KnowledgeError as error:
            faults.append(error.message)
    return entries


def _answers(folder: Path, faults: list[str]) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for path in sorted(folder.rglob("*.yaml")):
        try:
            answer = read_model(path, Answer)
        except KnowledgeError as error:
            faults.append(error.message)
            continue
        expected = ".".join(path.relative_to(folder).with_suffix("").parts)
        if answer.id != expected:
            faults.append(
                f"{path}:{line_of(path, ('id',))}: 「id」が置き場所と合いません。直し方: {expected} と書いてください"
            )
        answers[answer.id] = answer
    return answers


def _dangling(root: Path, answer: Answer, sources: dict[str, Source], answers: dict[str, Answer]) -> list[str]:
    path = path_of(root, answer.id)
    faults = [
        f"{path}:{line_of(path, ('sources', i))}: 出典「{name}」が sources.yaml にありません。"
        "直し方: id を確かめるか、sources.yaml に足してください"
        for i, name in enumerate(answer.sources)
        if name not in sources
    ]
    faults += [
        f"{path}:{line_of(path, ('related', i))}: 関連する答え「{name}」がありません。直し方: id を確かめてください"
        for i, name in enumerate(answer.related)
        if name not in answers
    ]
    return faults

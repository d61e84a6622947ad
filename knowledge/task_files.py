"""Reads knowledge/tasks/ and knowledge/places.yaml: tasks, the repairs they share, names of places."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from core.errors import KnowledgeError
from knowledge.schema import Strict, Text
from knowledge.schema_tasks import Repairs, Task
from knowledge.yaml_file import line_of, read_model

REPAIRS = "repairs"


class Places(Strict):
    """The prefectures with other ways to write them, and the municipalities of those that staff visit."""

    prefectures: dict[str, list[Text]]
    municipalities: dict[str, list[Text]]


def read_tasks(folder: Path, sources: Container[str], faults: list[str]) -> dict[str, Task]:
    """The tasks by id; `faults` grows by what is wrong, each with file, line and mend."""
    tasks: dict[str, Task] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem == REPAIRS:
            continue
        try:
            task = read_model(path, Task)
        except KnowledgeError as error:
            faults.append(error.message)
            continue
        if task.id != path.stem:
            faults.append(
                f"{path}:{line_of(path, ('id',))}: 「id」がファイル名と合いません。直し方: {path.stem} にしてください"
            )
        faults += _unknown_sources(path, task, sources)
        tasks[task.id] = task
    return tasks


def read_repairs(folder: Path) -> Repairs:
    """How every task repairs a conversation."""
    return read_model(folder / f"{REPAIRS}.yaml", Repairs)


def read_places(path: Path) -> Places:
    """The names of places."""
    return read_model(path, Places)


def _unknown_sources(path: Path, task: Task, sources: Container[str]) -> list[str]:
    return [
        f"{path}:{line_of(path, ('fields', i, 'why', 'source'))}: "
        f"出典「{field.why.source}」が sources.yaml にありません。"
        "直し方: id を確かめるか、sources.yaml に足してください"
        for i, field in enumerate(task.fields)
        if field.why and field.why.source and field.why.source not in sources
    ]

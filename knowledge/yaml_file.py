"""Reads one YAML file strictly: a typed model or an error that names file, line and mend."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from core.errors import KnowledgeError

Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]

MENDS = {
    "extra_forbidden": "この項目名は使えません。つづりを確かめるか、行を消してください",
    "missing": "この項目が必要です。書き足してください",
    "date_from_datetime_parsing": "日付は 2027-03-31 の形で書いてください",
    "date_parsing": "日付は 2027-03-31 の形で書いてください",
    "date_type": "日付は 2027-03-31 の形で書いてください",
    "string_type": '文字で書いてください（数字や日付は " " で囲みます）',
    "too_short": "少なくとも一つ書いてください",
    "literal_error": "決められた語のどれかを書いてください",
}


class StrictLoader(yaml.CSafeLoader):
    """SafeLoader that refuses the same key twice."""


def _mapping(loader: StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, int] = {}
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        line = key_node.start_mark.line + 1
        if key in seen:
            raise KnowledgeError(
                f"{line}行目: 「{key}」が {seen[key]}行目にもあります。直し方: どちらか一つにしてください"
            )
        seen[key] = line
    return loader.construct_mapping(node, deep=True)


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_data(path: Path) -> Any:
    """The file's plain data. Raises KnowledgeError for unreadable YAML or a key written twice."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=StrictLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise KnowledgeError(
            f"{path}:{line}: YAML として読めません（{error.problem}）。"
            "直し方: 字下げと「:」の後の空白を確かめてください"
        ) from error
    except KnowledgeError as error:
        raise KnowledgeError(f"{path}: {error.message}") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"{path}: 文字コードが UTF-8 ではありません。直し方: UTF-8 で保存してください") from error


def read_model(path: Path, model: type[Model]) -> Model:
    """The file as a `model`. Raises KnowledgeError with file, line and mend for each fault."""
    return as_model(path, read_data(path), model)


def as_model(path: Path, data: Any, model: type[Model], at: Path_ = ()) -> Model:
    """`data`, found under `at` in the file, as a `model`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise KnowledgeError("\n".join(_plain(path, at, fault) for fault in error.errors())) from error


def line_of(path: Path, where: Path_) -> int:
    """The line (from 1) of the nearest node under `where`."""
    node: yaml.Node | None = _tree(path)
    line = 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


@cache
def _tree(path: Path) -> yaml.Node | None:
    return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _plain(path: Path, at: Path_, fault: Any) -> str:
    where = (*at, *fault["loc"])
    name = ".".join(str(step) for step in where) or "ファイル全体"
    mend = MENDS.get(fault["type"]) or str(fault["msg"]).removeprefix("Value error, ")
    return f"{path}:{line_of(path, where)}: 「{name}」— 直し方: {mend}"

"""Reads the phrasings for Rasa: once for a training, with a fast parser. Rasa's own importer reads them five times."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, List, Optional, Text, Tuple

import yaml
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

BULLET = "- "
NO_LINE = "{path} の「{intent}」: 「{line}」は「- 言い回し」の形ではありません。直してください。"
NO_BLOCK = "{path}: intent と examples のそろったかたまりがありません。ほかのファイルの形にならってください。"


class PhrasingsImporter(RasaFileImporter):
    """Everything but the phrasings is Rasa's own importer's."""

    @cached_method
    def get_nlu_data(self, language: Optional[Text] = "ja") -> TrainingData:
        """All phrasings with their intents (and topics, behind a slash). Errors: RasaException with file and block."""
        found = (pair for path in sorted(self._nlu_files) for pair in phrasings(Path(path)))
        return TrainingData([Message.build(text, intent) for intent, text in found])


def phrasings(path: Path) -> Iterator[Tuple[str, str]]:
    """The intents and texts of one file."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for block in data["nlu"] if isinstance(data, dict) and isinstance(data.get("nlu"), list) else [None]:
        intent, lines = _lines(path, block)
        for line in lines:
            if not line.startswith(BULLET) or not line[len(BULLET) :].strip():
                raise RasaException(
                    f"{path} の「{intent}」: 「{line}」は「- 言い回し」の形ではありません。直してください。"
                )
            yield intent, line[len(BULLET) :].strip()


def _lines(path: Path, block: Any) -> Tuple[str, List[str]]:
    if not isinstance(block, dict) or not isinstance(block.get("intent"), str) or not block.get("examples"):
        raise RasaException(
            f"{path}: intent と examples のそろったかたまりがありません。ほかのファイルの形にならってください。"
        )
    return block["intent"], [line.strip() for line in str(block["examples"]).splitlines() if line.strip()]

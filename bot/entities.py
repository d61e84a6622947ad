"""Finds methodologies in a message: by number in any notation, and by everyday words (knowledge/methodologies)."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Text

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.japanese import methodology_ids, normalise

ENTITY = "methodology"


class EverydayWords:
    """What people call a methodology; the longest words win, and one may mean several."""

    def __init__(self, meanings: Dict[str, List[str]]) -> None:
        self.meanings = meanings
        ordered = sorted(meanings, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, ordered)) or r"(?!)")

    def find(self, text: str) -> List[Dict[str, Any]]:
        """The words of the text that mean methodologies, as entities with `role` words."""
        found = self._pattern.finditer(normalise(text))
        return [_entity(i, "words", match.group(0)) for match in found for i in self.meanings[match.group(0)]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MethodologyExtractor(GraphComponent, EntityExtractorMixin):
    """Entities `methodology` with the id as value; `role` tells a number from everyday words."""

    def __init__(self, config: Dict[Text, Any]) -> None:
        self.words = everyday_words(config["folder"])

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"folder": "knowledge/methodologies"}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MethodologyExtractor":
        return cls({**cls.get_default_config(), **config})

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            found = [_entity(i, "number", i) for i in methodology_ids(text)] + self.words.find(text)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


@lru_cache(maxsize=2)
def everyday_words(folder: str) -> EverydayWords:
    """The everyday words of all methodologies in a folder."""
    meanings: Dict[str, List[str]] = {}
    for path in sorted(Path(folder).glob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for word in data.get("words") or []:
            meanings.setdefault(normalise(str(word)), []).append(data["id"])
    return EverydayWords(meanings)


def _entity(methodology_id: str, role: str, said: str) -> Dict[Text, Any]:
    return {"entity": ENTITY, "value": methodology_id, "role": role, "said": said, "start": 0, "end": 0}

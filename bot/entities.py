"""Finds methodologies in a message: by number in any notation, and by everyday words (knowledge/methodologies)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Text, Tuple

import spacy
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language

from bot.japanese import methodology_ids, normalise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MethodologyExtractor(GraphComponent, EntityExtractorMixin):
    """Entities `methodology` with the id as value; `role` tells a number from everyday words."""

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._nlp, self._ids = ruler(config["folder"])

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
            found = [self._entity(i, "number", i) for i in methodology_ids(text)]
            doc = self._nlp(normalise(text))
            found += [self._entity(i, "words", span.text) for span in doc.ents for i in self._ids[span.ent_id_]]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _entity(self, methodology_id: str, role: str, said: str) -> Dict[Text, Any]:
        return {"entity": "methodology", "value": methodology_id, "role": role, "said": said, "start": 0, "end": 0}


@lru_cache(maxsize=2)
def ruler(folder: str) -> Tuple[Language, Dict[str, List[str]]]:
    """An entity ruler over the everyday words of all methodologies; a word may mean several."""
    meanings: Dict[str, List[str]] = {}
    for path in sorted(Path(folder).glob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for word in data.get("words") or []:
            meanings.setdefault(normalise(str(word)), []).append(data["id"])
    nlp = spacy.blank("ja", config={"nlp": {"tokenizer": {"split_mode": "A"}}})
    patterns = nlp.add_pipe("entity_ruler", config={"overwrite_ents": True})
    patterns.add_patterns([{"label": "METHODOLOGY", "pattern": word, "id": word} for word in meanings])
    return nlp, meanings

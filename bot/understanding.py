"""Rasa's classifier for this bot: the coarse intent of a message and the answers that it may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Text, Tuple

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot import embedding
from bot.features import Features
from bot.japanese import sentences
from bot.topics import TopicModel

ASK = "ask"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Understanding(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking`, `topics` and, for several questions in one message, `questions`."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {
            "lexicon": "knowledge/lexicon.yaml",
            "embeddings": ["use"],
            "dimensions": 384,
            "intent_regularisation": 10.0,
            "topic_regularisation": 20.0,
            "blend": 0.6,
            "sharpness": 4.0,
        }

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._storage, self._resource = model_storage, resource
        self.features = Features(
            Path(self.config["lexicon"]), self.config["embeddings"], int(self.config["dimensions"])
        )
        self.intents = LogisticRegression(
            C=float(self.config["intent_regularisation"]), max_iter=200, class_weight="balanced", random_state=7
        )
        self.topics = TopicModel(
            float(self.config["blend"]), float(self.config["sharpness"]), float(self.config["topic_regularisation"])
        )

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Understanding":
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all phrasings; keeps the fitted parts in Rasa's model storage."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        rows = self.features.fit([e.get(TEXT) for e in examples])
        self.intents.fit(rows, [e.get(INTENT) for e in examples])
        asked = [i for i, e in enumerate(examples) if e.get(INTENT_RESPONSE_KEY)]
        keys = [examples[i].get(INTENT_RESPONSE_KEY).split("/", 1)[1] for i in asked]
        self.topics.fit(rows[asked], keys)
        with self._storage.write_to(self._resource) as folder:
            self.features.save(folder / "features.joblib")
            joblib.dump({"intents": self.intents, "topics": self.topics.state()}, folder / "models.joblib")
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Understanding":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.features.restore(folder / "features.joblib")
            models = joblib.load(folder / "models.joblib")
        component.intents = models["intents"]
        component.topics.restore(models["topics"])
        for name in component.config["embeddings"]:
            embedding.model(name).encode(["起動"])
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            row = self.features.row(text)
            ranking = self._intents(row)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[:5], add_to_output=True)
            message.set("topics", self._topics(row), add_to_output=True)
            message.set("questions", self._questions(text), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline learns from our output."""
        return training_data

    def _intents(self, row: np.ndarray) -> List[Dict[Text, Any]]:
        probabilities: List[Tuple[str, float]] = list(zip(self.intents.classes_, self.intents.predict_proba(row)[0]))
        ordered = sorted(probabilities, key=lambda pair: (-pair[1], pair[0]))
        return [{"name": name, "confidence": round(float(value), 4)} for name, value in ordered]

    def _topics(self, row: np.ndarray) -> List[Dict[Text, Any]]:
        return [{"id": name, "confidence": value} for name, value in self.topics.rank(row)]

    def _questions(self, text: Text) -> List[Dict[Text, Any]]:
        """The separate questions of a message, each with its topics; empty for a single question."""
        parts = sentences(text)
        if len(parts) < 2:
            return []
        rows = [self.features.row(part) for part in parts]
        return [
            {"text": part, "intent": self._intents(row)[0], "topics": self._topics(row)}
            for part, row in zip(parts, rows)
        ]

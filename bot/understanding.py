"""Rasa's classifier for this bot: the coarse intent of a message and the answers that it may ask for."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any, Dict, List, Optional, Text, Tuple

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import embedding
from bot.features import Reader, Sentence
from bot.follow_up import WEAK, FollowUp
from bot.intents import ASK, IntentModel, Told
from bot.japanese import sentences
from bot.known import Known
from bot.slips import mistyped
from bot.topics import Settings, TopicModel

Ranked = Tuple[str, float]
Parsed = Tuple[List[Ranked], List[Ranked]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Understanding(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking`, `topics` and, for several questions in one message, `questions`."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {
            "knowledge": "knowledge",
            "encoder": "use",
            "weights": [0.6, 0.5, 0.8],
            "sharpness": 20.0,
            "dimensions": 192,
            "folds": 3,
            "left_out": 12,
            "every": 4,
            "slip_every": 8,
            "talk_weight": 1.8,
            "intent_regularisation": 5.0,
            "intent_at": 0.5,
            "told": ["qualify", "estimate", "offset"],
            "told_at": 0.4,
            "told_below": 0.15,
            "near_bonus": 1.0,
        }

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._storage, self._resource = model_storage, resource
        self._knowledge = Path(self.config["knowledge"])
        self.reader = Reader(self._knowledge, self.config["encoder"])

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
        self.learn([e.get(TEXT) for e in examples], [_class_of(e) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self.topics, self.intents, self.follow_up), folder / "models.joblib")
        return self._resource

    def learn(self, texts: List[str], classes: List[str]) -> None:
        """classes: the topic of a question, the intent (and kind) of anything else."""
        read = self.reader.read_all(texts)
        known = Known.read(self._knowledge)
        names = ("weights", "sharpness", "dimensions", "folds", "left_out", "every", "talk_weight")
        slips = self._slips(texts)
        settings = Settings(**{name: self.config[name] for name in names})
        self.topics = TopicModel(settings).fit(read, classes, known.kin, slips)
        told = Told(tuple(self.config["told"]), float(self.config["told_at"]), float(self.config["told_below"]))
        self.intents = IntentModel(self.config["intent_regularisation"], self.config["intent_at"], told)
        self.intents.fit(read, classes)
        self.follow_up = FollowUp.read(self._knowledge / "follow_up.yaml", known, float(self.config["near_bonus"]))

    def _slips(self, texts: List[str]) -> Dict[int, Sentence]:
        """Some phrasings as a hurried hand types them, by their place."""
        places = range(0, len(texts), int(self.config["slip_every"]))
        return dict(zip(places, self.reader.read_all([mistyped(texts[i], Random(i)) for i in places])))

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
            component.topics, component.intents, component.follow_up = joblib.load(folder / "models.joblib")
        embedding.model(component.config["encoder"]).encode(["起動"])
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            last = (message.get("metadata") or {}).get("topic")
            for name, value in self.understand(text, last).items():
                message.set(name, value, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later in the pipeline learns from our output."""
        return training_data

    def understand(self, text: Text, last: Optional[Text] = None) -> Dict[Text, Any]:
        """The parse of one message. last: the topic that the conversation is about."""
        intents, topics = self._read(text, last)
        parts = sentences(text)
        questions = [self._question(part) for part in parts] if len(parts) > 1 else []
        ranking = _named(intents[:5], "name")
        return {INTENT: ranking[0], "intent_ranking": ranking, "topics": _named(topics, "id"), "questions": questions}

    def _read(self, text: Text, last: Optional[Text]) -> Parsed:
        sentence = self.reader.read(text)
        topics, others = self.topics.rank(sentence)
        intents = self.intents.rank(sentence, topics, others)
        asks = intents[0][0] == ASK  # 「はい」「ありがとう」 say enough alone
        if last and asks and self.follow_up.leans(text, last, topics[0][1]):
            topics = self._with_last(sentence, text, last, topics)
            intents = self.intents.rank(sentence, topics, others)
        return intents, topics

    def _with_last(self, sentence: Sentence, text: Text, last: Text, alone: List[Ranked]) -> List[Ranked]:
        """The topics with the last one in mind. Nobody asks the same again: a near topic goes before the last one."""
        bonus = self.follow_up.bonus(last, self.topics.names)
        again, _ = self.topics.rank(self.reader.read(self.follow_up.together(text, last)), bonus)
        if again[0][0] == last:
            near, _ = self.topics.rank(sentence, bonus)
            if near[0][0] != last and near[0][1] >= WEAK:
                return near
        return again if again[0][1] > alone[0][1] else alone

    def _question(self, text: Text) -> Dict[Text, Any]:
        intents, topics = self._read(text, None)
        return {"text": text, "intent": _named(intents[:1], "name")[0], "topics": _named(topics, "id")}


def _class_of(example: Message) -> Text:
    """The topic of a question; anything else by its intent, with the kind behind a slash where there are kinds."""
    key = example.get(INTENT_RESPONSE_KEY) or example.get(INTENT)
    return key.split("/", 1)[1] if key.startswith(f"{ASK}/") else key


def _named(pairs: List[Tuple[str, float]], name: Text) -> List[Dict[Text, Any]]:
    return [{name: label, "confidence": round(float(value), 4)} for label, value in pairs]

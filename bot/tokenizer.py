"""Cuts Japanese into tokens for Rasa: offsets into the person's own text, normalised forms as lemmas."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.japanese import JapaneseText, Lexicon


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class JapaneseTokenizer(Tokenizer):
    """spaCy's blank Japanese pipeline in split mode C; the message's text stays as it was typed."""

    def __init__(self, config: Dict[Text, Any]) -> None:
        super().__init__(config)
        self._japanese = JapaneseText(Lexicon.read(Path(config["lexicon"])))

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {
            "lexicon": "knowledge/lexicon.yaml",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "prefix_separator_symbol": None,
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "JapaneseTokenizer":
        return cls({**cls.get_default_config(), **config})

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing in the pipeline learns from tokens: the understanding reads the texts itself."""
        return training_data

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        words = self._japanese.cut(message.get(attribute))
        return [Token(word.text, word.start, lemma=word.lemma) for word in words]

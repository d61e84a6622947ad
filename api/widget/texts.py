"""The words of the widget and its pages, read once from texts.yaml; the scheme itself comes from knowledge/."""

from __future__ import annotations

from pathlib import Path

from api.privacy.periods import periods
from knowledge.loader import Knowledge
from knowledge.schema import AnswerId, Folded, Strict, Text
from knowledge.yaml_file import read_model

HERE = Path(__file__).resolve().parent


class TaskText(Strict):
    """Something that the assistant does, and the words that start it."""

    title: Text
    text: Text
    ask: Text


class PrivacyText(Strict):
    """One line of how records are handled."""

    label: Text
    text: Text


class Texts(Strict):
    """All of texts.yaml. Raises KnowledgeError naming file and line when it is faulty."""

    title: Text
    notice: Folded
    tasks: list[TaskText]
    examples: list[AnswerId]
    about: AnswerId
    limits: list[Text]
    privacy: list[PrivacyText]


def read_texts(knowledge: Knowledge, path: Path = HERE / "texts.yaml") -> Texts:
    """The texts with the regional contact put in."""
    texts = read_model(path, Texts)
    contact = knowledge.contacts["regional"]
    known = {"name": contact.name, "phone": contact.phone, "email": contact.email, "as_of": contact.as_of}
    known |= {name: period.spoken for name, period in periods()}
    privacy = [line.model_copy(update={"text": line.text.format(**known)}) for line in texts.privacy]
    return texts.model_copy(update={"notice": texts.notice.format(**known), "privacy": privacy})

"""The shapes of knowledge/tasks/: what a task asks for and how, and how every task repairs a conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from knowledge.schema import Folded, Status, Strict, Text
from knowledge.schema_dialogue import Kind

AskType = Literal["choice", "checks", "number", "date", "text", "email", "tel"]
TaskId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
FieldId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")]
Operation = Literal[
    "back",
    "stop",
    "resume",
    "why",
    "unknown",
    "person",
    "wrong",
    "restart",
    "confirm",
    "correct",
    "instead",
    "what_if",
    "question",
]


def _readable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"言い方の型として読めません（{error}）。かっこの数などを確かめてください") from error
    return pattern


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """Any of these, anywhere in a text; never, when there are none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


Pattern = Annotated[Text, AfterValidator(_readable)]


class Why(Strict):
    """Why something is asked, with where that comes from."""

    text: Text
    source: Text | None = None
    as_of: Text | None = None
    status: Status = "reference"


class Option(Strict):
    """One way to answer: what the button says, what it means, and how people say it."""

    label: Text
    value: Any
    words: list[Text] = []


class Box(Strict):
    """A box to tick: the answer when it is ticked, and when it is left empty."""

    label: Text
    value: Any
    otherwise: Any
    otherwise_label: Text = "当てはまらない"
    words: list[Text] = []


class Typical(Strict):
    """What is assumed when somebody does not know; `text` is the assumption as people read it."""

    value: Any
    shown: Text
    text: Text


class TaskField(Strict):
    """One fact that a task needs: how it is asked, read, explained and done without."""

    id: FieldId
    label: Text
    called: list[Text] = []
    """What else people call it when they correct it."""
    ask: Folded
    again: Folded | None = None
    """Another way to ask, with an example, after two answers that could not be read."""
    type: AskType
    reader: Text | None = None
    unit: Text | None = None
    accepts: list[Text] = []
    """The units an amount may be in, where `unit` names none."""
    choices: list[Option] = []
    box: Box | None = None
    bundle: Text | None = None
    optional: bool = False
    shown_as: Kind = "question"
    """The kind of message that asks."""
    unread: Folded | None = None
    """What is said to an answer that cannot be read, instead of the common words."""
    quiet: bool = False
    """Not named when the answers so far are said back."""
    on_request: bool = False
    """Never asked by itself, only when somebody wants to change it."""
    shared: bool = False
    """A value given in another task is taken over."""
    fresh: bool = False
    """Another value after the end starts a new round instead of changing the old one."""
    opens: Any = None
    """A value that only leads to this question: it is asked all the same."""
    when: Text | None = None
    """A condition over the other values, e.g. `kind == 'visit'` or `v('S6-1.w_bl') is not None`."""
    cues: list[Pattern] = []
    """Words that show, in any sentence, that this fact is meant."""
    why: Why | None = None
    how_to_find: Text | None = None
    typical: Typical | None = None

    @property
    def reads_with(self) -> str:
        return self.reader or self.type

    @cached_property
    def cue(self) -> re.Pattern[str] | None:
        return re.compile("|".join(self.cues)) if self.cues else None


class BundleChoice(Strict):
    """A button that answers several facts of a bundle at once."""

    label: Text
    values: dict[str, Any]
    words: list[Text] = []


class Bundle(Strict):
    """Facts that people give in one breath, asked in one question."""

    ask: Folded
    again: Folded | None = None
    type: AskType
    none: Text | None = None
    """The box that says that no box fits."""
    none_words: list[Text] = []
    one_for_all: bool = False
    """A single answer holds for all facts of the bundle."""
    choices: list[BundleChoice] = []
    why: Why | None = None


class End(Strict):
    """What is said when everything is known; `{field id}` is replaced by what was understood."""

    kind: Kind = "notice"
    text: Folded


class Task(Strict):
    """A task as data: what it is called, how people start it, what it asks and how it ends."""

    id: TaskId
    title: Text
    starts: list[Pattern] = []
    """Words that ask for this task, whatever else the message says."""
    hints: list[Pattern] = []
    """Words that start it unless the message is clearly a question about the scheme."""
    unless: list[Pattern] = []
    """Words that show that something else is meant than to start this."""
    repairs: dict[Operation, list[Pattern]] = {}
    """How people say a repair with this task's own words: 「予約をやめる」 as the whole message."""
    opening: Folded | None = None
    fields: list[TaskField] = []
    bundles: dict[str, Bundle] = {}
    confirm: Folded | None = None
    """The question under the summary; without it the task ends as soon as everything is known."""
    after: Literal["stay", "close"] = "stay"
    """Whether later messages may still change an answer and get a new result."""
    end: End | None = None
    words: dict[str, list[Pattern]] = {}
    """Words that only this task's own functions look for."""
    texts: dict[str, Folded] = {}
    """What only this task says."""
    options: dict[str, list[Option]] = {}
    settings: dict[str, Any] = {}

    @model_validator(mode="after")
    def _whole(self) -> Task:
        ids = [field.id for field in self.fields]
        if len(ids) != len(set(ids)):
            raise ValueError("同じ id の項目が二つあります。どちらかの id を直してください")
        for field in self.fields:
            if field.bundle and field.bundle not in self.bundles:
                raise ValueError(f"「{field.id}」の bundle「{field.bundle}」が bundles にありません")
        return self

    @cached_property
    def start(self) -> re.Pattern[str]:
        return _any_of(self.starts)

    @cached_property
    def hint(self) -> re.Pattern[str]:
        return _any_of(self.hints)

    @cached_property
    def other(self) -> re.Pattern[str]:
        return _any_of(self.unless)

    @cached_property
    def own_repairs(self) -> dict[str, re.Pattern[str]]:
        return {name: _any_of(found) for name, found in self.repairs.items()}

    def says(self, name: str) -> re.Pattern[str]:
        """The task's own words of that name, as one pattern; one that never matches when there are none."""
        return _any_of(tuple(self.words.get(name, ())))


class Repairs(Strict):
    """How every task hears 「戻る」「なぜ」「わからない」 …, and what it says then."""

    words: dict[Operation, list[Pattern]]
    """For `correct`, `what_if`, `question`: anywhere in the message. For the others: the whole message."""
    texts: dict[str, Folded]
    labels: dict[str, Text]
    tasks: dict[str, Text]
    """How tasks are called that have no file of their own."""

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        return {name: re.compile("|".join(f"(?:{p})" for p in found)) for name, found in self.words.items()}

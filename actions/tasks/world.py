"""What a step may look at, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from actions.readers.common import Context
from actions.tasks.state import Frame, Given, State
from actions.turn import Reply
from core.clock import TOKYO, now
from knowledge.loader import Knowledge
from knowledge.methodology_book import Book, load_book
from knowledge.schema_tasks import Bundle, Option, Task, TaskField

Values = Mapping[str, Given]


@dataclass(frozen=True)
class World:
    """The knowledge, the time, and services by name that only some tasks need (e.g. free slots over loopback)."""

    knowledge: Knowledge
    now: datetime
    services: Mapping[str, Any] = field(default_factory=dict)
    release: str = ""
    talk: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        knowledge: Knowledge,
        context: Mapping[str, Any],
        services: Mapping[str, Any] | None = None,
        talk: Mapping[str, Any] | None = None,
    ) -> World:
        """The world of a turn; its `now` is the turn's, so that the same turn gives the same reply."""
        at = datetime.fromisoformat(context["now"]) if context.get("now") else now()
        return cls(
            knowledge,
            at if at.tzinfo else at.replace(tzinfo=TOKYO),
            services or {},
            str(context.get("release") or ""),
            talk or {},
        )

    @cached_property
    def book(self) -> Book:
        return load_book(self.knowledge.root)

    def context(self, item: TaskField | None = None, values: Values | None = None) -> Context:
        """What a reader is given to read an answer to this field."""
        plain = {name: given.value for name, given in (values or {}).items()}
        if item is None:
            return Context(self.now, knowledge=self.knowledge, values=plain)
        return Context(self.now, item.choices, item.unit, self.knowledge, plain, item.id, item.accepts)

    def choosing(self, options: Sequence[Option]) -> Context:
        """What a reader is given to pick one of these."""
        return Context(self.now, options, knowledge=self.knowledge)


@dataclass(frozen=True)
class Plan:
    """The facts that this task needs now, in the order in which they are asked, and what is asked in one breath."""

    fields: Sequence[TaskField]
    bundles: Mapping[str, Bundle] = field(default_factory=dict)
    confirm: bool = True
    """Whether the task's summary is shown before the end."""

    def get(self, name: str) -> TaskField | None:
        return next((item for item in self.fields if item.id == name), None)


@dataclass(frozen=True)
class Finish:
    """The end of a task: what is said, and the values of a next round of the same task."""

    messages: Sequence[Reply]
    next_values: Mapping[str, Given] | None = None
    forget: bool = False
    """Nothing of what was said is kept."""


@dataclass(frozen=True)
class Outcome:
    """The result of a step: messages, the new state, whether the loop stays open, what the talk remembers."""

    messages: Sequence[Reply]
    state: State
    open: bool
    talk: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Scene:
    """One turn in one task: what the handlers look at."""

    state: State
    frame: Frame
    task: Task
    plan: Plan
    world: World

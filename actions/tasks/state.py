"""What the slot `task` holds: the open tasks, the stopped ones and the last finished ones, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from actions.readers.common import Reading

Stage = Literal["asking", "confirming", "confirmed", "done"]


class Plain(BaseModel):
    """A frozen shape that a slot can hold; unknown keys of an older release are dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Given(Plain):
    """One answer: its value, how it is shown, how sure that is, the assumption when nobody knew.

    `at` counts when it was given, so that 「さっきのは間違い」 finds the latest.
    """

    value: Any = None
    shown: str = ""
    sure: float = 1.0
    assumed: str | None = None
    at: int = 0

    @classmethod
    def of(cls, reading: Reading) -> Given:
        return cls(value=reading.value, shown=reading.shown, sure=reading.sure)


class Frame(Plain):
    """One task under way. `asked`: the fields of the open question; `history`: those answered, question by question."""

    task: str
    values: dict[str, Given] = {}
    asked: tuple[str, ...] = ()
    tries: int = 0
    history: tuple[tuple[str, ...], ...] = ()
    unsure: dict[str, Given] = {}
    """What was understood but waits for a yes."""
    options: tuple[dict[str, Any], ...] = ()
    """The near meanings of an answer that did not decide, as label and value."""
    editing: bool = False
    stage: Stage = "asking"

    def with_values(self, values: Mapping[str, Given]) -> Frame:
        """With answers given now."""
        now = 1 + max((given.at for given in self.values.values()), default=0)
        stamped = {name: given.model_copy(update={"at": now}) for name, given in values.items()}
        return self.model_copy(update={"values": {**self.values, **stamped}})

    def without(self, names: Iterable[str]) -> Frame:
        gone = set(names)
        return self.model_copy(update={"values": {k: v for k, v in self.values.items() if k not in gone}})

    def but(self, **changes: Any) -> Frame:
        return self.model_copy(update=changes)

    def settled(self) -> Frame:
        """Without anything that belongs to one question only."""
        return self.but(tries=0, unsure={}, options=(), editing=False)


class State(Plain):
    """The stack of open tasks (the last one talks), the parked ones, and the last finished one of each task."""

    stack: tuple[Frame, ...] = ()
    parked: tuple[Frame, ...] = ()
    recent: dict[str, Frame] = {}

    @classmethod
    def read(cls, slot: Any) -> State:
        """The state in the slot; an empty one when the slot holds nothing that can be used."""
        try:
            return cls.model_validate(slot or {})
        except ValidationError:
            return cls()

    def as_slot(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def with_top(self, frame: Frame) -> State:
        return self.model_copy(update={"stack": (*self.stack[:-1], frame)})

    def pushed(self, frame: Frame) -> State:
        return self.model_copy(update={"stack": (*self.stack, frame)})

    def popped(self) -> State:
        """Without the top task, which is kept as the last finished one."""
        top = self.stack[-1]
        return self.model_copy(update={"stack": self.stack[:-1], "recent": {**self.recent, top.task: top}})

    def but(self, **changes: Any) -> State:
        return self.model_copy(update=changes)

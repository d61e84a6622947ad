"""Booking a consultation: asks for what the appointment needs; the API books it by the command that is returned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from actions import reply
from actions.readers import appointments
from actions.readers.common import Reading, plain
from actions.tasks.logic import TaskLogic, plan_from_data, register
from actions.tasks.state import Frame
from actions.tasks.world import Finish, Plan, Values, World
from actions.turn import Turn
from knowledge.schema_tasks import Option, Task

Slot = dict[str, Any]
SENT = ("kind", "name", "organization", "email", "phone", "prefecture", "address", "topic")
SURE = 0.95


def plan(task: Task, values: Values, world: World) -> Plan:
    """The file's fields; the buttons of `slot` are free times near the person's wish, or the next ones."""
    planned = plan_from_data(task, values, world)
    kind = values.get("kind")
    if kind is None:
        return planned
    near = _near(_free(world, str(kind.value)), values["wish"].value if "wish" in values else None)
    options = [Option(label=slot["label"], value=slot["id"]) for slot in near[: int(task.settings["shown_slots"])]]
    fields = [item.model_copy(update={"choices": options}) if item.id == "slot" else item for item in planned.fields]
    return Plan(fields, planned.bundles)


def hear(task: Task, turn: Turn, frame: Frame, world: World) -> dict[str, Reading]:
    """A day or a time that the message names: one free slot where it is clear, else a wish that the buttons follow."""
    said, open_still = plain(turn.text), "slot" not in frame.values or "slot" in frame.asked
    wish = appointments.read(turn.text, world.context())
    clock = appointments.clock_of(said)
    if not open_still or not (wish or (clock and "slot" in frame.asked)):
        return {}
    kind = _kind_said(task, said, frame)
    former = frame.values["wish"].value if "wish" in frame.values else None
    near = _near(_free(world, kind), wish.value if wish else former) if kind else []
    named = [slot for slot in near if clock and _clock(slot) == clock.strftime("%H:%M")]
    if named and (wish is None or (wish.value["exact"] and len(named) == 1)):
        return {"slot": Reading(named[0]["id"], SURE, named[0]["label"])}
    return {"wish": Reading(wish.value, SURE, wish.shown)} if wish else {}


def finish(task: Task, values: Values, world: World) -> Finish:
    """The command that books; without consent the way to call instead."""
    contact = world.knowledge.contacts["regional"]
    if values["consent"].value is not True:
        text = task.texts["no_consent"].format(phone=contact.phone, as_of=contact.as_of)
        return Finish([reply.message("notice", text)])
    sent = {name: values[name].value for name in SENT if name in values and values[name].value is not None}
    command = {"type": "book", "slot_id": values["slot"].value, "consent": True, **sent}
    again = reply.choice(task.settings["buttons"]["qualify"], {"type": "task", "task": "qualify"})
    return Finish([reply.message("booking", task.texts["booked"], choices=[again], command=command)])


def _kind_said(task: Task, said: str, frame: Frame) -> str | None:
    if "kind" in frame.values:
        return str(frame.values["kind"].value)
    kind = next(item for item in task.fields if item.id == "kind")
    return next((str(o.value) for o in kind.choices if any(plain(word) in said for word in o.words)), None)


def _free(world: World, kind: str) -> Sequence[Slot]:
    read = world.services.get("free_slots")
    return read(kind) if read else []


def _near(free: Sequence[Slot], wish: dict[str, Any] | None) -> Sequence[Slot]:
    """The free times that fit the wish; else those of the days from then on; without a wish one for each half day."""
    if wish is None:
        return _spread(free)
    return [s for s in free if _fits(s, wish)] or [s for s in free if _day(s).isoformat() >= wish["from"]] or free


def _spread(free: Sequence[Slot]) -> list[Slot]:
    """The first time of each coming half day, so that the buttons differ."""
    first: dict[tuple[date, bool], Slot] = {}
    for slot in free:
        first.setdefault((_day(slot), datetime.fromisoformat(slot["start"]).hour < 12), slot)  # noqa: PLR2004 - noon
    return list(first.values())


def _day(slot: Slot) -> date:
    return datetime.fromisoformat(slot["start"]).date()


def _clock(slot: Slot) -> str:
    return datetime.fromisoformat(slot["start"]).strftime("%H:%M")


def _fits(slot: Slot, wish: dict[str, Any]) -> bool:
    clock = _clock(slot)
    if not wish["from"] <= _day(slot).isoformat() <= wish["to"]:
        return False
    if wish["exact"]:
        return bool(clock == wish["start"])
    return wish["start"] is None or wish["start"] <= clock < (wish["end"] or "24:00")


register("book", TaskLogic(plan=plan, hear=hear, finish=finish))

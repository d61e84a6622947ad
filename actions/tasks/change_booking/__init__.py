"""Seeing, moving and cancelling the bookings of this conversation; the API does it by the command that is returned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from actions import reply
from actions.readers.common import Reading
from actions.tasks.book.times import Slot, hear_time, slot_field
from actions.tasks.logic import TaskLogic, plan_from_data, register
from actions.tasks.state import Frame
from actions.tasks.world import Finish, Plan, Values, World
from actions.turn import Reply, Turn
from knowledge.booking_files import load_booking
from knowledge.schema_booking import Kind
from knowledge.schema_tasks import Option, Task, TaskField

Booked = dict[str, Any]
CARD = ("type", "booking_id", "status", "start", "end", "kind")


def plan(task: Task, values: Values, world: World) -> Plan:
    """Which booking, what to do, the new time, and whether that is right; nothing when there is no booking."""
    own, what = _changeable(world), values["what"].value if "what" in values else None
    if not own or what == "see":
        return Plan([])
    chosen = _chosen(own, values)
    fields = [item for item in plan_from_data(task, values, world).fields if len(own) > 1 or item.id != "booking"]
    if chosen is None:
        fields = [item for item in fields if item.id in ("booking", "what")]
    filled = [_filled(task, item, own, chosen, values, world) for item in fields]
    if what == "move" and not _free(world, chosen):
        filled = [item for item in filled if item.id not in ("slot", "sure")]
    return Plan(filled)


def _filled(
    task: Task, item: TaskField, own: Sequence[Booked], chosen: Booked | None, values: Values, world: World
) -> TaskField:
    if item.id == "booking":
        options = [Option(label=_label(found, world), value=found["booking_id"]) for found in own]
        return item.model_copy(update={"choices": options})
    if chosen is None:
        return item
    if item.id == "slot":
        return slot_field(item, _free(world, chosen), values, _kind(chosen), world)
    if item.id == "what":
        return item.model_copy(update={"ask": item.ask.format(booking=_label(chosen, world))})
    if item.id == "sure":
        what, slot = str(values["what"].value), values.get("slot")
        ask = task.texts[f"sure_{what}"].format(booking=_label(chosen, world), new=slot.shown if slot else "")
        return item.model_copy(update={"ask": ask, "choices": task.options[what]})
    return item


def hear(task: Task, turn: Turn, frame: Frame, world: World) -> dict[str, Reading]:
    """The new time that the message names."""
    chosen = _chosen(_changeable(world), frame.values)
    if chosen is None or ("what" in frame.values and frame.values["what"].value != "move"):
        return {}
    item, free = next(item for item in task.fields if item.id == "slot"), _free(world, chosen)
    return hear_time(slot_field(item, free, frame.values, _kind(chosen), world), turn, frame, free, world)


def finish(task: Task, values: Values, world: World) -> Finish:
    """The command that moves or cancels; the cards for who only looks; the other ways when there is no booking."""
    own = _changeable(world)
    if not own:
        return Finish([_elsewhere(task, world)])
    if "what" not in values or values["what"].value == "see":
        return Finish([_shown(task, found, world) for found in own])
    chosen, what = _chosen(own, values), values["what"].value
    if chosen is None or "sure" not in values:
        contact = world.knowledge.contacts["regional"]
        return Finish([reply.message("notice", task.texts["full"].format(phone=contact.phone, as_of=contact.as_of))])
    if values["sure"].value is not True:
        return Finish([reply.message("notice", task.texts["kept"].format(booking=_label(chosen, world)))])
    command = {"type": f"{'move' if what == 'move' else 'cancel'}_booking", "booking_id": chosen["booking_id"]}
    if what == "move":
        return Finish(
            [reply.message("booking", task.texts["moved"], command=command | {"slot_id": values["slot"].value})]
        )
    again = reply.choice(task.settings["buttons"]["book"], {"type": "task", "task": "book"})
    return Finish([reply.message("booking", task.texts["cancelled"], choices=[again], command=command)])


def _elsewhere(task: Task, world: World) -> Reply:
    """No booking of this conversation can be changed: the link in the mail, or the telephone."""
    contact, buttons = world.knowledge.contacts["regional"], task.settings["buttons"]
    known = "over" if _bookings(world) else "unknown"
    text = task.texts[known].format(phone=contact.phone, as_of=contact.as_of)
    book = reply.choice(buttons["book"], {"type": "task", "task": "book"})
    person = reply.choice(world.knowledge.repairs.labels["person"], {"type": "task", "task": "handoff"})
    return reply.message("notice", text, choices=[book, person])


def _shown(task: Task, found: Booked, world: World) -> Reply:
    change = reply.choice(
        task.settings["buttons"]["change"],
        {"type": "task", "task": task.id, "op": "fresh", "values": {"booking": found["booking_id"]}},
    )
    text = task.texts["see"].format(booking=_label(found, world))
    return reply.message("booking", text, choices=[change], card={name: found[name] for name in CARD})


def _bookings(world: World) -> list[Booked]:
    read = world.services.get("bookings")
    return list(read()) if read else []


def _changeable(world: World) -> list[Booked]:
    return [found for found in _bookings(world) if found["changeable"]]


def _chosen(own: Sequence[Booked], values: Values) -> Booked | None:
    """The booking that is meant; the only one needs no choice."""
    if len(own) == 1:
        return own[0]
    wanted = values["booking"].value if "booking" in values else None
    return next((found for found in own if found["booking_id"] == wanted), None)


def _free(world: World, chosen: Booked | None) -> list[Slot]:
    read = world.services.get("free_slots")
    if chosen is None or read is None:
        return []
    now = datetime.fromisoformat(chosen["start"])
    free = read(_kind(chosen), chosen["booking_id"])
    return [slot for slot in free if datetime.fromisoformat(slot["start"]) != now]


def _kind(found: Booked) -> Kind:
    return "visit" if found["kind"] == "visit" else "web"


def _label(found: Booked, world: World) -> str:
    return f"{found['label']}（{load_booking(world.knowledge.root).texts.kinds[_kind(found)]}）"


register("change_booking", TaskLogic(plan=plan, hear=hear, finish=finish))

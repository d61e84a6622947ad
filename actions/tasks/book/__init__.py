"""Booking a consultation: asks for what the appointment needs; the API books it by the command that is returned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import reply
from actions.readers import places
from actions.readers.common import Reading, plain
from actions.tasks.book.subject import suggestions
from actions.tasks.book.times import LATER, Slot, hear_time, period_of, slot_field
from actions.tasks.logic import TaskLogic, plan_from_data, register
from actions.tasks.state import Frame
from actions.tasks.world import Finish, Plan, Values, World
from actions.turn import Reply, Turn
from core.errors import InvalidInput
from knowledge.booking_files import load_booking
from knowledge.schema_booking import Kind
from knowledge.schema_tasks import Option, Task, TaskField

SENT = ("kind", "name", "organization", "email", "phone", "prefecture", "address", "topic")
LINES = ("name", "organization", "address")


def plan(task: Task, values: Values, world: World) -> Plan:
    """The file's fields, with free times, a topic from the conversation, and Web会議 for places that nobody visits."""
    planned = plan_from_data(task, values, world)
    if "consent" in values and values["consent"].value is not True:
        return Plan(planned.fields, planned.bundles, confirm=False)
    if (kind := _kind(values)) is None:
        return planned
    free = free_times(world, kind)
    if not free and _slot_of(values) is None:
        return Plan([item for item in planned.fields if item.id == "kind"], confirm=False)
    return Plan([_filled(task, item, free, values, kind, world) for item in planned.fields], planned.bundles)


def _filled(task: Task, item: TaskField, free: Sequence[Slot], values: Values, kind: Kind, world: World) -> TaskField:
    if item.id == "slot":
        return slot_field(item, free, values, kind, world)
    if item.id == "kind" and _is_outside(values, world):
        return _without_visit(task, item, world)
    if item.id == "topic" and (found := suggestions(task, world)):
        return item.model_copy(update={"choices": found, "ask": task.texts["topic_known"]})
    return item


def _without_visit(task: Task, item: TaskField, world: World) -> TaskField:
    """Asks for another way to meet, with the national desk."""
    book, desk = load_booking(world.knowledge.root), world.knowledge.contacts["national"]
    area = "・".join(period_of(book, world.now.date()).visit_area)
    text = task.texts["outside"].format(area=area, name=desk.name, phone=desk.phone, as_of=desk.as_of)
    web = next(option for option in item.choices if option.value == "web")
    agreed = Option(label=task.settings["buttons"]["web"], value="web", words=[*web.words, *task.settings["agreed"]])
    return item.model_copy(update={"opens": "visit", "ask": text, "again": text, "choices": [agreed]})


def hear(task: Task, turn: Turn, frame: Frame, world: World) -> dict[str, Reading]:
    """A time that the message names, and the place of a visit."""
    said = plain(turn.text)
    kind = _kind_said(task, said, frame)
    slot = next(item for item in task.fields if item.id == "slot")
    free = free_times(world, kind) if kind else []
    shown = slot_field(slot, free, frame.values, kind, world) if kind else slot
    return {**hear_time(shown, turn, frame, free, world), **_place_said(turn, frame, kind, world)}


def _place_said(turn: Turn, frame: Frame, kind: Kind | None, world: World) -> dict[str, Reading]:
    """The prefecture that a visit goes to, while that is open."""
    known = "prefecture" in frame.values and not _is_outside(frame.values, world)
    if kind != "visit" or known or "prefecture" in frame.asked or not set(frame.asked) <= {"kind", "slot"}:
        return {}
    found = places.read_prefecture(turn.text, world.context())
    return {"prefecture": found} if found and found.sure >= 0.8 and found.value else {}


def finish(task: Task, values: Values, world: World) -> Finish:
    """The command that books; without consent or free times the way to call instead. Raises InvalidInput."""
    if "consent" in values and values["consent"].value is not True:
        return Finish([_by_phone(task, "no_consent", world)], forget=True)
    if "slot" not in values:
        return Finish([_by_phone(task, "full", world)])
    sent = {name: values[name].value for name in SENT if name in values and values[name].value is not None}
    sent |= {name: " ".join(str(sent[name]).split()) for name in LINES if name in sent}
    for name, most in task.settings["longest"].items():
        if len(str(sent.get(name, ""))) > most:
            reason = task.texts["too_long"].format(most=most)
            raise InvalidInput(reason, code="too_long", fields={name: reason})
    command = {"type": "book", "slot_id": values["slot"].value, "consent": True, **sent}
    again = reply.choice(task.settings["buttons"]["qualify"], {"type": "task", "task": "qualify"})
    change = reply.choice(task.settings["buttons"]["change"], {"type": "task", "task": "change_booking"})
    return Finish([reply.message("booking", task.texts["booked"], choices=[again, change], command=command)])


def known_bookings(task: Task, values: Values, world: World) -> list[Reply]:
    """An appointment that this conversation has already is named first."""
    read = world.services.get("bookings")
    own = [found for found in (read() if read else []) if found["changeable"]]
    if not own:
        return []
    text = task.texts["already"].format(bookings="、".join(found["label"] for found in own))
    change = reply.choice(task.settings["buttons"]["change"], {"type": "task", "task": "change_booking"})
    return [reply.message("notice", text, choices=[change])]


def hold(before: Frame | None, after: Frame) -> dict[str, Any] | None:
    """A time that was just chosen is held while the rest is asked."""
    slot, kind = _slot_of(after.values), _kind(after.values)
    if slot is None or kind is None or after.stage == "done" or (before and _slot_of(before.values) == slot):
        return None
    return {"type": "hold", "slot_id": slot, "kind": kind}


def free_times(world: World, kind: Kind) -> Sequence[Slot]:
    """The free times of a kind; none when nobody can be asked."""
    read = world.services.get("free_slots")
    return read(kind) if read else []


def _by_phone(task: Task, text: str, world: World) -> Reply:
    contact = world.knowledge.contacts["regional"]
    person = reply.choice(world.knowledge.repairs.labels["person"], {"type": "task", "task": "handoff"})
    return reply.message("notice", task.texts[text].format(phone=contact.phone, as_of=contact.as_of), choices=[person])


def _is_outside(values: Values, world: World) -> bool:
    kind, place = _kind(values), values.get("prefecture")
    area = period_of(load_booking(world.knowledge.root), world.now.date()).visit_area
    return kind == "visit" and place is not None and place.value not in area


def _kind(values: Values) -> Kind | None:
    given = values.get("kind")
    return None if given is None else "visit" if given.value == "visit" else "web"


def _slot_of(values: Values) -> str | None:
    given = values.get("slot")
    return None if given is None or str(given.value).startswith(LATER) else str(given.value)


def _kind_said(task: Task, said: str, frame: Frame) -> Kind | None:
    item = next(item for item in task.fields if item.id == "kind")
    named = next((str(o.value) for o in item.choices if any(plain(word) in said for word in o.words)), None)
    if "kind" in frame.values and not ("kind" in frame.asked and named):
        return _kind(frame.values)
    return None if named is None else "visit" if named == "visit" else "web"


register("book", TaskLogic(plan=plan, hear=hear, finish=finish, open=known_bookings, keep=hold))

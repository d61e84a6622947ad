"""A person instead of the assistant: telephone, e-mail and booking at once; a message is passed on to staff."""

from __future__ import annotations

from actions import reply
from actions.tasks.logic import TaskLogic, register
from actions.tasks.world import Finish, Values, World
from actions.turn import Reply
from knowledge.schema_tasks import Task


def contacts(task: Task, values: Values, world: World) -> list[Reply]:
    """The desk with the date of what we know about it, and the button that books; the inquiry waits for staff."""
    return [reply.phrase(world.knowledge, "handoff", command={"type": "handoff"})]


def passed_on(task: Task, values: Values, world: World) -> Finish:
    """Tells that the message was passed on; the API puts the conversation into the staff's queue."""
    contact, message = world.knowledge.contacts["regional"], values["message"]
    text = task.texts["done"].format(message=message.shown, phone=contact.phone, as_of=contact.as_of)
    book = reply.choice(task.settings["buttons"]["book"], {"type": "task", "task": "book"})
    command = {"type": "handoff", "message": message.value}
    return Finish([reply.message("handoff", text, choices=[book], command=command)])


register("handoff", TaskLogic(finish=passed_on, open=contacts))

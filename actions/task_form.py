"""Rasa's action `validate_task_form`: every turn of an open task, and the one that starts it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet

from actions.guard import guarded
from actions.release import current_knowledge
from actions.services import services
from actions.tasks.engine import step
from actions.tasks.state import State
from actions.tasks.world import World
from actions.turn import Turn


class ValidateTaskForm(Action):  # type: ignore[misc]  # rasa-sdk has no types
    """Reads intent, text, choice and `task`; answers, asks, goes back, switches or stops. Writes nothing."""

    def name(self) -> str:
        return "validate_task_form"

    @guarded(seconds=6)
    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        turn = Turn.from_tracker(tracker)
        knowledge = current_knowledge(turn.context.get("release"))
        world = World.of(knowledge, turn.context, services(tracker.sender_id), turn.talk)
        outcome = step(turn, State.read(turn.task), world)
        for said in outcome.messages:
            dispatcher.utter_message(json_message=said)
        remembered = [] if outcome.talk is None else [SlotSet("talk", dict(outcome.talk))]
        return [
            SlotSet("task", outcome.state.as_slot()),
            SlotSet("reply", None),
            SlotSet("requested_slot", "reply" if outcome.open else None),
            *remembered,
        ]

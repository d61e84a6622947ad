"""Rasa's action `action_answer`: one turn outside a task."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction, SlotSet

from actions.answering import answer_turn
from actions.guard import guarded
from actions.release import current_knowledge
from actions.tasks.engine import belongs_here
from actions.tasks.qualify.door import with_check
from actions.tasks.world import World
from actions.turn import Turn


class ActionAnswer(Action):  # type: ignore[misc]  # rasa-sdk has no types
    """Answers from knowledge/ with source, date and status; declines what is not there."""

    def name(self) -> str:
        return "action_answer"

    @guarded(seconds=6)
    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        turn = Turn.from_tracker(tracker)
        knowledge = current_knowledge(turn.context.get("release"))
        if belongs_here(turn, World.of(knowledge, turn.context)):
            return [FollowupAction("task_form")]
        messages, talk = answer_turn(turn, knowledge)
        for said in with_check(turn, messages, knowledge):
            dispatcher.utter_message(json_message=said)
        return [SlotSet("talk", talk)]

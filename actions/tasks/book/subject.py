"""What the consultation is likely about, from the conversation's results and its last topic."""

from __future__ import annotations

from typing import Any

from actions.tasks.world import World
from knowledge.schema_tasks import Option, Task


def suggestions(task: Task, world: World) -> list[Option]:
    """At most one topic to agree to: the newest result, else the last question that was answered."""
    read = world.services.get("cases")
    cases = read() if read else []
    text = next((text for case in cases if (text := _of_case(task, case, world))), None) or _of_talk(task, world)
    return [Option(label=text, value=text, words=list(task.settings["agreed"]))] if text else []


def _of_case(task: Task, case: dict[str, Any], world: World) -> str | None:
    ids = case.get("methodology_ids") or [case.get("methodology_id")]
    names = [found.name for i in ids if i and (found := world.book.methodologies.get(i))]
    if case.get("type") == "verdict":
        verdict = task.settings["verdicts"].get(case.get("verdict"), "")
        return task.texts["topic_verdict"].format(name="・".join(names) or task.texts["your_plan"], verdict=verdict)
    if case.get("type") == "estimate":
        tonnes = case.get("creditable_tco2")
        return task.texts["topic_estimate"].format(name="・".join(names) or task.texts["your_plan"], tonnes=tonnes)
    return None


def _of_talk(task: Task, world: World) -> str | None:
    topic = str(world.talk.get("topic") or "")
    if found := world.knowledge.answers.get(topic):
        return task.texts["topic_answer"].format(question=found.question)
    return None

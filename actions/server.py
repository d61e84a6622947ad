"""The action server: one process, loopback only, no CORS."""

from __future__ import annotations

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.answer import ActionAnswer
from actions.release import current_knowledge
from actions.task_form import ValidateTaskForm
from core.logs import configure_logs
from core.settings import Settings
from knowledge.methodology_book import load_book
from knowledge.screening_book import load_screening


def preload() -> None:
    """Reads all knowledge before the first turn, so that the first person does not wait for it."""
    root = current_knowledge().root
    load_book(root)
    load_screening(root)


def main() -> None:
    """Serves until stopped."""
    settings = Settings()
    configure_logs("actions", settings)
    executor = ActionExecutor()
    for action in (ActionAnswer, ValidateTaskForm):
        executor.register_action(action)
    preload()
    app = create_app(executor, cors_origins=[])
    app.run(host="127.0.0.1", port=settings.actions_port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()

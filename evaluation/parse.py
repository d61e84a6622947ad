"""Understands many texts in one process, with the trained model, as the channel does. Runs in Rasa's environment.

Standard input: a JSON list of {"text", "topic"?}; the result, a list of parses, goes to the file named first.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
KEPT = ("intent", "intent_ranking", "entities", "topics", "questions")


def main(target: str) -> None:
    """Parses everything and writes the parses with the milliseconds that each took."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    from bot import quiet_logs
    from bot.channel import plain

    quiet_logs.install()
    wanted = json.load(sys.stdin)
    agent = Agent.load(os.environ["MODEL_PATH"])

    async def all_of_them() -> list[dict[str, object]]:
        parses = []
        for item in wanted:
            said = UserMessage(plain(item["text"]), metadata={"topic": item.get("topic")})
            started = time.perf_counter()
            parse = await agent.processor.parse_message(said)
            took = (time.perf_counter() - started) * 1000
            parses.append({**{key: parse.get(key) for key in KEPT}, "ms": took})
        return parses

    Path(target).write_text(json.dumps(asyncio.run(all_of_them()), ensure_ascii=False, default=float), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])

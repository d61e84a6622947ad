"""`python -m api.privacy`: does the night's work now, on a house that runs or stands still."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict

from api.app import create_app
from api.chat.rasa import TurnFailed
from core.logs import configure_logs
from core.settings import Settings


async def tidy() -> int:
    """Prints how much was taken."""
    settings = Settings()
    configure_logs("privacy", settings)
    app = create_app(settings)
    try:
        taken = await app.state.privacy.nightly.tidy()
    except TurnFailed:
        print("対話の状態を消せませんでした。make run で起動してから、もう一度お試しください。", file=sys.stderr)
        return 1
    finally:
        await app.state.chat.rasa.close()
    print(json.dumps(asdict(taken), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(tidy()))

"""The worker of a channel's line: it stops when it is told to."""

from __future__ import annotations

import asyncio
from typing import Any

from api.channels.models import Arrival
from api.channels.worker import LineWorker


class NothingWaits:
    async def writing(self, *_: Any) -> list[Any]:
        return []


async def nothing(_: int) -> None:
    return None


def test_a_stop_that_meets_new_work_is_not_lost():
    async def stopped() -> bool:
        worker = LineWorker(NothingWaits(), Arrival, nothing)  # type: ignore[arg-type]  # only what the worker uses
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(0.05)
        worker.wake()
        running.cancel()
        done, _ = await asyncio.wait({running}, timeout=2)
        return bool(done)

    assert asyncio.run(stopped())

"""LINE's API fails, or we are killed: nothing is lost, nothing is said twice, the order stays."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.channels.conftest import SECRET, LinePerson, until
from tests.api.channels.line.test_webhook import settled
from tests.api.channels.standin import LineStandIn, served
from tests.soak import count

ROOT = Path(__file__).parents[4]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("status", [429, 500])
def test_a_failing_platform_loses_nothing_and_keeps_the_order(
    app: Any, line: LineStandIn, rasa: Any, status: int
) -> None:
    person = LinePerson(app.state.url)
    line.fail_with, line.fail_until = status, time.monotonic() + count(3, 65)
    for number in range(5):
        rasa.messages = [{**rasa.messages[0], "text": f"{number}番目の答え"}]
        person.deliver(person.text(f"{number}番目"))
        until(lambda number=number: len(rasa.sent) == number + 1)  # type: ignore[misc]
    until(lambda: settled(app), seconds=count(60, 400))
    assert line.texts() == [f"{number}番目の答え" for number in range(5)]
    assert line.faults == []


class Rasa:
    """Rasa as another process would be: slow enough to be killed in the middle of a turn."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.app.add_api_route("/webhooks/turn/ready", lambda: {"model": "m"}, methods=["GET"])
        self.app.add_api_route("/webhooks/turn/turn", self._turn, methods=["POST"])

    def _turn(self, body: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.3)
        message = {"kind": "answer", "text": f"答え: {body['text']}", "knowledge": [], "sources": [], "choices": []}
        parse = {"intent": {"name": "ask", "confidence": 0.9}}
        return {"messages": [message], "parse": parse, "slots": {}, "model": "m"}


def started(settings: dict[str, str], url: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-m", "api.server"], env=settings, stdout=subprocess.DEVNULL)
    for _ in range(600):
        assert process.poll() is None
        try:
            if httpx.get(f"{url}/healthz", timeout=1).status_code == 200:
                return process
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError("the API did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.timeout(300)
def test_a_kill_between_the_200_and_the_reply_still_brings_it_once(tmp_path: Path) -> None:
    line, rasa, port = LineStandIn(), Rasa(), free_port()
    url, rounds = f"http://127.0.0.1:{port}", count(3, 20)
    with served(line.app) as line_url, served(rasa.app) as rasa_url:
        settings = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(tmp_path),
            "PORT": str(port),
            "RASA_URL": rasa_url,
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "token",
            "LINE_API_BASE": line_url,
        }
        migrate = [sys.executable, "-m", "alembic", "-c", str(ROOT / "api/db/alembic.ini"), "upgrade", "head"]
        subprocess.run(migrate, env=settings, check=True, capture_output=True)
        for number in range(rounds):
            process, person = started(settings, url), LinePerson(url, f"U{number}")
            assert person.deliver(person.text(f"{number}回目")).status_code == 200
            time.sleep(0.07 * number)
            process.send_signal(signal.SIGKILL)
            process.wait()
        process = started(settings, url)
        until(lambda: len(line.said) >= rounds, seconds=60)
        time.sleep(1)
        process.kill()
        process.wait()
    assert sorted(line.texts()) == sorted(f"答え: {number}回目" for number in range(rounds))
    assert line.faults == []

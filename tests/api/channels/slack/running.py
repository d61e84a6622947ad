"""The API as a process of its own, with a stand-in for Rasa that says every text back."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.api.channels.slack.payloads import SECRET
from tests.api.channels.slack.stand_in import TOKEN, Slack
from tests.api.conftest import said

ROOT = Path(__file__).parents[4]


class EchoRasa:
    """Says back what it was told; `hold` keeps it from answering."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.texts: list[str] = []
        self.hold = threading.Event()
        self.hold.set()

    def turn(self, body: dict[str, Any]) -> dict[str, Any]:
        self.texts.append(body["text"])
        self.hold.wait(30)
        parse = {"intent": {"name": "ask", "confidence": 0.9}, "topics": []}
        return {"messages": [said(text=f"返事：{body['text']}")], "parse": parse, "slots": {}, "model": "m"}


@contextmanager
def echo_rasa() -> Iterator[EchoRasa]:
    """The stand-in on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._say(rasa.turn(body))

        def do_GET(self) -> None:
            self._say({})

        def do_DELETE(self) -> None:
            self._say({})

        def _say(self, answer: dict[str, Any]) -> None:
            raw = json.dumps(answer).encode()
            try:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
            except OSError:  # the API was killed while it waited
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    rasa = EchoRasa(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield rasa
    finally:
        rasa.hold.set()
        server.shutdown()
        server.server_close()


class Api:
    """The real API on one DATA_DIR, to be started, killed and started again."""

    def __init__(self, data: Path, slack: Slack, rasa: EchoRasa, **changes: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url, self.data, self.log = f"http://127.0.0.1:{self.port}", data, data / "api.log"
        self.settings = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(data),
            "PORT": str(self.port),
            "REQUESTS_PER_MINUTE": "1000000",
            "TURNS_PER_MINUTE": "1000000",
            "RASA_URL": rasa.url,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_BASE": slack.api,
        } | changes
        words = (sys.executable, "-m", "alembic", "-c", str(ROOT / "api/db/alembic.ini"), "upgrade", "head")
        subprocess.run(words, env=self.settings, check=True, capture_output=True)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        with self.log.open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", "api.server"], env=self.settings, stdout=log, stderr=log)
        try:
            self._wait(process)
            yield process
        finally:
            process.kill()
            process.wait()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(1200):
            assert process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                if httpx.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the API did not start")

"""A stand-in for Slack's Web API and response_urls: takes what Slack would take, keeps it, and fails as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, Option

from api.channels.slack import limits

TOKEN = "xoxb-for-tests"
READ = {"conversations.history", "conversations.replies"}
METHODS = {"chat.postMessage", "chat.update"}
BROKEN = {"ok": False, "error": "internal_error"}
ARGUMENTS = {
    "channel",
    "text",
    "blocks",
    "thread_ts",
    "ts",
    "parse",
    "link_names",
    "mrkdwn",
    "unfurl_links",
    "unfurl_media",
    "client_msg_id",
    "metadata",
}


@dataclass
class Call:
    """One call that was accepted."""

    method: str
    body: dict[str, Any]
    ts: str

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))


@dataclass
class Fault:
    """What is answered instead: `times` calls, or every call until a moment."""

    status: int
    times: int = 0
    until: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None


class Slack:
    """Accepted calls in order, refused ones with their reason, and how often it was called."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.api = f"{url}/api/"
        self.calls: list[Call] = []
        self.wrong: list[str] = []
        self.failed = 0
        self.waiting = 0
        self.seen: list[float] = []
        self.fault: Fault | None = None
        self.hold = threading.Event()
        self.hold.set()
        self._lock = threading.Lock()
        self._used: dict[str, int] = {}
        self.ids: list[str] = []

    def response_url(self, name: str) -> str:
        return f"{self.url}/commands/{name}"

    def posts(self, channel: str | None = None) -> list[Call]:
        """New messages, in order."""
        said = [c for c in self.calls if c.method != "chat.update" and not c.body.get("replace_original")]
        return [call for call in said if channel is None or call.body.get("channel") == channel]

    def answer(self, path: str, token: str | None, body: Any) -> tuple[int, dict[str, str], dict[str, Any]]:
        with self._lock:
            self.waiting += 1
        self.hold.wait(30)
        with self._lock:
            self.waiting -= 1
            self.seen.append(time.monotonic())
            if fault := self._due():
                self.failed += 1
                return fault.status, fault.headers, fault.body if fault.body is not None else BROKEN
            if path.startswith("/commands/"):
                return self._respond(path, body)
            return self._call(path.removeprefix("/api/"), token, body)

    def _due(self) -> Fault | None:
        fault = self.fault
        if fault is None or (fault.until and time.monotonic() > fault.until):
            self.fault = None
            return None
        if not fault.until:
            fault.times -= 1
            self.fault = fault if fault.times > 0 else None
        return fault

    def _call(self, method: str, token: str | None, body: Any) -> tuple[int, dict[str, str], dict[str, Any]]:
        if token != f"Bearer {TOKEN}":
            return 200, {}, {"ok": False, "error": "invalid_auth"}
        if method in READ:
            return 200, {}, self._read(method, body)
        faults = [] if method in METHODS else [f"unknown method {method}"]
        faults += [f"unknown argument {key}" for key in body if key not in ARGUMENTS]
        faults += [] if str(body.get("channel", ""))[:1] in ("C", "D", "G", "U") else ["channel_not_found"]
        faults += [] if method != "chat.update" or body.get("ts") else ["message_not_found"]
        if key := body.get("client_msg_id"):
            self.ids.append(key)
        return self._judge(method, body, faults)

    def _read(self, method: str, query: dict[str, Any]) -> dict[str, Any]:
        """What stands in a channel or a thread, where the app may read: in direct messages."""
        if not query["channel"].startswith("D"):
            return {"ok": False, "error": "missing_scope", "needed": "channels:history", "provided": "im:history"}
        thread = query.get("ts") if method == "conversations.replies" else None
        there = [c for c in self.posts(query["channel"]) if c.body.get("thread_ts") == thread]
        return {"ok": True, "messages": [{"ts": c.ts, "metadata": c.body.get("metadata")} for c in there]}

    def _respond(self, path: str, body: Any) -> tuple[int, dict[str, str], dict[str, Any]]:
        self._used[path] = self._used.get(path, 0) + 1
        if self._used[path] > limits.RESPONSE_URL_USES:
            return 404, {}, {"ok": False, "error": "used_url"}
        allowed = {"text", "blocks", "response_type", "replace_original", "unfurl_links", "unfurl_media"}
        faults = [f"unknown argument {key}" for key in body if key not in allowed]
        faults += [] if body.get("response_type") in ("ephemeral", None) else ["everybody would see it"]
        return self._judge(path, body, faults)

    def _judge(self, method: str, body: Any, faults: list[str]) -> tuple[int, dict[str, str], dict[str, Any]]:
        faults += wrongs(body)
        if faults:
            self.wrong += faults
            return (
                404 if method.startswith("/commands/") else 200,
                {},
                {"ok": False, "error": "invalid_blocks", "errors": faults},
            )
        ts = body.get("ts") or f"{1_800_000_000 + len(self.calls)}.000100"
        self.calls.append(Call(method, body, ts))
        return 200, {}, {"ok": True, "channel": body.get("channel"), "ts": ts}


def wrongs(body: dict[str, Any]) -> list[str]:
    """What Slack would not take: the SDK's own checks, and the limits that it does not check."""
    blocks = body.get("blocks") or []
    found = [] if body.get("text") else ["no_text"]
    found += ["text is too long"] if len(body.get("text", "")) > 40_000 else []
    if metadata := body.get("metadata"):
        found += [] if set(metadata) == {"event_type", "event_payload"} else ["metadata of another shape"]
    found += ["too many blocks"] if len(blocks) > limits.BLOCKS else []
    found += ["msg_too_long"] if sum(map(_words, blocks)) > 13_200 else []
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    found += ["block_id is not unique"] if len(ids) != len(set(ids)) else []
    for block in blocks:
        found += _wrongs_of(block)
    return found


def _wrongs_of(block: dict[str, Any]) -> list[str]:
    try:
        parsed = Block.parse(block)
        if parsed is None:
            return [f"unknown block {block.get('type')}"]
        parsed.validate_json()
        again = parsed.to_dict()
    except (SlackObjectFormationError, TypeError, ValueError) as error:
        return [f"{block.get('type')}: {error}"]
    found = [] if again == block else [f"{block.get('type')}: the SDK reads something else"]
    if _words(block) > limits.BLOCK_TEXT and block["type"] in ("rich_text", "section"):
        found.append("a block is too long")
    return found + _wrongs_inside(block)


def _wrongs_inside(block: dict[str, Any]) -> list[str]:
    found: list[str] = []
    elements = block.get("elements", [])
    if block["type"] in ("rich_text", "actions", "context") and not elements:
        found.append("no elements")
    names = [e["action_id"] for e in elements if "action_id" in e]
    found += ["action_id is not unique"] if len(names) != len(set(names)) else []
    for element in _all(block):
        if element.get("type") == "checkboxes":
            found += [] if 1 <= len(element["options"]) <= 10 else ["1 to 10 boxes"]
            for option in element["options"]:
                Option(**option).validate_json()
                found += [] if len(option.get("description", {}).get("text", "")) <= 75 else ["long description"]
        if element.get("type") in ("text", "plain_text", "mrkdwn") and not element.get("text"):
            found.append("empty text")
        if element.get("type") == "link" and not element["url"].startswith(("https://", "http://")):
            found.append("a link without an address")
        if element.get("type") in ("user", "usergroup", "broadcast", "channel"):
            found.append("a mention")
        if element.get("type") == "mrkdwn" and ("<!" in element["text"] or "<@" in element["text"]):
            found.append("a mention")
    return found


def _all(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _all(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _all(inner)


def _words(block: dict[str, Any]) -> int:
    return sum(len(e["text"]) for e in _all(block) if isinstance(e.get("text"), str))


@contextmanager
def running_slack() -> Iterator[Slack]:
    """The stand-in on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            self._say(path, dict(parse_qsl(query)))

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._say(self.path, json.loads(raw or b"{}"))

        def _say(self, path: str, sent: Any) -> None:
            status, headers, body = slack.answer(path, self.headers.get("Authorization"), sent)
            said = json.dumps(body).encode()
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    slack = Slack(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield slack
    finally:
        slack.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()

"""Makes one script of the widget's sources: texts and style put in, comments and indents left out."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.widget.texts import Texts

HERE = Path(__file__).resolve().parent
ORDER = (
    "options",
    "dom",
    "format",
    "network",
    "store",
    "cards",
    "ask",
    "message",
    "panel",
    "state_line",
    "conversation",
    "assistant",
    "start",
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s*([{};,>])\s*|:\s+")


@dataclass(frozen=True)
class Asset:
    """A file as it is sent: plain, compressed, and its tag."""

    body: bytes
    compressed: bytes
    etag: str

    @classmethod
    def of(cls, text: str) -> Asset:
        """The asset with this text."""
        body = text.encode()
        return cls(body, gzip.compress(body, 9, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:24]}"')


def widget_script(texts: Texts, public_url: str) -> Asset:
    """The whole widget; `public_url` is what the server calls itself in its links."""
    shown = json.dumps({"title": texts.title, "notice": texts.notice, "server": public_url}, ensure_ascii=False)
    style = json.dumps(_small_style((HERE / "widget.css").read_text("utf-8")), ensure_ascii=False)
    return Asset.of(f'(()=>{{"use strict";\nconst TEXTS={shown};\nconst STYLE={style};\n{_sources()}}})();\n')


@cache
def file_asset(name: str) -> Asset:
    """One of the pages' files as it lies in this folder."""
    return Asset.of((HERE / name).read_text("utf-8"))


def _sources() -> str:
    lines = [
        line.strip()
        for name in ORDER
        for line in (HERE / "src" / f"{name}.js").read_text("utf-8").splitlines()
        if line.strip() and not line.strip().startswith("//")
    ]
    return "".join(f"{line}\n" for line in lines)


def _small_style(css: str) -> str:
    return SPACE.sub(lambda m: m[1] or ":", COMMENT.sub("", css)).strip()

"""Replies of every kind as Slack gets them, compared with files that were looked at. UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.channels.slack.render import Renderer
from api.chat.contract import Message
from tests.api.channels.slack.stand_in import wrongs

HERE = Path(__file__).parent
REPLIES: dict[str, Any] = yaml.safe_load((HERE.parent / "replies.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_looks_as_it_was_approved(name: str) -> None:
    posts = Renderer("https://soudan.example.jp").render(Message(**REPLIES[name]))
    assert [wrong for post in posts for wrong in wrongs(post)] == []
    path = HERE / "golden" / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(posts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert posts == json.loads(path.read_text(encoding="utf-8"))


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (HERE / "golden").glob("*.json")} == set(REPLIES)

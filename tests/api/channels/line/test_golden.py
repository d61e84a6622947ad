"""Replies of every kind as LINE gets them, compared with files that were looked at. UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from linebot.v3.messaging import PushMessageRequest

from api.channels.line import limits
from api.channels.line.render import payloads
from api.chat.contract import Message
from tests.api.channels.standin import faults_of

HERE = Path(__file__).parent
REPLIES: dict[str, Any] = yaml.safe_load((HERE.parent / "replies.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_looks_as_it_was_approved(name: str) -> None:
    shown = payloads([Message(**REPLIES[name])], "https://soudan.example.jp")
    PushMessageRequest.from_dict({"to": "U1", "messages": shown[: limits.MESSAGES_A_CALL]})
    assert [fault for one in shown for fault in faults_of(one)] == []
    path = HERE / "golden" / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert shown == json.loads(path.read_text(encoding="utf-8"))


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (HERE / "golden").glob("*.json")} == set(REPLIES)


def test_long_words_are_split_in_utf_16_units_and_nothing_is_lost() -> None:
    words = "".join(f"行{number}は😀{'あ' * 90}。\n" for number in range(300))
    pieces = limits.split(words)
    assert all(0 < limits.units(piece) <= limits.TEXT_UNITS for piece in pieces)
    assert "".join(pieces).replace("\n", "") == words.replace("\n", "")
    endless = limits.split("😀" * 6000)
    assert all(limits.units(piece) <= limits.TEXT_UNITS for piece in endless)
    assert "".join(endless) == "😀" * 6000


def test_more_choices_than_buttons_are_listed_in_words() -> None:
    choices = [{"id": f"{number:032x}", "label": f"選択肢{number}"} for number in range(20)]
    ask = {"field": "C01", "type": "choice"}
    (shown,) = payloads([Message(**(REPLIES["greeting"] | {"choices": choices, "ask": ask}))])
    assert len(shown["quickReply"]["items"]) == limits.QUICK_REPLIES
    assert "20. 選択肢19" in shown["text"]


def test_several_answers_share_the_one_row_of_buttons_and_are_numbered_through() -> None:
    def answer(*labels: str) -> Message:
        choices = [{"id": f"{label}-{place}", "label": label} for place, label in enumerate(labels)]
        return Message(**(REPLIES["answer"] | {"choices": choices}))

    first, second = answer("くわしく", "制度に関わるのはだれですか"), answer("くわしく".ljust(21, "く"))
    shown = payloads([first, second])
    labels = [item["action"]["label"] for item in shown[-1]["quickReply"]["items"]]
    assert labels[:2] == ["1. くわしく", "2. 制度に関わるのはだれですか"]
    assert "3. くわしくく" in shown[-1]["text"]
    asking = Message(
        **(REPLIES["greeting"] | {"choices": [{"id": "a", "label": "はい"}], "ask": {"type": "choice", "field": "C01"}})
    )
    shown = payloads([first, second, asking])
    assert [item["action"]["label"] for item in shown[-1]["quickReply"]["items"]] == ["はい"]
    assert "3. くわしく" not in shown[1]["text"]

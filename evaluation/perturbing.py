"""Spells a question as people also would: wide, narrow, mistyped, bare, politely, in dialect. The same every time."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import jaconv
import yaml

from bot.slips import mistyped
from evaluation.questions import Question

WAYS = yaml.safe_load((Path(__file__).with_name("perturbations.yaml")).read_text("utf-8"))
PUNCTUATION = re.compile(r"[、。？?！!「」『』・…,\s]+")


def perturbed(questions: list[Question]) -> list[Question]:
    """Every question in every way that changes it."""
    spelled = ((q, how, spell(q.text, chance(q, how))) for q in questions for how, spell in SPELLINGS.items())
    return [q.said(text, how) for q, how, text in spelled if text != q.text]


def chance(question: Question, how: str) -> random.Random:
    """Chance that falls the same way for the same question."""
    return random.Random(zlib.crc32(f"{question.id}/{how}".encode()))


def wide(text: str, _: random.Random) -> str:
    return jaconv.h2z(text, kana=True, ascii=True, digit=True)


def narrow(text: str, _: random.Random) -> str:
    return jaconv.z2h(text, kana=True, ascii=True, digit=True)


def bare(text: str, _: random.Random) -> str:
    return PUNCTUATION.sub(" ", text).strip()


def politely(text: str, dice: random.Random) -> str:
    return str(dice.choice(WAYS["polite"])) + text


def dialect(text: str, dice: random.Random) -> str:
    """The ending of a question as people in the Chugoku region say it."""
    for ending, spoken in WAYS["dialect"].items():
        if re.search(ending, text):
            return re.sub(ending, str(dice.choice(spoken)), text)
    return text


Spelling = Callable[[str, random.Random], str]
SPELLINGS: dict[str, Spelling] = {
    "全角": wide,
    "半角カナ": narrow,
    "打ちまちがい": mistyped,
    "句読点なし": bare,
    "ていねいな前置き": politely,
    "方言の語尾": dialect,
}

"""Words and readings of phrasings, remembered between trainings: few change, and asking the dictionary takes time."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict, List, Tuple

import joblib

from bot import embedding, japanese
from bot.japanese import JapaneseText

Read = Tuple[List[str], str]


def read(text: str, how: JapaneseText) -> Read:
    """The dictionary forms of the words that carry meaning, and how the text is read."""
    words, reading = how.read(text)
    return [word.lemma for word in words if word.content], reading


def read_many(texts: List[str], how: JapaneseText) -> List[Read]:
    """Many texts; those read before, with the same terms and the same code, are not read again."""
    path = embedding.CACHE / f"readings-{_signature(how)}.joblib"
    known: Dict[str, Read] = joblib.load(path) if path.exists() else {}
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    if missing:
        known.update((text, read(text, how)) for text in missing)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        joblib.dump(known, unfinished)
        unfinished.replace(path)
    return [known[text] for text in texts]


def _signature(how: JapaneseText) -> str:
    """Changes with the terms, which stay whole words, and with the way of reading."""
    code = Path(japanese.__file__).read_bytes()
    return hashlib.sha256(code + "\n".join(sorted(how.lexicon.terms)).encode()).hexdigest()[:16]

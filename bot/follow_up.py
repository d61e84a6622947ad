"""Messages that lean on what was just talked about: 「それは何年？」「費用は？」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Collection, List, Optional, Tuple

import numpy as np
import yaml

from bot.japanese import normalise
from bot.known import Known

WEAK = 0.3
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龥]")


@dataclass(frozen=True)
class FollowUp:
    """Tells such messages, and reads them together with the question of the last topic."""

    longest: int
    starts: Tuple[str, ...]
    contains: Tuple[str, ...]
    known: Known
    near_bonus: float

    @classmethod
    def read(cls, path: Path, known: Known, near_bonus: float) -> "FollowUp":
        """path: knowledge/follow_up.yaml."""
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        starts, contains = (tuple(normalise(word) for word in data[key]) for key in ("starts", "contains"))
        return cls(int(data["longest"]), starts, contains, known, near_bonus)

    def leans(self, text: str, last: Optional[str], sure: float) -> bool:
        """Whether to read the message again with the last topic. sure: how clear it is by itself."""
        said = normalise(text)
        if last not in self.known.questions or len(said) > self.longest or not JAPANESE.search(said):
            return False
        return sure < WEAK or said.startswith(self.starts) or any(word in said for word in self.contains)

    def together(self, text: str, last: str) -> str:
        """The last question, and the message behind it."""
        return f"{self.known.questions[last]} {text}"

    def bonus(self, last: str, names: List[str]) -> np.ndarray:
        """Topics of the same folder and related ones come first when it is close; the last one was answered already."""
        folder, near = last.split(".")[0], self.known.near[last]
        return np.array([self.near_bonus * (name != last and self._is_near(name, near, folder)) for name in names])

    @staticmethod
    def _is_near(name: str, near: Collection[str], folder: str) -> bool:
        return name in near or name.split(".")[0] == folder

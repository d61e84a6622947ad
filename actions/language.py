"""Tells a message that is not Japanese by its script."""

from __future__ import annotations

import re

KANA = re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")
HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
HAN = re.compile(r"[\u4e00-\u9fff]")
VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
SIMPLIFIED = re.compile(r"[们这什么吗请问为说对应该怎样时间钱买卖务么给谁哪减碳项费预约信]|[的了是我你他]")
WORD = re.compile(r"[^\W\d_]{2,}")


def foreign_language(text: str) -> str | None:
    """en, zh, ko, vi or other for a message that is not Japanese; None for Japanese or no words at all."""
    if KANA.search(text):
        return None
    if HANGUL.search(text):
        return "ko"
    if HAN.search(text):
        return "zh" if len(SIMPLIFIED.findall(text)) >= 2 else None
    words = WORD.findall(text)
    if len(words) < 3:
        return None
    return "vi" if VIETNAMESE.search(text) else "en"

"""Names of people and organisations, without the words around them."""

from __future__ import annotations

import re

from actions.readers.common import Context, Reading
from actions.readers.plain_text import plain_text
from actions.readers.words import pattern, words

LEAD = re.compile(f"^{words('name_lead')}")
TAIL = re.compile(rf"{words('name_tail')}[。.!！、,\s]*$")
LEGAL = pattern("legal_form")
KIND = re.compile(f"{words('organisation_end')}$")
NONE = re.compile(rf"^{words('no_organisation')}(?:です|なんです|で)?。?$")
PERSON_NOT = re.compile(r"[0-9@/]")
HONORIFIC = re.compile(r"(?:さん|様|さま|氏|君)$")


def read_organisation(text: str, context: Context) -> Reading | None:
    """The organisation's name as written; 「個人」 stays that word. None for a sentence."""
    said = plain_text(text).text.strip().strip("。.!！")
    if NONE.match(said):
        return Reading("個人", 0.8, "個人")
    said = _bare(said)
    if not _may_be_name(said, longest=60) or (said.isdigit()):
        return None
    sure = 0.95 if LEGAL.search(said) else 0.8 if KIND.search(said) else 0.6
    return Reading(said, sure, said)


def read_person(text: str, context: Context) -> Reading | None:
    """A person's name without 「と申します」, honorifics and 「株式会社やまだの」; None for a sentence or a company."""
    said = _bare(plain_text(text).text.strip())
    company, _, own = said.rpartition("の")
    if company and (LEGAL.search(company) or KIND.search(company)):
        said = own
    said = HONORIFIC.sub("", said).strip()
    if not _may_be_name(said, longest=30) or PERSON_NOT.search(said) or LEGAL.search(said):
        return None
    return Reading(said, 0.85 if len(said) >= 2 else 0.6, said)


def _bare(said: str) -> str:
    said = said.strip().strip("。.!！")
    for _ in range(3):
        said = TAIL.sub("", LEAD.sub("", said)).strip().strip("。.!！、,")
    return said.strip('「」『』"')


def _may_be_name(said: str, longest: int) -> bool:
    return 0 < len(said) <= longest and not pattern("no_name").search(said) and any(letter.isalpha() for letter in said)

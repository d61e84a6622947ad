"""E-mail addresses and telephone numbers, checked by well-kept libraries."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from actions.readers.common import DASHES, Context, Reading
from actions.readers.plain_text import plain_text

EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+\s*@\s*[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
SPOKEN = (
    (re.compile(r"\s*(?:アットマーク|あっとまーく|アット|\(at\)|\[at\])\s*"), "@"),
    (re.compile(r"\s*(?:ドット|どっと)\s*"), "."),
)
REGION = "JP"


def read_email(text: str, context: Context) -> Reading | None:
    """The address with its domain in lower case; None when there is none or it cannot be one."""
    said = plain_text(text).text
    for spoken, sign in SPOKEN:
        said = spoken.sub(sign, said)
    found = EMAIL.search(said.replace("＠", "@").replace("．", "."))
    if not found:
        return None
    try:
        address = validate_email(re.sub(r"\s", "", found[0]), check_deliverability=False).normalized
    except EmailNotValidError:
        return None
    return Reading(address, 0.98, address)


def read_tel(text: str, context: Context) -> Reading | None:
    """A Japanese number as it is written in Japan, 082-256-3362; None for anything else."""
    said = DASHES.sub("-", plain_text(text).text).replace("ー", "-")
    for match in phonenumbers.PhoneNumberMatcher(said, REGION, leniency=phonenumbers.Leniency.VALID):
        if match.number.country_code != phonenumbers.country_code_for_region(REGION):
            continue
        shown = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.NATIONAL)
        return Reading(shown, 0.98, shown)
    return None

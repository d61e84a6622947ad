"""E-mail addresses, telephone numbers and postal codes in a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from email_validator.rfc_constants import ATEXT
from phonenumbers import Leniency, PhoneNumberMatcher

from api.privacy.folding import Span

HOME_REGION = "JP"
LOCAL = rf"(?:[{ATEXT}](?:[{ATEXT}.]*[{ATEXT}])?|\"[^\"\s]+\")"
EMAIL = re.compile(
    rf"{LOCAL}\s?(?:@\s?|\(at\)\s?|\[at\]\s?|アットマーク)(?:\[[\w.:]+\]|[^\W_](?:[\w.-]*[^\W_])?)",
    re.ASCII | re.IGNORECASE,
)
EMAIL_ANY = re.compile(r"[^\s、。「」()<>,;:@]+@[^\s、。「」()<>,;:@]+")
BETWEEN = r"[-\s().ーの]{0,3}"
KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
KANJI_RUN = re.compile(rf"[〇零](?:{BETWEEN}[〇零一二三四五六七八九]){{9,10}}")
DOMESTIC = re.compile(rf"(?<![\d.,])\(?0(?:\d|-|\()(?:{BETWEEN}\d){{8,9}}(?![\d,])")
SPACED = re.compile(r"(?<!\d)0(?:[ -]\d){9,10}(?!\d)")
ABROAD = re.compile(rf"\+{BETWEEN}[1-9](?:{BETWEEN}\d){{7,14}}(?!\d)")
POSTAL = re.compile(r"(?:〒\s*\d{3}-?\d{4}|(?<![\d.,-])\d{3}-\d{4}(?![\d-]))")
UNIT_AFTER = re.compile(r"\s?[A-Za-z%円年月日人台本件個]")


def emails(text: str) -> Iterator[Span]:
    """Every address, however it is spaced; one with Japanese letters only where no plain one stands."""
    plain = [Span(*found.span(), "email") for found in EMAIL.finditer(text)]
    yield from plain
    for found in EMAIL_ANY.finditer(text) if "@" in text else ():
        if not any(span.start < found.end() and found.start() < span.end for span in plain):
            yield Span(*found.span(), "email")


def phones(text: str) -> Iterator[Span]:
    """Every number in any usual notation: national, international, spaced out, in kanji digits."""
    for found in KANJI_RUN.finditer(text):
        yield Span(*found.span(), "phone")
    if sum(letter.isdigit() for letter in text) < 8:
        return
    for pattern in (DOMESTIC, SPACED, ABROAD):
        yield from (Span(*found.span(), "phone") for found in pattern.finditer(text))
    for match in PhoneNumberMatcher(text, HOME_REGION, leniency=Leniency.VALID):
        if match.raw_string.startswith(("0", "+", "(")):
            yield Span(match.start, match.end, "phone")


def postal_codes(text: str) -> Iterator[Span]:
    """〒700-0000 and 700-0000, but not 350-1000 kWh."""
    for found in POSTAL.finditer(text):
        if not UNIT_AFTER.match(text, found.end()):
            yield Span(*found.span(), "postal")

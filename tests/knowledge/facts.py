"""The facts that the answers stand on, read from the folder beside the checkout (only tests need it)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[3] / "shared" / "facts"
FACT = re.compile(r"^### (SC-\d+)\n(.*?)(?=^###? |\Z)", re.MULTILINE | re.DOTALL)
TERM = re.compile(r"^\| (GL-\d+) \|(.*)$", re.MULTILINE)


def plain(text: str) -> str:
    """NFKC, no white space, no thousands separators, one kind of dash."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub("[‐‑‒–—―−]", "-", re.sub(r"(?<=\d),(?=\d{3})", "", text))


@cache
def facts() -> dict[str, str]:
    """Every fact, term and methodology (with its formulas) by id, as plain text."""
    scheme = (FOLDER / "scheme.md").read_text(encoding="utf-8")
    found = {number: plain(text) for number, text in FACT.findall(scheme)}
    found |= {number: plain(row) for number, row in TERM.findall(scheme)}
    book = yaml.safe_load((FOLDER / "methodologies.yaml").read_text(encoding="utf-8"))
    for entry in book["methodologies"]:
        formulas = [book["formulas"][formula] for formula in entry["formulas"]]
        found[entry["id"]] = plain(yaml.safe_dump([entry, formulas], allow_unicode=True, width=10_000))
    return found

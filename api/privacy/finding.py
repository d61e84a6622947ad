"""All that names or reaches a person in a folded text, before asking whether it is public."""

from __future__ import annotations

from api.privacy.folding import Folded, Span
from api.privacy.names import addresses, companies, names, reader, sure_names
from api.privacy.numbers import emails, phones, postal_codes


def found_in(folded: Folded) -> tuple[list[Span], list[Span]]:
    """What looks so, and what is surely somebody's name."""
    text = folded.text
    numbers = [*emails(text), *phones(text), *postal_codes(text)]
    if text.isascii():
        return numbers, []
    tokens = reader().tokens(text)
    others = [*addresses(text, tokens), *companies(text, tokens), *names(tokens)]
    return [*numbers, *others], list(sure_names(text, tokens))

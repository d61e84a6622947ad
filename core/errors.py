"""One family of errors. Every message says, in Japanese, what is wrong and what to do.

JCreditError
├── NotFound            404  unknown or erased conversation, wrong token, unknown slot or formula
├── Unauthorized        401  no or malformed token
├── Conflict            409  same id with another body; slot taken; choice of another conversation
├── TooLarge            413  a body over the limit
├── NotJson             415  not JSON
├── InvalidInput        422  a wrong field; `fields` names each with its reason
├── TooMany             429  too many requests
├── Starting            503  not ready yet
└── KnowledgeError           a file in knowledge/ that cannot be used
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class JCreditError(Exception):
    """Base of all errors that a caller can act on."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, code: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})
        self.error_code = code or self.code


class NotFound(JCreditError):
    """Unknown, erased or somebody else's: all look alike."""

    code, status = "not_found", 404


class Unauthorized(JCreditError):
    """No token, or one that cannot be a token."""

    code, status = "unauthorized", 401


class Conflict(JCreditError):
    """The same key with another body, or something that is taken."""

    code, status = "conflict", 409


class TooLarge(JCreditError):
    """A body over the limit."""

    code, status = "too_large", 413


class NotJson(JCreditError):
    """A body that is not JSON."""

    code, status = "not_json", 415


class InvalidInput(JCreditError):
    """A wrong field: `error_code` is one of the contract's codes, `fields` names each input with its reason."""

    code, status = "invalid_value", 422


class TooMany(JCreditError):
    """Over a rate limit."""

    code, status = "too_many", 429


class Starting(JCreditError):
    """The system is not ready yet."""

    code, status = "starting", 503


class KnowledgeError(JCreditError):
    """A file in knowledge/ that cannot be used; the message names file, line and mend."""

    code = "knowledge"

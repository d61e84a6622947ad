"""Who is signed in, and what that person may do."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("viewer", "reviewer", "editor", "admin")
"""From the least to the most; each may do what those before it may."""


@dataclass(frozen=True)
class Staff:
    """A signed-in person, as routes and templates get it."""

    id: str
    name: str
    email: str
    role: str
    session_id: str
    csrf: str
    must_change: bool = False

    def may(self, role: str) -> bool:
        """Whether this person may do what the role may."""
        return ROLES.index(self.role) >= ROLES.index(role)

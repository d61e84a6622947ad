"""The tasks that bring functions of their own. A new one adds its import here."""

from actions.tasks import estimate, handoff, offset, qualify

__all__ = ["estimate", "handoff", "offset", "qualify"]

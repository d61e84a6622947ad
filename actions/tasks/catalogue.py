"""The tasks that bring functions of their own. A new one adds its import here."""

from actions.tasks import book, estimate, handoff, offset, qualify

__all__ = ["book", "estimate", "handoff", "offset", "qualify"]

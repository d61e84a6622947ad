"""The tasks that bring functions of their own. A new one adds its import here."""

from actions.tasks import book, change_booking, estimate, handoff, offset, qualify

__all__ = ["book", "change_booking", "estimate", "handoff", "offset", "qualify"]

"""Structured logs, one JSON object a line, without the text of any message."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from core.settings import Settings

TEXT_KEYS = {"text", "message", "body", "name", "email", "phone", "address", "comment", "label", "input"}


class NamesOnly(logging.Formatter):
    """Other libraries' records: who, how serious, where and which exception; never what they quote."""

    def format(self, record: logging.LogRecord) -> str:
        exception = f" exception={record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        return f"{record.levelname.lower()} {record.name} {record.module}:{record.lineno}{exception}"


def configure_logs(process: str, settings: Settings) -> None:
    """Sets up this process's logs on standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(NamesOnly())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_text,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.log_level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process, release=settings.release_id)


def _without_text(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key not in TEXT_KEYS}

"""Rasa's logs without message text: only logger, level, and the kind of event or exception."""

from __future__ import annotations

import json
import logging
import sys

import structlog


class NamesOnly(logging.Formatter):
    """Who logged, how serious, where, and which exception; never the message, which may quote a person."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "where": f"{record.module}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def _event_name_only(_: object, __: str, event: dict) -> dict:
    return {"event": "rasa_event", "level": event.get("level"), "code": str(event.get("event", ""))[:60].split(" ")[0]}


def install() -> None:
    """Routes everything that Rasa and Sanic log through the formatter above."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(NamesOnly())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("rasa", "sanic.root", "sanic.error", "sanic.access", "sanic.server"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.add_log_level,
            _event_name_only,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=False,
    )

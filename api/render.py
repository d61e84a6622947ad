"""The server's own pages: escaped templates, no script at all, nothing from elsewhere, never kept in a cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).resolve().parent
BOOKING_TEMPLATES = HERE / "bookings" / "templates"
PAGES = Environment(
    loader=FileSystemLoader([BOOKING_TEMPLATES, HERE / "cases" / "templates"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


def page(name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the house."""
    return HTMLResponse(PAGES.get_template(name).render(context), status_code=status, headers=HEADERS)

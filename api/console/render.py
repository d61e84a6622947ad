"""The console's pages: escaped templates, nothing inline, nothing from elsewhere, never kept in a cache.

A template extends `base.html` and fills `title` and `main`; `staff`, `csrf`, `menu`, `path`, `texts` and `done` are
there on every page. Every form starts with `{{ csrf_field }}`. Charts are SVG with attributes, never `style`.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.console.menu import MENU
from api.console.staff import Staff
from api.console.texts import TEXTS
from core.clock import TOKYO, now

HERE = Path(__file__).resolve().parent
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send our own forms with "Origin: null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
DAYS = "月火水木金土日"
PAGES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(request: Request, name: str, staff: Staff | None, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the console for this person; `?done=<key of texts.done>` shows what was just done."""
    csrf = staff.csrf if staff else context.pop("csrf", "")
    shown = {
        "staff": staff,
        "csrf": csrf,
        "csrf_field": Markup('<input type="hidden" name="csrf" value="{}">').format(csrf),
        "menu": [entry for entry in MENU if staff and not staff.must_change and staff.may(entry.role)],
        "path": request.url.path,
        "texts": TEXTS,
        "done": TEXTS["done"].get(request.query_params.get("done", "")),
    }
    html = PAGES.get_template(name).render(shown | context)
    return HTMLResponse(html, status_code=status, headers=HEADERS)


def moment(value: datetime | None) -> str:
    """11月25日（水）14:05; with the year when it is another one."""
    if value is None:
        return "—"
    local = value.astimezone(TOKYO)
    year = "" if local.year == now().year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日（{DAYS[local.weekday()]}）{local:%H:%M}"


def ago(value: datetime) -> str:
    """How long ago in words."""
    minutes = max(0, int((now() - value).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes}分前" if minutes else "いま"
    return f"{minutes // 60}時間前" if minutes < 48 * 60 else f"{minutes // 1440}日前"


def lasted(since: datetime) -> str:
    """How long something has lasted, in words."""
    minutes = int((now() - since).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes}分" if minutes > 0 else "1分未満"
    return f"{minutes // 60}時間{minutes % 60}分" if minutes < 1440 else f"{minutes // 1440}日"


def number(value: Any) -> str:
    """A number with thousands separated; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    return f"{Decimal(str(value)).normalize():,f}"


def percent(value: float | None) -> str:
    """A share of one, as a percentage."""
    return "—" if value is None else f"{value * 100:.0f}%"


def query(values: dict[str, Any], **changed: Any) -> str:
    """The query of an address, with some values changed; empty ones are left out."""
    return urlencode({key: value for key, value in (values | changed).items() if value not in (None, "", False)})


def plain_json(value: Any) -> str:
    """Data for people to read; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


PAGES.filters.update(
    moment=moment, ago=ago, lasted=lasted, number=number, percent=percent, query=query, tojson_plain=plain_json, zip=zip
)

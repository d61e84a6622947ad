"""The pages that the API serves itself: the demonstration page and the widget's files."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

router = APIRouter(include_in_schema=False)
WIDGET = Path(__file__).resolve().parent / "widget"
CONTENT_SECURITY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"


@router.get("/")
async def demonstration() -> HTMLResponse:
    """The page with the widget on it."""
    page = (WIDGET / "page.html").read_text(encoding="utf-8")
    return HTMLResponse(page, headers={"Content-Security-Policy": CONTENT_SECURITY})


@router.get("/widget.js")
async def widget() -> FileResponse:
    """The widget, one script."""
    return FileResponse(WIDGET / "widget.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/page.css")
async def style() -> FileResponse:
    """The demonstration page's style."""
    return FileResponse(WIDGET / "page.css", media_type="text/css", headers={"Cache-Control": "no-cache"})

"""The pages that the API serves itself: the landing page, the page for embedders, and the widget's one script."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.reply import sources
from api.widget.bundle import HERE, Asset, file_asset, widget_script
from api.widget.texts import read_texts
from knowledge.loader import Knowledge

router = APIRouter(include_in_schema=False)
CONTENT_SECURITY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
CACHING = "public, max-age=300"
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
STATUS_WORDS = {"verified": "出典あり", "reference": "参考", "unverified": "要確認"}


@router.get("/")
async def landing(request: Request) -> HTMLResponse:
    """What the assistant does, example questions, limits, privacy, contacts; and the widget."""
    known = _knowledge(request)
    texts = read_texts(known)
    about = known.answers.get(texts.about)
    examples = [known.answers[i].question for i in texts.examples if i in known.answers]
    return _page(
        "page.html",
        texts=texts,
        examples=examples,
        about=about,
        about_sources=list(sources(known, about)) if about else [],
        contacts=known.contacts,
        status_words=STATUS_WORDS,
    )


@router.get("/embedding")
async def embedding(request: Request) -> HTMLResponse:
    """For those who put the widget on their own site: the tag, its attributes, CSP, the notice to publish."""
    known = _knowledge(request)
    base = request.app.state.settings.base_url
    return _page("embedding.html", texts=read_texts(known), base=base, contacts=known.contacts)


@router.get("/widget.js")
async def widget(request: Request) -> Response:
    """The widget, one script."""
    state = request.app.state
    if not hasattr(state, "widget_script"):
        state.widget_script = widget_script(read_texts(_knowledge(request)), state.settings.base_url)
    return _asset(request, state.widget_script, "text/javascript; charset=utf-8")


@router.get("/page.css")
async def style(request: Request) -> Response:
    """The pages' style."""
    return _asset(request, file_asset("page.css"), "text/css; charset=utf-8")


@router.get("/icon.svg")
async def icon(request: Request) -> Response:
    """The pages' icon."""
    return _asset(request, file_asset("icon.svg"), "image/svg+xml")


def _knowledge(request: Request) -> Knowledge:
    known: Knowledge = request.app.state.chat.knowledge
    return known


def _page(name: str, **context: Any) -> HTMLResponse:
    html = TEMPLATES.get_template(name).render(context)
    return HTMLResponse(html, headers={"Content-Security-Policy": CONTENT_SECURITY, "Cache-Control": "no-cache"})


def _asset(request: Request, asset: Asset, media_type: str) -> Response:
    headers = {"ETag": asset.etag, "Cache-Control": CACHING, "Vary": "Accept-Encoding"}
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.body, media_type=media_type, headers=headers)

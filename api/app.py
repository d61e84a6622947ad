"""Builds the API: chat, estimates, widget and pages, with limits, headers and one shape of error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response

from api import errors, estimates, health, internal, pages
from api.bookings import page as booking_page
from api.bookings import routes as booking_routes
from api.bookings.service import Bookings
from api.cases import routes as case_routes
from api.cases.service import Cases
from api.channels import setup as channel_setup
from api.channels.service import Channels
from api.chat import routes as chat_routes
from api.chat.commands import Commands
from api.chat.rasa import RasaClient
from api.chat.service import ChatService
from api.console import house as console
from api.db.engine import Database
from api.limits import Limits
from api.privacy.service import Privacy
from api.widget.origins import allow_embedding
from core.errors import JCreditError, NotJson, TooLarge
from core.settings import Settings
from knowledge.loader import load

LARGEST_BODY = 64 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, ready to be served; reads knowledge once and fails closed when it is faulty."""
    settings = settings or Settings()
    database = Database(settings.database)
    bookings = Bookings(database, load(), settings)
    cases = Cases(bookings.desk.book, bookings.links, settings.release_id)
    commands = Commands(bookings, cases)
    chat = ChatService(database, RasaClient(settings), load(), settings, commands, bookings.links)
    limits = Limits(settings)
    channels = Channels(database, chat, limits, channel_setup.channels(settings))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work) for work in (bookings.worker.run(), app.state.privacy.nightly.run())]
        await console.open_up(app)
        tasks.append(asyncio.create_task(console.catch_up(app)))
        async with channels.running():
            yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await chat.rasa.close()

    app = FastAPI(title="Ｊ－クレジット相談アシスタント", version="1", lifespan=lifespan, redoc_url=None)
    app.state.settings, app.state.database, app.state.chat = settings, database, chat
    app.state.bookings, app.state.cases = bookings, cases
    app.state.privacy = Privacy(database, chat)
    app.state.limits, app.state.channels = limits, channels
    errors.install(app)
    app.middleware("http")(_guard_door)
    allow_embedding(app, settings.embedding_sites)
    talking = (health.router, chat_routes.router, estimates.router)
    booking = (booking_routes.router, booking_page.router, case_routes.router, internal.router)
    for router in (*talking, *booking, *channel_setup.routers, pages.router):
        app.include_router(router)
    console.install(app)
    return app


async def _guard_door(request: Request, handle: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuses bodies that are too large or no JSON, counts requests, sets the safe headers."""
    try:
        if request.url.path.startswith(("/api/", "/bookings/", "/print/", "/console")):
            request.state.visitor = visitor(request)
            request.app.state.limits.count_request(request.state.visitor)
            await _check_body(request)
        response = await handle(request)
    except JCreditError as error:
        response = errors.as_response(error)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith(("/api/", "/bookings/", "/print/", "/internal/")):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def visitor(request: Request) -> str:
    """The address that a request came from; a forwarded one only from a trusted proxy."""
    address = request.client.host if request.client else "unknown"
    forwarded = request.headers.get("x-forwarded-for", "")
    if forwarded and request.app.state.settings.trusts(address):
        return forwarded.split(",")[-1].strip()
    return address


async def _check_body(request: Request) -> None:
    if request.method not in {"POST", "PUT", "PATCH"}:
        return
    length = request.headers.get("content-length", "0")
    if int(length if length.isdigit() else 0) > LARGEST_BODY or len(await request.body()) > LARGEST_BODY:
        raise TooLarge("送る内容が大きすぎます。64KB までにしてください。")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_form = kind == booking_page.FORM and request.url.path.startswith(("/bookings/", "/console/"))
    if await request.body() and kind != "application/json" and not is_form:
        raise NotJson("application/json で送ってください。")

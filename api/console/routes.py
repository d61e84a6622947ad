"""All routers of the console, in the order in which they are asked; new pages go before the last."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from api.console import bookings, cases, conversations, dashboard, erasing, export, health, inbox, people, signing
from api.console.door import console_router, require, unknown
from api.console.render import HERE
from api.console.staff import Staff

FILES = {
    "console.css": "text/css; charset=utf-8",
    "pages.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
}
Anyone = Annotated[Staff, Depends(require("viewer"))]
home = console_router()
rest = console_router()


@home.get("")
async def start(request: Request, staff: Anyone) -> Response:
    """Where the day begins."""
    done = request.query_params.get("done")
    return RedirectResponse("/console/inbox" + (f"?done={done}" if done and done.isalnum() else ""), status_code=303)


@home.get("/static/{name}")
async def static(name: str) -> Response:
    """The one style and the one script; no secret, and the sign-in page needs them."""
    if name not in FILES:
        raise unknown()
    return FileResponse(HERE / "static" / name, media_type=FILES[name], headers={"Cache-Control": "max-age=300"})


@rest.get("/{path:path}")
async def nothing(path: str, staff: Anyone) -> Response:
    """Any other address: the unsigned learn nothing."""
    raise unknown()


@rest.post("/{path:path}")
async def nothing_to_do(path: str, staff: Anyone) -> Response:
    """Any other form."""
    raise unknown()


INQUIRIES = [inbox.router, conversations.router]
RESULTS = [bookings.router, cases.router, dashboard.router, health.router, export.router, erasing.router]
ROUTERS = [home, signing.router, *INQUIRIES, *RESULTS, people.router, rest]

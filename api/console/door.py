"""The console's door: cookie, session, role and form token; what is refused becomes a page.

router = console_router()

@router.get("/things")
async def things(request: Request, staff: Annotated[Staff, Depends(require("viewer"))]) -> Response: ...
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.console import accounts
from api.console.render import page
from api.console.staff import Staff
from api.db.engine import Database
from core.errors import JCreditError, NotFound, Unauthorized

SIGN_IN = "/console/sign-in"
CHANGE_PASSWORD = "/console/password"  # noqa: S105 - a path
UNCHANGING = {"GET", "HEAD"}


class Forbidden(JCreditError):
    """Signed in, but this is for another role, or the form is not ours."""

    code, status = "forbidden", 403


class SignInFirst(Exception):
    """Not signed in, and a page was asked for."""


def is_secure(request: Request) -> bool:
    """Whether people reach us by https."""
    base: str = request.app.state.settings.base_url
    return base.startswith("https://")


def cookie_name(request: Request, name: str = "staff") -> str:
    """The cookie's name; browsers accept `__Host-` only by https, from this host and for the whole of it."""
    return f"__Host-{name}" if is_secure(request) else f"jcredit-{name}"


def set_cookie(request: Request, response: Response, token: str, name: str = "staff") -> None:
    """Puts a token into the browser until it is closed; no script can read it."""
    response.set_cookie(
        cookie_name(request, name), token, httponly=True, secure=is_secure(request), samesite="lax", path="/"
    )


def drop_cookie(request: Request, response: Response, name: str = "staff") -> None:
    """Takes it back."""
    response.delete_cookie(
        cookie_name(request, name), httponly=True, secure=is_secure(request), samesite="lax", path="/"
    )


def require(role: str, *, counts: bool = True) -> Callable[[Request], Awaitable[Staff]]:
    """A dependency that gives the signed-in person with at least this role; forms must carry that session's token.

    counts: whether this is a sign that the person is there; what a page asks for by itself is none.
    """

    async def staff(request: Request) -> Staff:
        person = await signed_in(request, counts=counts)
        if person is None:
            if request.method in UNCHANGING:
                raise SignInFirst
            raise Unauthorized("サインインしてください。時間がたって、サインアウトした可能性があります。")
        if request.method not in UNCHANGING:
            await check_form(request, person.csrf)
        if person.must_change and request.url.path not in (CHANGE_PASSWORD, "/console/sign-out"):
            raise Forbidden("先にパスワードを変えてください。")
        if not person.may(role):
            raise Forbidden("この操作をする権限がありません。管理者に相談してください。")
        request.state.staff = person
        return person

    staff.least_role = role  # type: ignore[attr-defined]
    return staff


async def signed_in(request: Request, *, counts: bool = True) -> Staff | None:
    """Who the browser's cookie belongs to."""
    token = request.cookies.get(cookie_name(request))
    if not token:
        return None
    database: Database = request.app.state.database
    found = await database.reading(accounts.opened_by, token)
    if found is None:
        return None
    person, is_due = found
    if is_due and counts:
        await database.writing(accounts.seen, person.session_id)
    return person


async def check_form(request: Request, expected: str) -> None:
    """Raises Forbidden unless the form carries the token and comes from our own pages."""
    form = await request.form()
    given = form.get("csrf")
    origin = request.headers.get("origin")
    ours = {request.app.state.settings.base_url, f"{request.url.scheme}://{request.headers.get('host', '')}"}
    if origin and origin not in ours:
        raise Forbidden("ほかのサイトから送られた操作なので、受け付けませんでした。")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forbidden("画面が古くなりました。前の画面を読み直してから、もう一度お試しください。")


class ConsoleRoute(APIRoute):
    """A route whose errors are pages of the console."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except SignInFirst:
                path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                there = f"{SIGN_IN}?next={quote(path, safe='')}"
                return RedirectResponse(there, status_code=303, headers={"Cache-Control": "no-store"})
            except JCreditError as error:
                return await _refused(request, error)
            except RequestValidationError as error:
                named = "、".join(sorted({str(fault["loc"][-1]) for fault in error.errors()}))
                return await _refused(request, JCreditError(f"入力を確かめてください（{named}）。"), 422)
            except HTTPException as error:
                known = {404: "見つかりません。アドレスを確かめてください。"}
                message = known.get(error.status_code, "この操作はできません。前の画面からやり直してください。")
                return await _refused(request, JCreditError(message), error.status_code)

        return handled


async def _refused(request: Request, error: JCreditError, status: int | None = None) -> Response:
    staff = getattr(request.state, "staff", None) or await signed_in(request)
    if staff and staff.must_change and isinstance(error, Forbidden):
        return RedirectResponse(CHANGE_PASSWORD, status_code=303)
    return page(request, "refused.html", staff, status=status or error.status, message=error.message)


def console_router() -> APIRouter:
    """A router for pages of the console; put it into `routes.ROUTERS`."""
    return APIRouter(prefix="/console", route_class=ConsoleRoute, include_in_schema=False)


def unknown() -> NotFound:
    """What is said of anything that is not there."""
    return NotFound("見つかりません。アドレスを確かめてください。")

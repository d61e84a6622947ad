"""Signing in and out, and one's own password."""

from __future__ import annotations

import math
import time
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from anyio import to_thread
from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.orm import Session

from api.console import accounts
from api.console.audit import audit
from api.console.door import (
    CHANGE_PASSWORD,
    Forbidden,
    check_form,
    console_router,
    cookie_name,
    drop_cookie,
    require,
    set_cookie,
    signed_in,
)
from api.console.passwords import LONGEST, fits, hashed
from api.console.render import page
from api.console.staff import Staff
from api.ids import digest, new_token
from core.errors import InvalidInput, JCreditError

router = console_router()
log = structlog.get_logger("console")
HOME = "/console"
WRONG = "メールアドレスかパスワードがちがいます。"
Word = Annotated[str, Form(max_length=1000)]
Anyone = Annotated[Staff, Depends(require("viewer"))]


class SignInLimits:
    """Attempts by address and account, counted before the password is looked at."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._of_both = RateLimitItemPerMinute(5, 15)
        self._of_address = RateLimitItemPerMinute(30, 15)
        self._of_account = RateLimitItemPerHour(50)

    def count(self, address: str, email: str) -> int:
        """Seconds to wait; 0 when the attempt is allowed."""
        checks = (
            (self._of_address, ("address", address)),
            (self._of_account, ("account", email)),
            (self._of_both, ("both", address, email)),
        )
        for limit, key in checks:
            if not self._window.hit(limit, *key):
                reset = self._window.get_window_stats(limit, *key).reset_time
                return max(1, math.ceil(reset - time.time()))
        return 0


@router.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    """The form; who is signed in already goes on."""
    if await signed_in(request):
        return RedirectResponse(_safe(request.query_params.get("next", "")), status_code=303)
    return _form(request, 200, None, request.query_params.get("next", ""))


@router.post("/sign-in")
async def sign_in(request: Request, email: Word = "", password: Word = "", next: Word = "") -> Response:  # noqa: A002
    """Opens a session under a new token."""
    door = request.cookies.get(cookie_name(request, "door"), "")
    try:
        await check_form(request, digest(door) if door else new_token())
    except Forbidden as error:
        return _form(request, 403, error.message, next)
    email = accounts.tidy_email(email)
    limits: SignInLimits = request.app.state.sign_in_limits
    if wait := limits.count(request.state.visitor, email):
        log.warning("sign_in_limited")
        message = f"何度もまちがえたため、少し止めています。{math.ceil(wait / 60)}分ほど待ってから、お試しください。"
        answer = _form(request, 429, message, next)
        answer.headers["Retry-After"] = str(wait)
        return answer
    database = request.app.state.database
    person = await database.reading(accounts.by_email, email)
    if not await fits(password, person.password_hash if person else None) or person is None:
        log.warning("sign_in_refused")
        await database.writing(_note_refusal, person.id if person else "unknown")
        return _form(request, 401, WRONG, next)
    token = await database.writing(_open, person.id, request.cookies.get(cookie_name(request)))
    answer = RedirectResponse(CHANGE_PASSWORD if person.must_change else _safe(next), status_code=303)
    answer.headers["Cache-Control"] = "no-store"
    set_cookie(request, answer, token)
    drop_cookie(request, answer, "door")
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, staff: Anyone) -> Response:
    """Ends the session."""
    await request.app.state.database.writing(_close, staff)
    answer = RedirectResponse("/console/sign-in", status_code=303)
    drop_cookie(request, answer)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@router.get("/password")
async def password_page(request: Request, staff: Anyone) -> Response:
    """The form for one's own password."""
    return page(request, "password.html", staff, fault=None, longest=LONGEST)


@router.post("/password")
async def change_password(
    request: Request, staff: Anyone, old: Word = "", new: Word = "", again: Word = ""
) -> Response:
    """Changes it; the other sessions end."""
    database = request.app.state.database
    try:
        person = await database.reading(accounts.account, staff.id)
        if not await fits(old, person.password_hash):
            raise InvalidInput("いまのパスワードがちがいます。")
        if new != again:
            raise InvalidInput("新しいパスワードの二つの入力が、同じではありません。")
        if new in (old, staff.email):
            raise InvalidInput("いまのパスワードやメールアドレスとはちがうものにしてください。")
        stored = await to_thread.run_sync(hashed, new)
    except JCreditError as error:
        return page(request, "password.html", staff, status=error.status, fault=error.message, longest=LONGEST)
    await database.writing(accounts.set_password, staff, stored)
    return RedirectResponse("/console?done=password", status_code=303)


def _form(request: Request, status: int, fault: str | None, after: str) -> Response:
    """The sign-in form; its token belongs to a cookie of its own, so that nobody is signed in by another site."""
    door = request.cookies.get(cookie_name(request, "door")) or new_token()
    answer = page(request, "sign_in.html", None, status=status, fault=fault, after=_safe(after), csrf=digest(door))
    set_cookie(request, answer, door, "door")
    return answer


def _safe(path: str) -> str:
    """A place inside the console to go on to, whatever was asked for."""
    parts = urlsplit(path)
    inside = parts.path == HOME or parts.path.startswith(f"{HOME}/")
    if parts.scheme or parts.netloc or not inside or "\\" in path or parts.path == "/console/sign-in":
        return HOME
    return path


def _open(session: Session, staff_id: str, old_token: str | None) -> str:
    token = accounts.open_session(session, staff_id, old_token)
    person = accounts.account(session, staff_id)
    audit(session, Staff(person.id, person.name, person.email, person.role, "", ""), "session.open", staff_id)
    return token


def _close(session: Session, staff: Staff) -> None:
    accounts.end_session(session, staff.session_id)
    audit(session, staff, "session.close", staff.id)


def _note_refusal(session: Session, staff_id: str) -> None:
    audit(session, None, "session.refused", staff_id)

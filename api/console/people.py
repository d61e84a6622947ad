"""For admins: accounts, their sessions, and the record of what was seen and changed."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from anyio import to_thread
from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from api.console import accounts
from api.console.audit import audit
from api.console.door import console_router, require
from api.console.models import Audit, StaffAccount, StaffSession
from api.console.passwords import hashed, temporary
from api.console.render import page
from api.console.staff import Staff
from core.errors import JCreditError

router = console_router()
Admin = Annotated[Staff, Depends(require("admin"))]
Word = Annotated[str, Form(max_length=300)]
ON_A_PAGE = 100


@router.get("/staff")
async def staff_page(request: Request, staff: Admin) -> Response:
    """Everybody with role and open sessions."""
    return await _page(request, staff)


@router.post("/staff")
async def add(request: Request, staff: Admin, email: Word = "", name: Word = "", role: Word = "") -> Response:
    """A new account; its temporary password is shown once."""
    password = temporary()
    stored = await to_thread.run_sync(hashed, password)
    try:
        made = await request.app.state.database.writing(_add, staff, email, name, role, stored)
    except JCreditError as error:
        tried = {"email": email, "name": name, "role": role}
        return await _page(request, staff, status=error.status, fault=error.message, tried=tried)
    return await _page(request, staff, handed=(made.email, password))


@router.post("/staff/{staff_id}")
async def change(request: Request, staff: Admin, staff_id: str, role: Word = "", active: Word = "") -> Response:
    """Another role, or shut out; open sessions of that person end."""
    await request.app.state.database.writing(accounts.change_account, staff, staff_id, role, active == "yes")
    return RedirectResponse("/console/staff?done=account_changed", status_code=303)


@router.post("/staff/{staff_id}/reset")
async def reset(request: Request, staff: Admin, staff_id: str) -> Response:
    """A temporary password, shown once."""
    password = temporary()
    stored = await to_thread.run_sync(hashed, password)
    person = await request.app.state.database.writing(accounts.reset_password, staff, staff_id, stored)
    return await _page(request, staff, handed=(person.email, password))


@router.post("/staff/{staff_id}/sign-out")
async def sign_out(request: Request, staff: Admin, staff_id: str) -> Response:
    """Ends all sessions of a person."""
    await request.app.state.database.writing(_end, staff, staff_id)
    return RedirectResponse("/console/staff?done=sessions_ended", status_code=303)


@router.get("/audit")
async def audit_page(
    request: Request,
    staff: Admin,
    before: Annotated[int | None, Query(ge=1)] = None,
    who: Annotated[str, Query(max_length=32)] = "",
    what: Annotated[str, Query(max_length=40)] = "",
    subject: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The record, newest first."""
    sought = {"who": who, "what": what, "subject": subject}
    entries, names = await request.app.state.database.reading(_audit, before, sought)
    after = entries[-1].id if len(entries) == ON_A_PAGE else None
    return page(request, "audit.html", staff, entries=entries, names=names, sought=sought, after=after)


async def _page(
    request: Request,
    staff: Staff,
    *,
    status: int = 200,
    fault: str | None = None,
    handed: tuple[str, str] | None = None,
    tried: dict[str, str] | None = None,
) -> Response:
    people = await request.app.state.database.reading(_everybody)
    shown = {"people": people, "fault": fault, "handed": handed, "tried": tried or {}}
    return page(request, "staff.html", staff, status=status, **shown)


def _everybody(session: Session) -> list[tuple[StaffAccount, int]]:
    opened = sa.func.count(StaffSession.id)
    wanted = (
        sa.select(StaffAccount, opened)
        .outerjoin(StaffSession, StaffSession.staff_id == StaffAccount.id)
        .group_by(StaffAccount.id)
        .order_by(StaffAccount.active.desc(), StaffAccount.name)
    )
    return [(person, count) for person, count in session.execute(wanted)]


def _add(session: Session, staff: Staff, email: str, name: str, role: str, stored: str) -> StaffAccount:
    made = accounts.add_account(session, email=email, name=name, role=role, password_hash=stored, must_change=True)
    audit(session, staff, "account.add", made.id, role)
    return made


def _end(session: Session, staff: Staff, staff_id: str) -> None:
    accounts.account(session, staff_id)
    accounts.end_sessions(session, staff_id)
    audit(session, staff, "session.end", staff_id)


def _audit(session: Session, before: int | None, sought: dict[str, str]) -> tuple[list[Audit], dict[str, str]]:
    wanted = sa.select(Audit).order_by(Audit.id.desc()).limit(ON_A_PAGE)
    columns = {"who": Audit.staff_id, "what": Audit.what, "subject": Audit.subject}
    for key, value in sought.items():
        if value:
            wanted = wanted.where(columns[key] == value)
    if before:
        wanted = wanted.where(Audit.id < before)
    return list(session.scalars(wanted)), accounts.names(session)

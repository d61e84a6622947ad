"""Puts the console into the application, and opens it: the first admin, old turns that are not indexed yet."""

from __future__ import annotations

import asyncio

import structlog
from anyio import to_thread
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.console import accounts
from api.console.audit import audit
from api.console.models import StaffAccount
from api.console.passwords import hashed
from api.console.routes import ROUTERS
from api.console.signing import SignInLimits
from api.inquiries import indexing
from core.settings import Settings

FEW, PAUSE = 200, 0.05
log = structlog.get_logger("console")


def install(app: FastAPI) -> None:
    """All pages under /console; unknown addresses there refuse the unsigned, too."""
    app.state.sign_in_limits = SignInLimits()
    for router in ROUTERS:
        app.include_router(router)


async def open_up(app: FastAPI) -> None:
    """Makes the admin that the settings name, when there is nobody yet."""
    settings: Settings = app.state.settings
    email, password = settings.staff_admin_email, settings.staff_admin_password
    if not email or not password:
        return
    try:
        if await app.state.database.reading(has_staff):
            return
        stored = await to_thread.run_sync(hashed, password.get_secret_value())
        await app.state.database.writing(first_admin, email, stored)
    except SQLAlchemyError as error:
        log.error("first_admin_failed", kind=type(error).__name__)


async def catch_up(app: FastAPI) -> None:
    """Puts turns from before the console into the inbox, a few at a time."""
    limits = app.state.chat.knowledge.thresholds
    try:
        while await app.state.database.reading(indexing.is_missing):
            await app.state.database.writing(indexing.index_missing, limits, FEW)
            await asyncio.sleep(PAUSE)
    except SQLAlchemyError as error:
        log.error("catching_up_failed", kind=type(error).__name__)


def has_staff(session: Session) -> bool:
    """Whether there is any account."""
    return session.query(StaffAccount.id).first() is not None


def first_admin(session: Session, email: str, password_hash: str, name: str = "管理者") -> str:
    """A first admin; returns the id."""
    made = accounts.add_account(
        session, email=email, name=name, role="admin", password_hash=password_hash, must_change=False
    )
    audit(session, None, "account.add", made.id, "admin")
    return made.id

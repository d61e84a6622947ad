"""Accounts and sessions, each function inside one transaction of its caller."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from api.console.audit import audit
from api.console.models import StaffAccount, StaffSession
from api.console.staff import ROLES, Staff
from api.ids import digest, new_id, new_token
from core.clock import utc_now
from core.errors import Conflict, InvalidInput, NotFound

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)


def tidy_email(email: str) -> str:
    """The address as it is stored and compared."""
    return email.strip().lower()


def add_account(
    session: Session, *, email: str, name: str, role: str, password_hash: str, must_change: bool
) -> StaffAccount:
    """A new account. Raises InvalidInput and Conflict."""
    email, name = tidy_email(email), name.strip()
    if "@" not in email or len(email) > 254 or any(c.isspace() for c in email):
        raise InvalidInput("メールアドレスの形を確かめてください。", fields={"email": "形がちがいます"})
    if not 1 <= len(name) <= 100:
        raise InvalidInput("名前を1文字以上100文字までで入れてください。", fields={"name": "入力してください"})
    if role not in ROLES:
        raise InvalidInput("役割を選んでください。", fields={"role": "選んでください"})
    if session.scalar(sa.select(StaffAccount.id).where(StaffAccount.email == email)):
        raise Conflict("このメールアドレスの担当者は、すでにいます。")
    account = StaffAccount(
        id=new_id(), email=email, name=name, role=role, password_hash=password_hash, must_change=must_change,
        active=True, created_at=utc_now(), signed_in_at=None,
    )  # fmt: skip
    session.add(account)
    session.flush()
    return account


def by_email(session: Session, email: str) -> StaffAccount | None:
    """The active account with this address."""
    wanted = sa.select(StaffAccount).where(StaffAccount.email == tidy_email(email), StaffAccount.active)
    return session.scalar(wanted)


def account(session: Session, staff_id: str) -> StaffAccount:
    """One account. Raises NotFound."""
    found = session.get(StaffAccount, staff_id)
    if found is None:
        raise NotFound("この担当者は見つかりません。")
    return found


def names(session: Session) -> dict[str, str]:
    """The names of all accounts by id."""
    return {person.id: person.name for person in session.scalars(sa.select(StaffAccount))}


def active(session: Session) -> list[StaffAccount]:
    """All who can sign in, by name."""
    return list(session.scalars(sa.select(StaffAccount).where(StaffAccount.active).order_by(StaffAccount.name)))


def open_session(session: Session, staff_id: str, old_token: str | None) -> str:
    """A new session under a new token; whatever session the browser had ends."""
    if old_token:
        session.execute(sa.delete(StaffSession).where(StaffSession.token_hash == digest(old_token)))
    token, moment = new_token(), utc_now()
    session.add(
        StaffSession(
            id=new_id(), token_hash=digest(token), csrf=new_token(), staff_id=staff_id, created_at=moment,
            seen_at=moment,
        )
    )  # fmt: skip
    session.execute(sa.delete(StaffSession).where(StaffSession.seen_at < moment - LONGEST))
    session.get_one(StaffAccount, staff_id).signed_in_at = moment
    return token


def opened_by(session: Session, token: str) -> tuple[Staff, bool] | None:
    """Who this token belongs to, and whether the session's last use should be written down."""
    wanted = (
        sa.select(StaffSession, StaffAccount)
        .join(StaffAccount, StaffAccount.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == digest(token), StaffAccount.active)
    )
    found = session.execute(wanted).first()
    if found is None:
        return None
    opened, person = found
    moment = utc_now()
    if moment - opened.seen_at > IDLE or moment - opened.created_at > LONGEST:
        return None
    staff = Staff(person.id, person.name, person.email, person.role, opened.id, opened.csrf, person.must_change)
    return staff, moment - opened.seen_at > SEEN_EVERY


def seen(session: Session, session_id: str) -> None:
    """Writes down that the session was used now."""
    session.execute(sa.update(StaffSession).where(StaffSession.id == session_id).values(seen_at=utc_now()))


def end_session(session: Session, session_id: str) -> None:
    """Ends one session."""
    session.execute(sa.delete(StaffSession).where(StaffSession.id == session_id))


def end_sessions(session: Session, staff_id: str, *, but: str | None = None) -> None:
    """Ends all sessions of a person, less one."""
    wanted = sa.delete(StaffSession).where(StaffSession.staff_id == staff_id)
    session.execute(wanted.where(StaffSession.id != but) if but else wanted)


def set_password(session: Session, staff: Staff, password_hash: str) -> None:
    """A person's own new password; that person's other sessions end."""
    person = account(session, staff.id)
    person.password_hash, person.must_change = password_hash, False
    end_sessions(session, staff.id, but=staff.session_id)
    audit(session, staff, "account.password", staff.id)


def reset_password(session: Session, staff: Staff, staff_id: str, password_hash: str) -> StaffAccount:
    """A temporary password given by an admin; all sessions of the person end."""
    person = account(session, staff_id)
    person.password_hash, person.must_change = password_hash, True
    end_sessions(session, staff_id)
    audit(session, staff, "account.reset", staff_id)
    return person


def change_account(session: Session, staff: Staff, staff_id: str, role: str, is_active: bool) -> None:
    """Another role, or shut out; that person's sessions end. Raises Conflict when no admin would be left."""
    if role not in ROLES:
        raise InvalidInput("役割を選んでください。", fields={"role": "選んでください"})
    person = account(session, staff_id)
    others = sa.select(sa.func.count()).where(
        StaffAccount.role == "admin", StaffAccount.active, StaffAccount.id != staff_id
    )
    if not (role == "admin" and is_active) and not session.scalar(others):
        raise Conflict("管理者が一人もいなくなるため、変えられません。先に別の管理者を作ってください。")
    person.role, person.active = role, is_active
    end_sessions(session, staff_id, but=staff.session_id if staff_id == staff.id and is_active else None)
    audit(session, staff, "account.change", staff_id, f"{role} {'active' if is_active else 'inactive'}")

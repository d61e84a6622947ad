"""Accounts and sessions of the staff, and the append-only record of what they saw and changed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models import Base


class StaffAccount(Base):
    """One person of the staff. A temporary password has to be changed at the first sign-in."""

    __tablename__ = "staff_accounts"
    __table_args__ = (sa.CheckConstraint("role IN ('viewer', 'reviewer', 'editor', 'admin')", name="role"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    role: Mapped[str] = mapped_column(sa.String(8))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    must_change: Mapped[bool]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class StaffSession(Base):
    """A signed-in browser; only a hash of its token is kept. Ending it deletes the row."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    csrf: Mapped[str] = mapped_column(sa.String(64))
    staff_id: Mapped[str] = mapped_column(sa.ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Audit(Base):
    """Who saw or changed what; triggers of the database refuse to change or delete a row. Never text of a person."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    who: Mapped[str] = mapped_column(sa.String(100))
    what: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(64), index=True)
    detail: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


class SourceCheck(Base):
    """When somebody of the staff last looked whether a source of knowledge still says what we say."""

    __tablename__ = "source_checks"

    source_id: Mapped[str] = mapped_column(sa.String(96), primary_key=True)
    staff_id: Mapped[str | None] = mapped_column(sa.ForeignKey("staff_accounts.id", ondelete="SET NULL"))
    checked_at: Mapped[datetime]


APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_keeps_{verb} BEFORE {verb} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$",
        "CREATE TRIGGER audit_keeps_{verb} BEFORE {verb} ON audit FOR EACH ROW EXECUTE FUNCTION audit_keeps()",
    ),
}


def protect_audit(connection: sa.Connection) -> None:
    """Puts the triggers in place; called by the migration and after `create_all`."""
    for verb in ("UPDATE", "DELETE"):
        for statement in APPEND_ONLY[connection.dialect.name]:
            connection.exec_driver_sql(statement.format(verb=verb))


@sa.event.listens_for(Audit.__table__, "after_create")
def _protect(_: sa.Table, connection: sa.Connection, **__: object) -> None:
    protect_audit(connection)

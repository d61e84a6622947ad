"""Alembic's entry: migrates the database that the settings name."""

from __future__ import annotations

from alembic import context

from api.db.engine import Database
from api.db.tables import Base
from core.settings import Settings


def migrate() -> None:
    """Runs the missing steps in one transaction."""
    database = Database(context.get_x_argument(as_dictionary=True).get("url") or Settings().database)
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


migrate()

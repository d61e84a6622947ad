"""Alembic brings both databases to what the models say, and back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.db.tables import Base
from tests.api.bookings.visitor import BOTH

ROOT = Path(__file__).parents[3]


def alembic(tmp_path: Path, url: str | None, *command: str) -> None:
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(tmp_path)} | (
        {"DATABASE_URL": url} if url else {}
    )
    words = [sys.executable, "-m", "alembic", "-c", str(ROOT / "api/db/alembic.ini"), *command]
    done = subprocess.run(words, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@BOTH
@pytest.mark.timeout(120)
def test_upgrading_gives_the_tables_of_the_models_and_downgrading_takes_them_away(
    tmp_path: Path, database: str | None
) -> None:
    engine = sa.create_engine(database or f"sqlite:///{tmp_path / 'assistant.db'}")
    alembic(tmp_path, database, "upgrade", "head")
    assert set(Base.metadata.tables) <= set(sa.inspect(engine).get_table_names())
    alembic(tmp_path, database, "check")
    alembic(tmp_path, database, "downgrade", "base")
    assert set(sa.inspect(engine).get_table_names()) == {"alembic_version"}
    engine.dispose()

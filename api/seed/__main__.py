"""`make seed TURNS=100000`: fills the database with invented conversations, bookings, cases, feedback and verdicts."""

from __future__ import annotations

import argparse
import sys
import time
from random import Random

import sqlalchemy as sa

from api.db.engine import Database
from api.db.models import Base, MessageRecord, TurnRecord
from api.db.tables import Base as _EveryTable
from api.seed.appointments import add_appointments, add_work
from api.seed.people import People
from api.seed.rows import ORDER, Maker
from core.settings import Settings
from knowledge.loader import load

assert _EveryTable is Base


def main() -> int:
    """Says what it wrote and how long it took."""
    parser = argparse.ArgumentParser(description="見本の会話でデータベースを満たします")
    parser.add_argument("--turns", type=int, default=100_000, help="発言の数")
    parser.add_argument("--days", type=int, default=365, help="何日前からの会話にするか")
    parser.add_argument("--seed", type=int, default=1, help="乱数の種。同じ種は二度使えません")
    given = parser.parse_args()
    settings = Settings()
    if settings.environment == "production":
        print("production では見本を入れられません。ENVIRONMENT を確かめてください。", file=sys.stderr)
        return 1
    started = time.monotonic()
    try:
        fill(Database(settings.database), given.turns, given.days, given.seed)
    except sa.exc.IntegrityError:
        print("この種の見本は、もう入っています。--seed に別の数を渡してください。", file=sys.stderr)
        return 1
    print(f"✔ {given.turns:,}件の発言を{time.monotonic() - started:.1f}秒で入れました。")
    return 0


def fill(database: Database, turns: int, days: int = 365, seed: int = 1) -> None:
    """Writes so many turns with all that hangs on them. Raises IntegrityError for a seed used before."""
    knowledge, maker = load(), Maker(load(), days, seed)
    random = Random(seed)  # noqa: S311 - invented data
    with database.read() as session:
        highest = [session.scalar(sa.select(sa.func.max(column))) for column in (TurnRecord.id, MessageRecord.seq)]
    maker.start_after(*(number or 0 for number in highest))
    tables = [Base.metadata.tables[name] for name in ORDER]
    for rows in maker.batches(turns):
        with database.write() as session:
            for table in tables:
                if rows[table.name]:
                    session.connection().execute(sa.insert(table), rows[table.name])
    with database.write() as session:
        add_appointments(session, People(knowledge, random), random, days)
        add_work(session, random)
    _keep_counting(database)


def _keep_counting(database: Database) -> None:
    """PostgreSQL counts on after the numbers that we gave; both databases look at how the rows lie."""
    with database.write() as session:
        for table, column in (("turns", "id"), ("messages", "seq")):
            if database.engine.dialect.name == "postgresql":
                highest = sa.select(sa.func.max(sa.column(column))).select_from(sa.table(table)).scalar_subquery()
                session.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table, column), highest)))
        session.execute(sa.text("ANALYZE"))


if __name__ == "__main__":
    sys.exit(main())

"""A real PostgreSQL of our own: one cluster for the tests that want it, one fresh database for each of them."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

OWNERS = ("postgres", "nobody")
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
SECONDS = 30


class Cluster:
    """A running server, reached over a socket in its own folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, 0

    def new_database(self) -> str:
        """SQLAlchemy's address of an empty database."""
        self._made += 1
        name = f"test_{self._made}"
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://owner@/{name}?host={self._folder}"


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Starts PostgreSQL as a user that is not root, on a socket only, and stops it at the end."""
    programs = Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    become = _become(folder)
    data = folder / "data"
    initdb = [*become, str(programs / "initdb"), "-D", str(data), "-U", "owner", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*initdb, "--no-sync", "--locale=C"], check=True, capture_output=True, cwd=folder)
    options = [part for setting in QUICK for part in ("-c", setting)]
    command = [*become, str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses="]
    server = subprocess.Popen([*command, *options], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(programs, folder)
        yield Cluster(folder)
    finally:
        server.send_signal(signal.SIGINT)  # a fast shutdown: connections still open are closed
        server.wait(SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _become(folder: Path) -> list[str]:
    """initdb refuses root: let another user own the folder and run the programs."""
    if os.geteuid() != 0:
        return []
    for name in OWNERS:
        try:
            shutil.chown(folder, name)
        except LookupError:
            continue
        return ["setpriv", f"--reuid={name}", "--regid=nogroup", "--clear-groups", "--pdeathsig=INT"]
    raise RuntimeError(f"PostgreSQL needs one of these users: {OWNERS}")


def _wait(programs: Path, folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        ready = subprocess.run(
            [str(programs / "pg_isready"), "-h", str(folder), "-U", "owner", "-d", "postgres"],
            capture_output=True,
            check=False,
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start")

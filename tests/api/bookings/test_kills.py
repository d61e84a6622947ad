"""The API is killed with SIGKILL while people book: what they were told is true afterwards, and they hear of it."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from api.bookings.models import Booking, BusyCell
from api.db.engine import Database
from api.outbox.models import Notice
from tests.api.bookings.visitor import BOTH, SOAK, guest

ROOT = Path(__file__).parents[3]
KILLS = 50 if SOAK else 3
PEOPLE = 4
CELLS = 4  # an hour
UNKNOWN = "cancelling, and killed before the answer"


class Api:
    """The real API as a process of its own, on one DATA_DIR."""

    def __init__(self, data: Path, database: str | None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(data),
            "PORT": str(self.port),
            "CLOCK": "2026-11-25T09:00:00+09:00",
            "REQUESTS_PER_MINUTE": "1000000",
        } | ({"DATABASE_URL": database} if database else {})
        self.run("alembic", "-c", str(ROOT / "api/db/alembic.ini"), "upgrade", "head")

    def run(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", *words], env=self.settings, check=True, capture_output=True)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen([sys.executable, "-m", "api.server"], env=self.settings, stdout=subprocess.DEVNULL)
        try:
            self._wait(process)
            yield process
        finally:
            process.kill()
            process.wait()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            assert process.poll() is None
            try:
                if httpx.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the API did not start")


class Person:
    """Somebody who books and mostly cancels, as fast as the API answers; `told` keeps what it was told last."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.told: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        """The own bookings that may still stand, with their secret links."""

    def acts_until_killed(self, stop: threading.Event) -> None:
        """From the start of the API to its end; only a lost connection ends it quietly."""
        with httpx.Client(base_url=self.api.url, timeout=5) as http:
            while not stop.is_set():
                try:
                    self.acts(http)
                except httpx.TransportError:
                    return

    def acts(self, http: httpx.Client) -> None:
        """Books; when nothing is free, cancels one of the own bookings instead."""
        query = {"kind": "web", "from": "2026-11-25", "to": "2027-01-20"}
        listed = http.get("/api/booking-slots", params=query)
        assert listed.status_code == 200, listed.text
        if slots := listed.json()["slots"]:
            self.books(http, random.choice(slots))
        elif self.pages:
            self.cancels(http, random.choice(list(self.pages)))

    def books(self, http: httpx.Client, slot: dict[str, str]) -> None:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        answer = http.post("/api/bookings", json=guest() | {"slot_id": slot["id"]}, headers=headers)
        if answer.status_code == 409:
            return
        assert answer.status_code == 201, answer.text
        booking = answer.json()
        self.told[booking["booking_id"]] = "confirmed"
        self.pages[booking["booking_id"]] = booking["manage_url"]
        if random.random() < 0.7:
            self.cancels(http, booking["booking_id"])

    def cancels(self, http: httpx.Client, booking_id: str) -> None:
        self.told[booking_id] = UNKNOWN
        answer = http.post(f"{self.pages[booking_id]}/cancel")
        assert answer.status_code == 200, answer.text
        self.told[booking_id] = answer.json()["status"]
        del self.pages[booking_id]


@BOTH
@pytest.mark.timeout(1200)
def test_whatever_a_person_was_told_is_stored_and_its_notices_go_out(tmp_path: Path, database: str | None) -> None:
    api = Api(tmp_path, database)
    people = [Person(api) for _ in range(PEOPLE)]
    for _ in range(KILLS):
        _act_until_killed(api, people)
    told = {booking_id: status for person in people for booking_id, status in person.told.items()}
    print(f"{KILLS} kills, {len(told)} bookings: {Counter(told.values())}")
    assert told
    with api.running():
        store = Database(database or f"sqlite:///{tmp_path / 'assistant.db'}")
        _wait_until_all_went_out(store)
    _is_true(store, told)
    _was_heard(store, tmp_path / "outbox")
    store.engine.dispose()


def _act_until_killed(api: Api, people: list[Person]) -> None:
    """All act at once until the API is killed; fails with whatever a person failed with."""
    stop = threading.Event()
    with api.running() as process, ThreadPoolExecutor(PEOPLE) as pool:
        acting = [pool.submit(person.acts_until_killed, stop) for person in people]
        time.sleep(random.uniform(0.1, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        stop.set()
        for person in acting:
            person.result()


def _wait_until_all_went_out(store: Database) -> None:
    waiting = sa.select(sa.func.count()).where(
        Notice.sent_at.is_(None), Notice.dropped_at.is_(None), Notice.due_at.is_(None)
    )
    for _ in range(600):
        with store.read() as session:
            if session.scalar(waiting) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("notices are still waiting")


def _is_true(store: Database, told: dict[str, str]) -> None:
    with store.read() as session:
        stored = {booking.id: booking for booking in session.scalars(sa.select(Booking))}
        cells = list(session.scalars(sa.select(BusyCell.booking_id)))
        notices = list(session.execute(sa.select(Notice.booking_id, Notice.what)))
    for booking_id, status in told.items():
        assert stored[booking_id].status == status or status == UNKNOWN
    confirmed = {booking_id for booking_id, booking in stored.items() if booking.status == "confirmed"}
    assert set(cells) == confirmed
    assert len(cells) == CELLS * len(confirmed)
    for what, wanted in (("confirmed", set(stored)), ("cancelled", set(stored) - confirmed)):
        for reader in ("guest", "staff"):
            assert {booking_id for booking_id, told_of in notices if told_of == f"{reader}_{what}"} == wanted


def _was_heard(store: Database, outbox: Path) -> None:
    files = [message_from_bytes(path.read_bytes(), policy=default) for path in outbox.glob("*.eml")]
    ids = [str(mail["Message-ID"]) for mail in files]
    with store.read() as session:
        expected = set(session.scalars(sa.select(Notice.message_id).where(Notice.sent_at.is_not(None))))
    assert expected <= set(ids)
    assert len(ids) == len(set(ids))

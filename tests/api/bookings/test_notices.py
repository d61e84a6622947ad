"""Notices: written with the change, sent at least once under one Message-ID, and never lost."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa

from api.bookings.service import Bookings
from api.outbox.models import Notice
from api.outbox.senders import Refused, Smtp
from api.outbox.worker import FIRST_WAIT, LONGEST_WAIT, backoff
from core.settings import Settings
from tests.api.bookings.conftest import Clock
from tests.api.bookings.visitor import BOTH, Visitor

Mails = Callable[[], list[EmailMessage]]


def notices(visitor: Visitor) -> dict[str, Notice]:
    with visitor.client.app.state.database.read() as session:  # type: ignore[attr-defined]
        return {notice.what: notice for notice in session.scalars(sa.select(Notice).order_by(Notice.id))}


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content().replace("\r\n", "\n")
    return content


def invitation(mail: EmailMessage) -> str:
    file: str = next(part.get_content() for part in mail.walk() if part.get_content_type() == "text/calendar")
    return file


@BOTH
def test_guest_and_staff_hear_of_a_booking(visitor: Visitor, mails: Mails) -> None:
    card = visitor.booked()
    found = {str(mail["To"].addresses[0].addr_spec): mail for mail in mails()}
    assert set(found) == {"hanako@example.jp", "staff@example.jp"}
    guest_mail = found["hanako@example.jp"]
    assert "2026年11月26日(木) 11:00〜12:00" in str(guest_mail["Subject"])
    assert card["manage_url"] in text(guest_mail)
    assert "METHOD:REQUEST" in invitation(guest_mail)
    assert card["manage_url"] not in text(found["staff@example.jp"])
    assert "\nメール：hanako@example.jp\n電話　：082-123-4567\n" in text(found["staff@example.jp"])


def test_each_change_is_told_with_its_own_calendar_file(visitor: Visitor, mails: Mails) -> None:
    card = visitor.booked()
    mails()
    visitor.post(f"{card['path']}/reschedule", {"slot_id": visitor.slots()[4]["id"]})
    mails()
    visitor.post(f"{card['path']}/cancel")
    to_guest = [mail for mail in mails() if "hanako" in str(mail["To"])]
    assert [line for mail in to_guest for line in invitation(mail).splitlines() if line.startswith("SEQUENCE")] == [
        "SEQUENCE:0",
        "SEQUENCE:1",
        "SEQUENCE:2",
    ]
    assert "METHOD:CANCEL" in invitation(to_guest[-1])
    assert "変更前：2026年11月26日(木) 11:00〜12:00" in text(to_guest[1])
    assert len({str(mail["Message-ID"]) for mail in mails()}) == 6


def test_a_late_confirmation_still_tells_what_was_true_then(visitor: Visitor, mails: Mails) -> None:
    card = visitor.booked()
    visitor.post(f"{card['path']}/reschedule", {"slot_id": visitor.slots()[4]["id"]})
    confirmed, moved = [mail for mail in mails() if "hanako" in str(mail["To"])]
    assert (
        "DTSTART;TZID=Asia/Tokyo:20261126T110000" in invitation(confirmed),
        "SEQUENCE:0" in invitation(confirmed),
    ) == (True, True)
    assert "SEQUENCE:1" in invitation(moved)


def test_the_reminder_comes_a_day_before_and_only_then(visitor: Visitor, mails: Mails, clock: Clock) -> None:
    visitor.booked(visitor.slots("2026-12-03", "2026-12-03")[0])
    assert len(mails()) == 2
    clock.set("2026-12-02T09:59:00+09:00")
    assert len(mails()) == 2
    clock.set("2026-12-02T10:00:30+09:00")
    assert "【明日のご予約】" in str(mails()[-1]["Subject"])
    assert len(mails()) == 3


def test_the_reminder_moves_with_the_booking(visitor: Visitor, mails: Mails, clock: Clock) -> None:
    card = visitor.booked(visitor.slots("2026-12-03", "2026-12-03")[0])
    wanted = visitor.slots("2026-12-10", "2026-12-10")[0]
    visitor.post(f"{card['path']}/reschedule", {"slot_id": wanted["id"]})
    clock.set("2026-12-02T12:00:00+09:00")
    assert not [mail for mail in mails() if "明日" in str(mail["Subject"])]
    clock.set("2026-12-09T12:00:00+09:00")
    assert len([mail for mail in mails() if "明日" in str(mail["Subject"])]) == 1


@pytest.mark.parametrize("ends", ["cancelled", "past"])
def test_nobody_is_reminded_of_what_is_cancelled_or_past(
    visitor: Visitor, mails: Mails, clock: Clock, ends: str
) -> None:
    card = visitor.booked(visitor.slots("2026-12-03", "2026-12-03")[0])
    if ends == "cancelled":
        visitor.post(f"{card['path']}/cancel")
    clock.set("2026-12-02T12:00:00+09:00" if ends == "cancelled" else "2026-12-03T12:00:00+09:00")
    assert not [mail for mail in mails() if "明日" in str(mail["Subject"])]


def test_a_booking_less_than_a_day_ahead_needs_no_reminder(visitor: Visitor, clock: Clock) -> None:
    clock.set("2026-11-25T10:55:00+09:00")
    hold = visitor.hold(visitor.slots()[0]).json()["hold_id"]
    clock.set("2026-11-25T11:04:00+09:00")
    assert visitor.book(hold_id=hold).json()["start"] == "2026-11-26T11:00:00+09:00"
    assert set(notices(visitor)) == {"guest_confirmed", "staff_confirmed"}


class Stubborn:
    """Fails some times, then sends."""

    lease = 1.0

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures, self.error = failures, error
        self.sent: list[EmailMessage] = []

    def send(self, mail: EmailMessage) -> None:
        if self.failures:
            self.failures -= 1
            raise self.error
        self.sent.append(mail)


@pytest.fixture
def quick(bookings: Bookings, monkeypatch: pytest.MonkeyPatch) -> Callable[[Stubborn], None]:
    """Puts another sender in, and lets every wait be over at once."""

    def put(sender: Stubborn) -> None:
        monkeypatch.setattr(bookings.worker, "_sender", sender)
        monkeypatch.setattr("api.outbox.worker.backoff", lambda _: timedelta(0))

    return put


def test_what_could_not_be_sent_is_tried_again_under_the_same_id(
    visitor: Visitor, bookings: Bookings, quick: Callable[[Stubborn], None], mails: Mails
) -> None:
    sender = Stubborn(5, ConnectionError())
    quick(sender)
    visitor.booked()
    mails()
    expected = {notice.message_id for notice in notices(visitor).values() if notice.sent_at}
    assert {str(mail["Message-ID"]) for mail in sender.sent} == expected
    assert len(sender.sent) == 2
    assert sum(notice.attempts for notice in notices(visitor).values()) == 7


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    visitor: Visitor, quick: Callable[[Stubborn], None], mails: Mails
) -> None:
    sender = Stubborn(1, Refused())
    quick(sender)
    visitor.booked()
    mails()
    assert len(sender.sent) == 1
    assert [notice.failure for notice in notices(visitor).values() if notice.dropped_at] == ["Refused"]


def test_waits_double_up_to_an_hour() -> None:
    assert timedelta(seconds=FIRST_WAIT * 0.8) <= backoff(1) <= timedelta(seconds=FIRST_WAIT * 1.2)
    assert backoff(3) > backoff(1)
    assert backoff(80) <= timedelta(seconds=LONGEST_WAIT * 1.2)


def test_a_claim_of_a_killed_worker_runs_out(visitor: Visitor, mails: Mails) -> None:
    visitor.booked()
    with visitor.client.app.state.database.write() as session:  # type: ignore[attr-defined]
        session.execute(sa.update(Notice).values(attempts=1, try_after=datetime.now(UTC) + timedelta(minutes=1)))
    assert mails() == []
    with visitor.client.app.state.database.write() as session:  # type: ignore[attr-defined]
        session.execute(sa.update(Notice).values(try_after=datetime.now(UTC) - timedelta(seconds=1)))
    assert len(mails()) == 2


def test_a_mail_written_twice_is_one_file(visitor: Visitor, mails: Mails, settings: Settings) -> None:
    visitor.booked()
    mails()
    with visitor.client.app.state.database.write() as session:  # type: ignore[attr-defined]
        session.execute(sa.update(Notice).where(Notice.due_at.is_(None)).values(sent_at=None, try_after=None))
    assert len(mails()) == 2
    assert not list((settings.data_dir / "outbox").glob("*.part"))


def test_smtp_is_spoken_when_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []

    class Server:
        def __init__(self, host: str, port: int, **_: Any) -> None:
            said.append((host, port))

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_: object) -> None:
            said.append("quit")

        def starttls(self, context: Any) -> None:
            said.append("starttls")

        def login(self, user: str, password: str) -> None:
            said.append((user, password))

        def send_message(self, mail: EmailMessage) -> None:
            said.append(str(mail["To"]))

    monkeypatch.setattr(smtplib, "SMTP", Server)
    ends = {"mail_from": "desk@example.jp", "staff_email": "staff@example.jp"}
    settings = Settings(smtp_host="mail.example.jp", smtp_user="desk", smtp_password="secret", **ends)  # type: ignore[arg-type]
    mail = EmailMessage()
    mail["To"] = "hanako@example.jp"
    Smtp(settings).send(mail)
    assert said == [("mail.example.jp", 587), "starttls", ("desk", "secret"), "hanako@example.jp", "quit"]

"""Ways out for a mail: an SMTP server, or one .eml file each."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from core.settings import Settings

SECONDS = 10


class Refused(Exception):
    """The server will never take this mail."""


class Sender(Protocol):
    """Sends a mail; the same mail may be sent again after a crash."""

    lease: float
    """Seconds after which an unfinished sending counts as lost."""

    def send(self, mail: EmailMessage) -> None: ...


class Files:
    """One .eml a notice, named by its Message-ID: written again, it is still one."""

    lease = 1.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{str(mail['Message-ID']).strip('<>').partition('@')[0]}.eml"
        draft = path.with_suffix(".part")
        with draft.open("wb") as file:
            file.write(mail.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


class Smtp:
    """A mail server."""

    lease = 60.0

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _ in error.recipients.values()):
                raise Refused from error
            raise

    def _connected(self) -> smtplib.SMTP:
        known, tls = self._settings, ssl.create_default_context()
        host, port = known.smtp_host or "", known.smtp_port
        server: smtplib.SMTP
        if known.smtp_security == "tls":
            server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=tls)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        if known.smtp_security == "starttls":
            server.starttls(context=tls)
        if known.smtp_user:
            server.login(known.smtp_user, known.smtp_password.get_secret_value() if known.smtp_password else "")
        return server


def sender(settings: Settings) -> Sender:
    """SMTP if it is set, else files under DATA_DIR/outbox/."""
    return Smtp(settings) if settings.smtp_host else Files(settings.data_dir / "outbox")

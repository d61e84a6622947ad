"""Secret links: made from the server's own secret whenever needed, so that only their hash is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

from core.settings import Settings

MAC_BYTES = 9


class Links:
    """Tokens of the manage and print pages, and signed opaque ids. Whoever only reads the database cannot make them."""

    def __init__(self, settings: Settings) -> None:
        self._secret = _secret(settings)
        self._base = settings.base_url

    def token(self, purpose: str, record_id: str) -> str:
        """The token (256 bits) that opens one record for one purpose."""
        return _text(self._mac(f"{purpose}:{record_id}"))

    def manage_url(self, booking_id: str) -> str:
        """The page where a guest sees, moves and cancels a booking."""
        return f"{self._base}/bookings/{self.token('manage', booking_id)}"

    def ics_url(self, booking_id: str) -> str:
        """The booking as a calendar file."""
        return f"{self.manage_url(booking_id)}.ics"

    def print_path(self, case_id: str) -> str:
        """The printable page of a case, as an absolute path."""
        return f"/print/{self.token('print', case_id)}"

    def sign(self, payload: str) -> str:
        """An opaque id that carries `payload`."""
        return _text(self._mac(f"id:{payload}")[:MAC_BYTES] + payload.encode())

    def unsign(self, signed: str) -> str | None:
        """The payload of an id that we made, or None."""
        try:
            raw = base64.b64decode(signed + "=" * (-len(signed) % 4), altchars=b"-_", validate=True)
            payload = raw[MAC_BYTES:].decode()
        except ValueError:
            return None
        return payload if hmac.compare_digest(self.sign(payload).encode(), signed.encode()) else None

    def with_links(self, card: dict[str, Any]) -> dict[str, Any]:
        """A stored card with its links; cards are stored without them."""
        if card.get("type") == "booking":
            booking_id = card["booking_id"]
            return card | {"manage_url": self.manage_url(booking_id), "ics_url": self.ics_url(booking_id)}
        if card.get("type") in ("estimate", "verdict") and card.get("id"):
            return card | {"print_url": self.print_path(card["id"])}
        return card

    def _mac(self, text: str) -> bytes:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _secret(settings: Settings) -> bytes:
    if settings.link_secret:
        return settings.link_secret.get_secret_value().encode()
    path = settings.data_dir / "link_secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(32))
    return path.read_bytes()


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all, and never over what another process wrote first."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

"""Slack's signature over the raw body, good for five minutes."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr
from slack_sdk.signature import Clock, SignatureVerifier

from core.errors import Unauthorized

REFUSED = "Slack の署名を確かめられません。SLACK_SIGNING_SECRET と、サーバーの時計を確かめてください。"


class Verification:
    """Checks deliveries with slack_sdk. The clock is the real one, which Slack shares, not the house's."""

    def __init__(self, secret: SecretStr, clock: Clock | None = None) -> None:
        self._verifier = SignatureVerifier(secret.get_secret_value(), clock or Clock())

    def check(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises Unauthorized for a missing, wrong or stale signature, or one that cannot be read."""
        try:
            genuine = self._verifier.is_valid_request(body, dict(headers))
        except (TypeError, ValueError, OverflowError):
            genuine = False
        if not genuine:
            raise Unauthorized(REFUSED)

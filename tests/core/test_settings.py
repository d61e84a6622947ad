"""Settings: one table for people, and no unsafe production."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.settings import Settings

TABLE = Path(__file__).parents[2] / "docs" / "settings.md"
SAFE = {"environment": "production", "internal_secret": "s" * 32, "public_url": "https://jcredit.example.jp"}


def test_every_setting_stands_in_the_table_with_its_description() -> None:
    table = TABLE.read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`{name.upper()}`" in table, f"docs/settings.md に {name.upper()} を書いてください"
        assert (field.description or "?") in table, (
            f"docs/settings.md の {name.upper()} の説明を core/settings.py と同じにしてください"
        )


def test_safe_production_settings_are_accepted() -> None:
    assert Settings(**SAFE).environment == "production"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "unsafe",
    [
        {"internal_secret": "development"},
        {"public_url": "http://jcredit.example.jp"},
        {"public_url": None},
        {"clock": "2026-11-23T10:00:00+09:00"},
    ],
)
def test_unsafe_production_settings_are_refused(unsafe: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**{**SAFE, **unsafe})  # type: ignore[arg-type]


def test_a_forwarded_address_is_believed_only_from_a_trusted_proxy() -> None:
    settings = Settings(trusted_proxies="10.0.0.0/8, 127.0.0.1")
    assert settings.trusts("10.1.2.3")
    assert not settings.trusts("192.0.2.1")

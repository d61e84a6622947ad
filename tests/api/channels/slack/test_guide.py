"""docs/slack.md: the manifest that people paste fits the doors and the calls of this house."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

GUIDE = (Path(__file__).parents[4] / "docs" / "slack.md").read_text(encoding="utf-8")
HOST = "https://soudan.example.jp"


@pytest.fixture
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(GUIDE.split("```yaml\n")[1].split("```")[0])
    return found


def test_the_manifest_names_our_doors(manifest: dict[str, Any], client: TestClient) -> None:
    asked = manifest["settings"]
    urls = [
        asked["event_subscriptions"]["request_url"],
        asked["interactivity"]["request_url"],
        *(command["url"] for command in manifest["features"]["slash_commands"]),
    ]
    assert len(urls) == 3
    for url in urls:
        assert url.startswith(f"{HOST}/")
        assert client.post(url.removeprefix(HOST)).status_code == 401, f"{url} is no door of ours"


def test_the_manifest_asks_for_what_is_used_and_no_more(manifest: dict[str, Any]) -> None:
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == {
        "app_mentions:read",
        "chat:write",
        "commands",
        "im:history",
    }
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == {"app_mention", "message.im"}
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False


def test_texts_of_the_manifest_keep_slacks_limits(manifest: dict[str, Any]) -> None:
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80
    (command,) = manifest["features"]["slash_commands"]
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_every_setting_of_slack_is_explained() -> None:
    for name in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_API_BASE"):
        assert f"| `{name}` |" in GUIDE

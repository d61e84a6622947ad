"""Which channels are set up, and their doors."""

from __future__ import annotations

from api.channels.events import Channel
from api.channels.line import routes as line_routes
from api.channels.line.channel import LineChannel
from api.channels.slack import routes as slack_routes
from api.channels.slack.channel import SlackChannel
from core.settings import Settings

routers = (line_routes.router, slack_routes.router)


def channels(settings: Settings) -> list[Channel]:
    """The channels whose secrets are there."""
    found: list[Channel] = []
    if settings.line_channel_secret and settings.line_channel_access_token:
        found.append(LineChannel(settings))
    if settings.slack_signing_secret and settings.slack_bot_token:
        found.append(SlackChannel(settings))
    return found

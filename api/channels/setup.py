"""Which channels are set up, and their doors."""

from __future__ import annotations

from api.channels.events import Channel
from api.channels.line import routes as line_routes
from api.channels.line.channel import LineChannel
from core.settings import Settings

routers = (line_routes.router,)


def channels(settings: Settings) -> list[Channel]:
    """The channels whose secrets are there."""
    found: list[Channel] = []
    if settings.line_channel_secret and settings.line_channel_access_token:
        found.append(LineChannel(settings))
    return found

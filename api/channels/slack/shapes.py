"""The parts of Slack's deliveries that are read; everything else in them is ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SlackId = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,32}$")]
Moment = Annotated[str, Field(pattern=r"^\d{1,12}\.\d{1,9}$")]
DeliveryId = Annotated[str, Field(pattern=r"^[\w.-]{1,60}$")]


class Shape(BaseModel):
    """Read-only; unknown keys are fine, wrong types are not."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Verifying(Shape):
    """Slack asks whether this address is ours."""

    type: Literal["url_verification"]
    challenge: Annotated[str, Field(max_length=500)]


class Bot(Shape):
    """Who this app is in the workspace."""

    user_id: str | None = None
    is_bot: bool = False


class Earlier(Shape):
    """A message before it was changed or deleted."""

    thread_ts: Moment | None = None


class SlackEvent(Shape):
    """A message or a mention; other events have at least a type."""

    type: str
    subtype: str | None = None
    channel: Any = None
    channel_type: str | None = None
    user: Any = None
    text: str | None = None
    ts: Moment | None = None
    thread_ts: Moment | None = None
    bot_id: str | None = None
    bot_profile: dict[str, Any] | None = None
    files: list[Any] = []
    deleted_ts: Moment | None = None
    previous_message: Earlier = Earlier()


class Callback(Shape):
    """One delivery of the Events API."""

    type: Literal["event_callback"]
    team_id: SlackId
    event_id: DeliveryId
    event: SlackEvent
    authorizations: list[Bot] = []


class Words(Shape):
    """A text object."""

    text: str = ""


class Option(Shape):
    """A ticked box."""

    value: Annotated[str, Field(max_length=64)]
    text: Words = Words()

    @property
    def label(self) -> str:
        """What stands beside it."""
        return self.text.text


class Ticks(Shape):
    """The boxes of one element."""

    selected_options: list[Option] = []


class State(Shape):
    """All boxes of a message, by block and element."""

    values: dict[str, dict[str, Ticks]] = {}


class Action(Shape):
    """What was pressed."""

    type: str
    action_id: str
    block_id: str = ""
    value: Annotated[str, Field(max_length=64)] | None = None
    text: Words = Words()

    @property
    def label(self) -> str:
        """What stands on it."""
        return self.text.text


class Container(Shape):
    """The message that the button stands in."""

    type: str | None = None
    message_ts: Moment
    channel_id: SlackId
    thread_ts: Moment | None = None
    is_ephemeral: bool = False


class Someone(Shape):
    """A person or a workspace."""

    id: SlackId


class Original(Shape):
    """The message that a button stands in, as Slack shows it."""

    blocks: list[dict[str, Any]] = []


class Pressed(Shape):
    """A block_actions payload."""

    type: Literal["block_actions"]
    team: Someone
    user: Someone
    trigger_id: DeliveryId
    container: Container
    actions: Annotated[list[Action], Field(min_length=1)]
    message: Original = Original()
    state: State = State()
    response_url: str | None = None


class Command(Shape):
    """A slash command."""

    team_id: SlackId
    channel_id: SlackId
    user_id: SlackId
    trigger_id: DeliveryId
    response_url: str
    text: str = ""

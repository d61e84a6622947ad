"""Threads on LINE and Slack, what arrives and what goes out there; codes that move a conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_threads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("erase_on_leaving", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_channel_threads_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_threads")),
        sa.UniqueConstraint("channel", "key", name=op.f("uq_channel_threads_channel")),
    )
    with op.batch_alter_table("channel_threads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_threads_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "continue_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_continue_codes_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_continue_codes")),
    )
    with op.batch_alter_table("continue_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_continue_codes_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "channel_arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("event_id", sa.String(length=96), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.JSON(), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_after", UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["channel_threads.id"],
            name=op.f("fk_channel_arrivals_thread_id_channel_threads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_arrivals")),
        sa.UniqueConstraint("channel", "event_id", name=op.f("uq_channel_arrivals_channel")),
    )
    with op.batch_alter_table("channel_arrivals", schema=None) as batch_op:
        batch_op.create_index("ix_channel_arrivals_waiting", ["done_at", "thread_id", "id"], unique=False)

    op.create_table(
        "channel_departures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("message_ids", sa.JSON(), nullable=False),
        sa.Column("route", sa.JSON(), nullable=False),
        sa.Column("retry_key", sa.String(length=36), nullable=False),
        sa.Column("sent_parts", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_after", UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_channel_departures_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["channel_threads.id"],
            name=op.f("fk_channel_departures_thread_id_channel_threads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_departures")),
        sa.UniqueConstraint("key", name=op.f("uq_channel_departures_key")),
    )
    with op.batch_alter_table("channel_departures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_departures_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index("ix_channel_departures_waiting", ["done_at", "thread_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("channel_departures", schema=None) as batch_op:
        batch_op.drop_index("ix_channel_departures_waiting")
        batch_op.drop_index(batch_op.f("ix_channel_departures_conversation_id"))

    op.drop_table("channel_departures")
    with op.batch_alter_table("channel_arrivals", schema=None) as batch_op:
        batch_op.drop_index("ix_channel_arrivals_waiting")

    op.drop_table("channel_arrivals")
    with op.batch_alter_table("continue_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_continue_codes_conversation_id"))

    op.drop_table("continue_codes")
    with op.batch_alter_table("channel_threads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_threads_conversation_id"))

    op.drop_table("channel_threads")

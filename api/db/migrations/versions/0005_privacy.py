"""Masked copies and when the full text went; questions asked; closed days; checks of sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXTS = ("turns", "messages")


def upgrade() -> None:
    for table in TEXTS:
        op.add_column(table, sa.Column("masked_text", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("full_gone_at", UtcDateTime(timezone=True), nullable=True))
        op.create_index(f"ix_{table}_full_gone_at", table, ["full_gone_at", "created_at"])
    op.add_column("feedback", sa.Column("masked_comment", sa.Text(), nullable=True))
    charts = ["created_at", "outcome", "channel", "topic", "verdict"]
    op.create_index("ix_inquiries_charts", "inquiries", charts)
    op.drop_index("ix_inquiries_created_at", "inquiries")  # the one for charts begins with it and holds all they count
    op.create_table(
        "asked",
        sa.Column("turn_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("task", sa.String(length=24), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_asked_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_asked_turn_id_turns"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_asked")),
    )
    op.create_index(op.f("ix_asked_conversation_id"), "asked", ["conversation_id"])
    op.create_index("ix_asked_task", "asked", ["task", "created_at"])
    op.create_table(
        "closed_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_closed_days")),
    )
    op.create_table(
        "source_checks",
        sa.Column("source_id", sa.String(length=96), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_accounts.id"],
            name=op.f("fk_source_checks_staff_id_staff_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_checks")),
    )


def downgrade() -> None:
    op.drop_table("source_checks")
    op.drop_table("closed_days")
    op.drop_table("asked")
    op.create_index("ix_inquiries_created_at", "inquiries", ["created_at"])
    op.drop_index("ix_inquiries_charts", "inquiries")
    op.drop_column("feedback", "masked_comment")
    for table in TEXTS:
        op.drop_index(f"ix_{table}_full_gone_at", table)
        op.drop_column(table, "full_gone_at")
        op.drop_column(table, "masked_text")

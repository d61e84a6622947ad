"""The masked copy beside every text, and when the full text went."""

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


def downgrade() -> None:
    op.drop_column("feedback", "masked_comment")
    for table in TEXTS:
        op.drop_index(f"ix_{table}_full_gone_at", table)
        op.drop_column(table, "full_gone_at")
        op.drop_column(table, "masked_text")

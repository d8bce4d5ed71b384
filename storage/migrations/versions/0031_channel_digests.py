"""Digests in channels."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_digests",
        sa.Column("guild_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("due_zone", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_channel_digests_weekday")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_channel_digests_hour")),
        sa.PrimaryKeyConstraint("guild_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_channel_digests_due", "channel_digests", ["due_at"])
    op.create_table(
        "channel_letters",
        sa.Column("guild_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "state IN ('claimed','sent','failed','skipped')", name=op.f("ck_channel_letters_state")
        ),
        sa.PrimaryKeyConstraint("guild_id", "period"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_channel_letters_state", "channel_letters", ["state", "claimed_at"])

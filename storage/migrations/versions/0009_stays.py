"""Which guilds the bot has been in, so that one that removed it is noticed and purged."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "stays",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("state", sa.Text(), server_default="here", nullable=False),
        sa.Column("left_at", sa.Float(), nullable=True),
        sa.Column("purge_at", sa.Float(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('here','gone','purging','purged')", name="ck_stays_state"),
        sa.CheckConstraint("notice IN ('kept','purged')", name="ck_stays_notice"),
        sa.PrimaryKeyConstraint("guild_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_redemptions_entry", "redemptions", ["entry_id"])
    # Only the bot itself places cursors.
    op.execute("INSERT INTO stays (guild_id) SELECT DISTINCT guild_id FROM cursors")

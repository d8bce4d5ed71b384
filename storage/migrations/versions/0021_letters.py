"""How often digests come and what they say; the scores of what is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("impressions", sa.Column("score", sa.Float(), nullable=True))
    op.create_index("ix_impressions_shown", "impressions", ["guild_id", "shown_at"])
    for column in (
        sa.Column("cadence", sa.Text(), server_default="weekly", nullable=False),
        sa.Column("paused_until", sa.Float(), nullable=True),
        sa.Column("stage", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stage_at", sa.Float(), nullable=True),
    ):
        op.add_column("digest_settings", column)
    op.add_column("deliveries", sa.Column("note", sa.Text(), nullable=True))
    op.add_column(
        "deliveries", sa.Column("n_gated", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_index("ix_deliveries_member", "deliveries", ["user_id", "claimed_at"])

"""What is held out and tried out."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "insight_settings",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("holdout", sa.Float(), server_default="0", nullable=False),
        sa.Column("is_holdout_set", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("guild_id"),
    )
    op.create_table(
        "experiments",
        sa.Column("experiment_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("matters", sa.Float(), nullable=False),
        sa.Column("planned", sa.Float(), nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.Column("ends_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "policy IN ('exploration','diversity','digest','ranker')",
            name=op.f("ck_experiments_policy"),
        ),
        sa.CheckConstraint("metric IN ('open','save')", name=op.f("ck_experiments_metric")),
        sa.CheckConstraint(
            "state IN ('running','ended','stopped')", name=op.f("ck_experiments_state")
        ),
        sa.PrimaryKeyConstraint("experiment_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_experiments_running",
        "experiments",
        ["guild_id"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
    )

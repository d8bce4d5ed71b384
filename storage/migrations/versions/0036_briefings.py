"""When moderators' channel is told how things stand."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "briefings",
        sa.Column("guild_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=True),
        sa.Column("day", sa.Text(), server_default="", nullable=False),
        sa.Column("is_monthly", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("month", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_briefings_hour")),
        sa.PrimaryKeyConstraint("guild_id"),
        sqlite_with_rowid=False,
    )

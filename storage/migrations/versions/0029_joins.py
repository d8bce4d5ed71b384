"""What went along when a resource was merged or replaced is kept, so that parting is exact."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resource_joins",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("moved_ids", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("edition_ids", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("was_edition", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("resource_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_resource_joins_guild", "resource_joins", ["guild_id"])

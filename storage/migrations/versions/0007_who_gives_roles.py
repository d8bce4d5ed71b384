"""In whose name roles are given, what is wrong with one for sale, when holders were seen last."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "level_rewards", sa.Column("set_by", BigId, server_default=sa.text("0"), nullable=False)
    )
    # The audit trail says who set what there is; 0 where that was erased with them.
    op.execute(
        "UPDATE level_rewards SET set_by = coalesce((SELECT audit.actor_id FROM audit"
        " WHERE audit.guild_id = level_rewards.guild_id AND audit.action = 'levels.reward'"
        " AND audit.subject = CAST(level_rewards.role_id AS TEXT)"
        " ORDER BY audit.audit_id DESC LIMIT 1), 0)"
    )
    for table in ("level_grants", "redemptions"):
        op.add_column(
            table, sa.Column("seen_at", sa.Float(), server_default=sa.text("0"), nullable=False)
        )
    op.create_index("ix_level_grants_seen", "level_grants", ["seen_at"])
    op.add_column(
        "shop_items", sa.Column("role_by", BigId, server_default=sa.text("0"), nullable=False)
    )
    op.execute("UPDATE shop_items SET role_by = added_by WHERE role_id IS NOT NULL")
    op.add_column("shop_items", sa.Column("role_problem", sa.Text(), nullable=True))
    op.add_column(
        "shop_items",
        sa.Column("is_problem_told", sa.Boolean(), server_default=sa.text("0"), nullable=False),
    )

"""Points for buying: which event says that money came, and one source may pay again."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accesses", sa.Column("paid_event_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_accesses_paid",
        "accesses",
        ["paid_event_id"],
        sqlite_where=sa.text("paid_event_id IS NOT NULL"),
    )
    op.drop_index("uq_ledger_source", table_name="ledger")
    op.create_index(
        "uq_ledger_source",
        "ledger",
        ["guild_id", "source_id", "kind", "user_id", "giver_id", "rescore_id"],
        unique=True,
        sqlite_where=sa.text(
            "reverses IS NULL AND kind NOT IN ('answer', 'resource', 'savers', 'purchase')"
            " AND (giver_id <> 0 OR kind <> 'helpful')"
        ),
    )

"""From whom a model has learned, and until when it may serve after one of them withdrew.

Models fitted before members' records counted from their yes on learned from more than is allowed
now: they serve for a day at most, and those they may have learned from are told so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SERVES = "state IN ('live', 'retired') AND reason = 'accepted' AND arrays IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "learned_from",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("snapshot_id", BigId, autoincrement=False, nullable=False),
        sa.Column("learned_at", sa.Float(), nullable=False),
        sa.Column("from_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "snapshot_id"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.add_column("snapshots", sa.Column("until_at", sa.Float(), nullable=True))
    op.execute(
        "INSERT INTO learned_from (guild_id, user_id, snapshot_id, learned_at, from_at)"
        " SELECT m.guild_id, m.user_id, s.snapshot_id, s.as_of_at, 0 FROM members m"
        f" JOIN snapshots s ON s.guild_id = m.guild_id AND {_SERVES}"
        " LEFT JOIN guilds g ON g.guild_id = m.guild_id"
        " WHERE m.is_tracked AND (m.consent = 'granted'"
        " OR (m.consent = 'unknown' AND g.consent_policy = 'notice'))"
        " AND EXISTS (SELECT 1 FROM events e WHERE e.guild_id = m.guild_id"
        " AND e.user_id = m.user_id AND e.resource_id IS NOT NULL"
        " AND e.recorded_at <= s.created_at)"
    )
    op.execute(
        f"UPDATE snapshots SET until_at = CAST(strftime('%s', 'now') AS REAL) + 86400"
        f" WHERE {_SERVES}"
    )

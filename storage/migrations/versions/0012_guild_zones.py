"""From when on a server lived in which time zone: a day that was stays that day."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guild_zones",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.Float(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "since_at"),
        sqlite_with_rowid=False,
    )
    # What was changed before stands in the server's log.
    op.execute(
        "INSERT INTO guild_zones SELECT guild_id, occurred_at, json_extract(details, '$.after')"
        " FROM audit WHERE action = 'server-time-zone' AND json_extract(details, '$.after') <> ''"
        " ON CONFLICT DO NOTHING"
    )
    op.execute(
        "INSERT INTO guild_zones SELECT guild_id, 0, json_extract(details, '$.before') FROM audit a"
        " WHERE action = 'server-time-zone' AND json_extract(details, '$.before') <> ''"
        " AND NOT EXISTS (SELECT 1 FROM audit b WHERE b.guild_id = a.guild_id"
        " AND b.action = a.action AND b.audit_id < a.audit_id)"
        " ON CONFLICT DO NOTHING"
    )

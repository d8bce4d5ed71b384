"""The channel where moderators are notified is a setting of the server, not of its levels."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CHOSEN = " FROM level_settings s WHERE s.staff_channel_id IS NOT NULL"


def upgrade() -> None:
    op.add_column("guilds", sa.Column("staff_channel_id", BigId, nullable=True))
    op.execute(
        "INSERT INTO guilds (guild_id, created_at)"
        f" SELECT s.guild_id, CAST(strftime('%s', 'now') AS REAL){_CHOSEN}"
        " ON CONFLICT (guild_id) DO NOTHING"
    )
    op.execute(
        "UPDATE guilds SET staff_channel_id ="
        f" (SELECT s.staff_channel_id{_CHOSEN} AND s.guild_id = guilds.guild_id)"
    )
    op.drop_column("level_settings", "staff_channel_id")

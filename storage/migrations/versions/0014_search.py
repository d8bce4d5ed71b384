"""Which resources changed since when, so that the search index reads only those; and synonyms."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ROWS = {
    "added": ("INSERT", ("new",)),
    "changed": ("UPDATE", ("old", "new")),
    "removed": ("DELETE", ("old",)),
}


def upgrade() -> None:
    op.create_table(
        "catalogue_changes",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("resource_id", BigId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "resource_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_catalogue_changes", "catalogue_changes", ["guild_id", "version"])
    op.add_column("guilds", sa.Column("synonyms", sa.Text(), server_default="", nullable=False))
    for name, (act, rows) in _ROWS.items():
        op.execute(f"DROP TRIGGER tr_resources_{name}")
        counted = " ".join(
            f"INSERT INTO versions (guild_id, catalogue) VALUES ({row}.guild_id, 1)"
            " ON CONFLICT (guild_id) DO UPDATE SET catalogue = catalogue + 1;"
            for row in rows
        )
        noted = " ".join(
            "INSERT INTO catalogue_changes (guild_id, resource_id, version)"
            f" SELECT {row}.guild_id, {row}.resource_id, v.catalogue FROM versions v"
            f" WHERE v.guild_id = {row}.guild_id"
            " ON CONFLICT (guild_id, resource_id) DO UPDATE SET version = excluded.version;"
            for row in rows
        )
        op.execute(
            f"CREATE TRIGGER tr_resources_{name} AFTER {act} ON resources"
            f" BEGIN {counted} {noted} END"
        )

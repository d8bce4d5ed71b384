"""Ordered lists of resources."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paths",
        sa.Column("path_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.CheckConstraint("state IN ('live','retired')", name=op.f("ck_paths_state")),
        sa.ForeignKeyConstraint(["course_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("path_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_paths_guild", "paths", ["guild_id", "state"])
    op.create_table(
        "path_steps",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("path_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["path_id"], ["paths.path_id"]),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("path_id", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_path_steps_guild", "path_steps", ["guild_id"])
    for table in ("paths", "path_steps"):
        for name, when, row in (
            ("added", "INSERT", "new"),
            ("changed", "UPDATE", "new"),
            ("removed", "DELETE", "old"),
        ):
            op.execute(
                f"CREATE TRIGGER tr_{table}_{name} AFTER {when} ON {table} BEGIN"
                f" INSERT INTO versions (guild_id, training) VALUES ({row}.guild_id, 1)"
                " ON CONFLICT (guild_id) DO UPDATE SET training = training + 1; END"
            )

"""A server's own tags, with names in both languages, and what moderators change of them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "guilds",
        sa.Column("has_closed_tags", sa.Boolean(), server_default=sa.text("0"), nullable=False),
    )
    op.create_table(
        "tags",
        sa.Column("tag_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("english", sa.Text(), server_default="", nullable=False),
        sa.Column("chinese", sa.Text(), server_default="", nullable=False),
        sa.Column("aliases", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("under_id", sa.Integer(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["under_id"], ["tags.tag_id"]),
        sa.ForeignKeyConstraint(["merged_into"], ["tags.tag_id"]),
        sa.PrimaryKeyConstraint("tag_id"),
        sa.UniqueConstraint("guild_id", "name", name=op.f("uq_tags_guild_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tag_changes",
        sa.Column("change_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("other_tag", sa.Text(), server_default="", nullable=False),
        sa.Column("tags_before", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("tags_made", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.Column("undone_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "action IN ('add','edit','merge','remove','import')",
            name=op.f("ck_tag_changes_action"),
        ),
        sa.PrimaryKeyConstraint("change_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tag_changes_guild", "tag_changes", ["guild_id", "change_id"])
    op.create_table(
        "tag_moves",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("given_tag", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("taken_tags", sa.JSON(), nullable=False),
        sa.Column("had_tag", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["tag_changes.change_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("change_id", "resource_id", "given_tag"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tag_moves_guild", "tag_moves", ["guild_id"])
    for name, when, row in (
        ("added", "INSERT", "new"),
        ("changed", "UPDATE", "new"),
        ("removed", "DELETE", "old"),
    ):
        for column in ("catalogue", "questions"):
            op.execute(
                f"CREATE TRIGGER tr_tags_{name}_{column} AFTER {when} ON tags BEGIN"
                f" INSERT INTO versions (guild_id, {column}) VALUES ({row}.guild_id, 1)"
                f" ON CONFLICT (guild_id) DO UPDATE SET {column} = {column} + 1; END"
            )

"""What members say of resources, and what they keep of them for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opinions",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("given_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "mark IN ('useful','known','too_easy','too_hard','outdated','broken')",
            name=op.f("ck_opinions_mark"),
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("guild_id", "resource_id", "user_id", "mark"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opinions_member", "opinions", ["guild_id", "user_id"])
    op.create_table(
        "ratings",
        sa.Column("rating_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="none", nullable=False),
        sa.Column("rated_at", sa.Float(), nullable=False),
        sa.Column("posted_at", sa.Float(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_ratings_stars")),
        sa.CheckConstraint(
            "state IN ('none','waiting','shown','hidden')", name=op.f("ck_ratings_state")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("rating_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_ratings_resource", "ratings", ["guild_id", "resource_id", "user_id"], unique=True
    )
    op.create_index("ix_ratings_member", "ratings", ["guild_id", "user_id"])
    op.create_index("ix_ratings_state", "ratings", ["state", "guild_id"])
    op.create_table(
        "link_checks",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("guild_id", "resource_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "keepings",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.CheckConstraint("state IN ('started','done')", name=op.f("ck_keepings_state")),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "resource_id"),
        sqlite_with_rowid=False,
    )
    # Opinions are taken back as saves and dismissals are.
    op.drop_index("ix_events_undone", "events")
    op.create_index(
        "ix_events_undone",
        "events",
        ["guild_id", "user_id", "resource_id", "occurred_at"],
        sqlite_where=sa.text("kind IN (12, 16, 59)"),
    )
    for table in ("opinions", "ratings"):
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

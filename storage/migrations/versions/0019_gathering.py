"""What comes into a catalogue by itself, what is missing from it, and whether it is still there."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_FALSE = sa.text("0")


def upgrade() -> None:
    for column in (
        sa.Column("is_gem", sa.Boolean(), server_default=_FALSE, nullable=False),
        sa.Column("edition_of", sa.Integer(), nullable=True),
        sa.Column("moved_to", sa.Integer(), nullable=True),
        sa.Column("is_merged", sa.Boolean(), server_default=_FALSE, nullable=False),
    ):
        op.add_column("resources", column)
    op.create_index("ix_resources_moved", "resources", ["guild_id", "moved_to"])
    op.add_column("submissions", sa.Column("source_id", sa.Integer(), nullable=True))
    op.create_index("ix_submissions_source", "submissions", ["guild_id", "source_id"])
    _make_wishes()
    _make_sources()
    op.create_table(
        "checks",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("n_failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.Column("modified", sa.Text(), server_default="", nullable=False),
        sa.Column("moved_url", sa.Text(), server_default="", nullable=False),
        sa.Column("archived_url", sa.Text(), server_default="", nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=True),
        sa.Column("checked_at", sa.Float(), nullable=True),
        sa.Column("reviewed_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "state IN ('unknown','ok','moved','broken','closed')", name=op.f("ck_checks_state")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guild_id", "resource_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_checks_due", "checks", ["next_at"])
    op.create_index("ix_checks_state", "checks", ["guild_id", "state"])


def _make_wishes() -> None:
    op.create_table(
        "wishes",
        sa.Column("wish_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("n_wished", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_missed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("decided_at", sa.Float(), nullable=True),
        sa.CheckConstraint("state IN ('open','fulfilled','dropped')", name=op.f("ck_wishes_state")),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("wish_id"),
        sa.UniqueConstraint("guild_id", "token", name=op.f("uq_wishes_guild_id_token")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_wishes_wished", "wishes", ["guild_id", "state", "n_wished"])
    op.create_index("ix_wishes_missed", "wishes", ["guild_id", "state", "n_missed"])
    op.create_table(
        "wish_voices",
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.Float(), nullable=False),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.CheckConstraint("kind IN ('wished','missed')", name=op.f("ck_wish_voices_kind")),
        sa.ForeignKeyConstraint(["wish_id"], ["wishes.wish_id"]),
        sa.PrimaryKeyConstraint("wish_id", "kind", "user_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wish_voices_member", "wish_voices", ["guild_id", "user_id"])
    op.create_index("ix_wish_voices_said", "wish_voices", ["kind", "said_at"])
    op.execute(
        "CREATE TRIGGER tr_wish_voices_added AFTER INSERT ON wish_voices BEGIN"
        " UPDATE wishes SET n_wished = n_wished + (new.kind = 'wished'),"
        " n_missed = n_missed + (new.kind = 'missed') WHERE wish_id = new.wish_id; END"
    )
    op.execute(
        "CREATE TRIGGER tr_wish_voices_removed AFTER DELETE ON wish_voices BEGIN"
        " UPDATE wishes SET n_wished = n_wished - (old.kind = 'wished'),"
        " n_missed = n_missed - (old.kind = 'missed') WHERE wish_id = old.wish_id;"
        " DELETE FROM wishes WHERE wish_id = old.wish_id AND NOT EXISTS"
        " (SELECT 1 FROM wish_voices v WHERE v.wish_id = old.wish_id); END"
    )
    op.create_table(
        "topic_gaps",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("n_readers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_resources", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_askers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_hard", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "tag"),
        sqlite_with_rowid=False,
    )


def _make_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("source_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("tags", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("trust", sa.Text(), server_default="earned", nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=False),
        sa.Column("daily_max", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.Column("modified", sa.Text(), server_default="", nullable=False),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("result_params", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("n_failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_found", sa.Integer(), server_default="0", nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("looked_at", sa.Float(), nullable=True),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.CheckConstraint("kind IN ('feed','forum','list')", name=op.f("ck_sources_kind")),
        sa.CheckConstraint(
            "state IN ('live','paused','quarantined')", name=op.f("ck_sources_state")
        ),
        sa.CheckConstraint("trust IN ('review','earned','publish')", name=op.f("ck_sources_trust")),
        sa.CheckConstraint("every_s > 0 AND daily_max > 0", name=op.f("ck_sources_bounds")),
        sa.PrimaryKeyConstraint("source_id"),
        sa.UniqueConstraint("guild_id", "url_key", name=op.f("uq_sources_guild_id_url_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sources_due", "sources", ["state", "next_at"])
    op.create_table(
        "source_entries",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=True),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.Column("taken_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting','taken','passed')", name=op.f("ck_source_entries_state")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", "token"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_source_entries_state", "source_entries", ["source_id", "state"])

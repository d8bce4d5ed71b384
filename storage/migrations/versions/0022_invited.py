"""Experts are invited to review, askers told of duplicates; questions are found like resources."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ROWS = {
    "added": ("INSERT", ("new",)),
    "changed": ("UPDATE OF guild_id, title, tags", ("old", "new")),
    "removed": ("DELETE", ("old",)),
}
_POSTS = "post_id, guild_id, question_id, kind, state, claimed_at, message_id"
_INVITATIONS = (
    "invitation_id, guild_id, question_id, user_id, state, reach, propensity, is_first,"
    " claimed_at, sent_at, expires_at, answered_at, message_id"
)


def upgrade() -> None:
    op.add_column("submissions", sa.Column("sought_by", sa.Integer(), nullable=True))
    op.add_column(
        "submissions",
        sa.Column("n_sought", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    _posts()
    _invitations()
    _changes()


def _posts() -> None:
    op.create_table(
        "question_posts_made",
        sa.Column("post_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="claimed", nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('card','nudge','still','same')", name=op.f("ck_question_posts_kind")
        ),
        sa.CheckConstraint(
            "state IN ('claimed','sent','failed')", name=op.f("ck_question_posts_state")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.question_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id"),
        sa.UniqueConstraint("question_id", "kind", name="uq_question_posts_question_id_kind"),
        sqlite_autoincrement=True,
    )
    _move("question_posts", _POSTS)
    op.create_index(
        "ix_question_posts_claimed",
        "question_posts",
        ["claimed_at"],
        sqlite_where=sa.text("state = 'claimed'"),
    )


def _invitations() -> None:
    op.create_table(
        "invitations_made",
        sa.Column("invitation_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="claimed", nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("propensity", sa.Float(), server_default="1", nullable=False),
        sa.Column("is_first", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True),
        sa.Column("expires_at", sa.Float(), nullable=True),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('claimed','sent','accepted','passed','expired','withdrawn','failed')",
            name=op.f("ck_invitations_state"),
        ),
        sa.CheckConstraint("reach IN ('thread','dm')", name=op.f("ck_invitations_reach")),
        sa.CheckConstraint(
            "propensity > 0 AND propensity <= 1", name=op.f("ck_invitations_propensity")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.question_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.submission_id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invitation_id"),
        sa.UniqueConstraint("question_id", "user_id", name="uq_invitations_question_id_user_id"),
        sa.UniqueConstraint(
            "submission_id", "user_id", name="uq_invitations_submission_id_user_id"
        ),
        sqlite_autoincrement=True,
    )
    _move("invitations", _INVITATIONS)
    op.create_index("ix_invitations_state", "invitations", ["state", "expires_at"])
    op.create_index("ix_invitations_member", "invitations", ["guild_id", "user_id", "claimed_at"])


def _move(table: str, columns: str) -> None:
    """Put the table that was made in the place of the old one; numbers are never given again."""
    op.execute(f"INSERT INTO {table}_made ({columns}) SELECT {columns} FROM {table}")
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}_made'")
    op.execute(
        f"INSERT INTO sqlite_sequence (name, seq) SELECT '{table}_made', seq"
        f" FROM sqlite_sequence WHERE name = '{table}'"
    )
    op.drop_table(table)
    op.rename_table(f"{table}_made", table)


def _changes() -> None:
    op.add_column(
        "versions",
        sa.Column("questions", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.create_table(
        "question_changes",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "question_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_question_changes", "question_changes", ["guild_id", "version"])
    for name, (act, rows) in _ROWS.items():
        counted = " ".join(
            f"INSERT INTO versions (guild_id, questions) VALUES ({row}.guild_id, 1)"
            " ON CONFLICT (guild_id) DO UPDATE SET questions = questions + 1;"
            for row in rows
        )
        noted = " ".join(
            "INSERT INTO question_changes (guild_id, question_id, version)"
            f" SELECT {row}.guild_id, {row}.question_id, v.questions FROM versions v"
            f" WHERE v.guild_id = {row}.guild_id"
            " ON CONFLICT (guild_id, question_id) DO UPDATE SET version = excluded.version;"
            for row in rows
        )
        op.execute(
            f"CREATE TRIGGER tr_questions_{name} AFTER {act} ON questions"
            f" BEGIN {counted} {noted} END"
        )

"""What members propose for the catalogue, and what experts say of it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submissions",
        sa.Column("submission_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("creator", sa.Text(), server_default="", nullable=False),
        sa.Column("is_own", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_trusted", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("submitted_at", sa.Float(), nullable=True),
        sa.Column("decided_at", sa.Float(), nullable=True),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.Column("posted_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft','waiting','published','rejected')",
            name=op.f("ck_submissions_state"),
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("submission_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_submissions_state", "submissions", ["guild_id", "state"])
    op.create_index("ix_submissions_member", "submissions", ["guild_id", "user_id"])
    op.create_index("ix_submissions_resource", "submissions", ["guild_id", "resource_id"])
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("is_correct", sa.Integer(), nullable=True),
        sa.Column("is_clear", sa.Integer(), nullable=True),
        sa.Column("is_current", sa.Integer(), nullable=True),
        sa.Column("is_worth", sa.Integer(), nullable=True),
        sa.Column("sentence", sa.Text(), server_default="", nullable=False),
        sa.Column("is_signed", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.Column("reviewed_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.submission_id"]),
        sa.PrimaryKeyConstraint("review_id"),
        sa.UniqueConstraint(
            "submission_id", "user_id", name=op.f("uq_reviews_submission_id_user_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reviews_member", "reviews", ["guild_id", "user_id"])

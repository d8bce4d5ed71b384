"""Experts, and who was asked for which question."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "experts",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("from_hour", sa.Integer(), nullable=False),
        sa.Column("to_hour", sa.Integer(), nullable=False),
        sa.Column("weekly_max", sa.Integer(), server_default="3", nullable=False),
        sa.Column("reach", sa.Text(), server_default="thread", nullable=False),
        sa.Column("offer", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.Column("closed_at", sa.Float(), nullable=True),
        sa.Column("decided_by", BigId, server_default="0", nullable=False),
        sa.CheckConstraint("reach IN ('thread','dm')", name="ck_experts_reach"),
        sa.CheckConstraint(
            "state IN ('live','paused','waiting','declined')", name="ck_experts_state"
        ),
        sa.CheckConstraint(
            "from_hour BETWEEN 0 AND 23 AND to_hour BETWEEN 0 AND 24", name="ck_experts_hours"
        ),
        sa.CheckConstraint("weekly_max BETWEEN 1 AND 20", name="ck_experts_weekly_max"),
        sa.PrimaryKeyConstraint("guild_id", "user_id"),
        info={"erase": {"user_id": "delete", "decided_by": "anonymise"}},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitations",
        sa.Column("invitation_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("state", sa.Text(), server_default="claimed", nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("propensity", sa.Float(), server_default="1", nullable=False),
        sa.Column("is_first", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True),
        sa.Column("expires_at", sa.Float(), nullable=True),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.Column("message_id", BigId, nullable=True),
        sa.CheckConstraint("reach IN ('thread','dm')", name="ck_invitations_reach"),
        sa.CheckConstraint(
            "state IN ('claimed','sent','accepted','passed','expired','withdrawn','failed')",
            name="ck_invitations_state",
        ),
        sa.CheckConstraint("propensity > 0 AND propensity <= 1", name="ck_invitations_propensity"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.question_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("invitation_id"),
        sa.UniqueConstraint("question_id", "user_id", name="uq_invitations_question_id_user_id"),
        info={"erase": "delete"},
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_invitations_member", "invitations", ["guild_id", "user_id", "claimed_at"], unique=False
    )
    op.create_index("ix_invitations_state", "invitations", ["state", "expires_at"], unique=False)
    op.add_column(
        "questions", sa.Column("n_asked", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "questions", sa.Column("n_coming", sa.Integer(), server_default="0", nullable=False)
    )

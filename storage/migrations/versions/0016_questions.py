"""Questions, their answers, and what the bot wrote about them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "question_places",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("since_at", sa.Float(), nullable=False),
        sa.Column("solved_tag_id", BigId, nullable=True),
        sa.Column("stale_tag_id", BigId, nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "channel_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question_settings",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("helper_role_id", BigId, nullable=True),
        sa.Column("takes_several", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("suggests", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("invites", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("reminds", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("closes", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("makes_resources", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("approves_experts", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("nudge_h", sa.Integer(), server_default="24", nullable=False),
        sa.Column("still_d", sa.Integer(), server_default="5", nullable=False),
        sa.Column("stale_d", sa.Integer(), server_default="7", nullable=False),
        sa.Column("invite_min", sa.Integer(), server_default="30", nullable=False),
        sa.CheckConstraint(
            "nudge_h > 0 AND still_d > 0 AND stale_d > 0 AND invite_min > 0",
            name="ck_question_settings_times",
        ),
        sa.PrimaryKeyConstraint("guild_id"),
    )
    op.create_table(
        "questions",
        sa.Column("question_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("thread_id", BigId, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("folded", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("last_word_at", sa.Float(), nullable=False),
        sa.Column("last_word_id", BigId, nullable=False),
        sa.Column("is_last_askers", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("first_answer_at", sa.Float(), nullable=True),
        sa.Column("solved_at", sa.Float(), nullable=True),
        sa.Column("solved_by", sa.Text(), nullable=True),
        sa.Column("solved_resource_id", BigId, nullable=True),
        sa.Column("closed_at", sa.Float(), nullable=True),
        sa.Column("stale_at", sa.Float(), nullable=True),
        sa.Column("duplicate_of", BigId, nullable=True),
        sa.Column("offered_id", BigId, nullable=True),
        sa.Column("made_resource_id", BigId, nullable=True),
        sa.Column("bounty", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bounty_state", sa.Text(), server_default="none", nullable=False),
        sa.Column("bounty_entry", BigId, server_default="0", nullable=False),
        sa.Column("bounty_answer", BigId, server_default="0", nullable=False),
        sa.Column("is_open_to_all", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_locked", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_asleep", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_plain", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_shown", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "bounty_state IN ('none','staked','paid','returned')", name="ck_questions_bounty_state"
        ),
        sa.CheckConstraint("solved_by IN ('self','resource')", name="ck_questions_solved_by"),
        sa.CheckConstraint(
            "state IN ('open','answered','solved','stale','closed')", name="ck_questions_state"
        ),
        sa.CheckConstraint("bounty >= 0", name="ck_questions_bounty"),
        sa.ForeignKeyConstraint(["duplicate_of"], ["questions.question_id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["made_resource_id"],
            ["resources.resource_id"],
        ),
        sa.ForeignKeyConstraint(
            ["solved_resource_id"],
            ["resources.resource_id"],
        ),
        sa.PrimaryKeyConstraint("question_id"),
        sa.UniqueConstraint("guild_id", "thread_id", name="uq_questions_guild_id_thread_id"),
        info={"erase": "delete"},
        sqlite_autoincrement=True,
    )
    op.create_index("ix_questions_duplicates", "questions", ["duplicate_of"], unique=False)
    op.create_index("ix_questions_member", "questions", ["guild_id", "user_id"], unique=False)
    op.create_index(
        "ix_questions_quiet",
        "questions",
        ["last_word_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'answered')"),
    )
    op.create_index(
        "ix_questions_staked",
        "questions",
        ["asked_at"],
        unique=False,
        sqlite_where=sa.text("bounty_state = 'staked'"),
    )
    op.create_index(
        "ix_questions_state", "questions", ["guild_id", "state", "asked_at"], unique=False
    )
    op.create_index(
        "ix_questions_unshown",
        "questions",
        ["guild_id"],
        unique=False,
        sqlite_where=sa.text("is_shown = 0"),
    )
    op.create_table(
        "question_answers",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("message_id", BigId, autoincrement=False, nullable=False),
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("written_at", sa.Float(), nullable=False),
        sa.Column("accepted_at", sa.Float(), nullable=True),
        sa.Column("accepted_by", BigId, server_default="0", nullable=False),
        sa.Column("turn", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["questions.question_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guild_id", "message_id"),
        info={"erase": {"user_id": "delete", "accepted_by": "anonymise"}},
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_question_answers_question",
        "question_answers",
        ["question_id", "written_at"],
        unique=False,
    )
    op.create_table(
        "question_followers",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("followed_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["questions.question_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question_id", "user_id"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question_posts",
        sa.Column("post_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="claimed", nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.Column("message_id", BigId, nullable=True),
        sa.CheckConstraint("kind IN ('card','nudge','still')", name="ck_question_posts_kind"),
        sa.CheckConstraint("state IN ('claimed','sent','failed')", name="ck_question_posts_state"),
        sa.ForeignKeyConstraint(["question_id"], ["questions.question_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id"),
        sa.UniqueConstraint("question_id", "kind", name="uq_question_posts_question_id_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_question_posts_claimed",
        "question_posts",
        ["claimed_at"],
        unique=False,
        sqlite_where=sa.text("state = 'claimed'"),
    )

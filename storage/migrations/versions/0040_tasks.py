"""Tasks beside resources, what members hand in, and that a mark may be paid for again."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("task_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.CheckConstraint("state IN ('live','ended')", name=op.f("ck_tasks_state")),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("task_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tasks_guild", "tasks", ["guild_id", "resource_id"])
    op.create_table(
        "works",
        sa.Column("work_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("link", sa.Text(), server_default="", nullable=False),
        sa.Column("is_shown", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("handed_in_at", sa.Float(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("sentence", sa.Text(), server_default="", nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.Float(), nullable=True),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.Column("turn", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("mark IN ('done','again','excellent')", name=op.f("ck_works_mark")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.task_id"]),
        sa.PrimaryKeyConstraint("work_id"),
        sa.UniqueConstraint("task_id", "user_id", name=op.f("uq_works_task_id_user_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_works_member", "works", ["guild_id", "user_id"])
    op.drop_index("uq_ledger_source", table_name="ledger")
    op.create_index(
        "uq_ledger_source",
        "ledger",
        ["guild_id", "source_id", "kind", "user_id", "giver_id", "rescore_id"],
        unique=True,
        sqlite_where=sa.text(
            "reverses IS NULL AND kind NOT IN ('answer', 'resource', 'savers', 'purchase', 'task')"
            " AND (giver_id <> 0 OR kind <> 'helpful')"
        ),
    )

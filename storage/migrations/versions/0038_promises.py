"""Promises to members that are to be noted, or that wait for their member after a restore."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promises",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("is_noted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('erased','erased-untracked','untracked','tracked','unlearned','learned')",
            name=op.f("ck_promises_kind"),
        ),
        sa.PrimaryKeyConstraint("guild_id", "salt"),
        sqlite_with_rowid=False,
    )

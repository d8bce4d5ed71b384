"""Resources follow a change of a tag one after another, so none waits for all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "tag_changes", sa.Column("told_words", sa.JSON(), server_default="{}", nullable=False)
    )
    op.add_column(
        "tag_changes", sa.Column("followed_to", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("tag_changes", sa.Column("followed_at", sa.Float(), nullable=True))
    # Until now all of them followed at once.
    op.execute("UPDATE tag_changes SET followed_at = coalesce(undone_at, changed_at)")
    op.create_index(
        "ix_tag_changes_following",
        "tag_changes",
        ["guild_id", "change_id"],
        sqlite_where=sa.text("followed_at IS NULL"),
    )

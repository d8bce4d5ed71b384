"""Whether a page was proposed is asked for every entry of every source."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_submissions_page", "submissions", ["guild_id", "url_key"])

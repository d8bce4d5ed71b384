"""When a question was last seen in Discord: after an absence it is looked for again."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "questions", sa.Column("checked_at", sa.Float(), nullable=False, server_default="0")
    )

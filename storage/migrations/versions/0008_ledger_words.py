"""What moderators wrote is found without reading the whole ledger.

Erased before this, whose traces may still be in the file, is asked to be scrubbed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_ledger_words", "ledger", ["guild_id"], sqlite_where=sa.text("reason <> ''"))
    # Of members who were erased before entries said whom they are about.
    op.execute(
        "UPDATE audit SET details = json_remove(details, '$.reason') WHERE audit_id IN"
        " (SELECT audit_id FROM audit_about WHERE user_id = 0)"
    )
    op.execute(
        "INSERT INTO meta (key, value) SELECT 'erasure:asked', '1 0'"
        " WHERE EXISTS (SELECT 1 FROM audit WHERE action = 'member-erased')"
        " ON CONFLICT (key) DO NOTHING"
    )

"""Whatever was begun with a member is found by the member, over all servers."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_purchase_notices_member", "purchase_notices", ["user_id", "claimed_at"])
    op.create_index("ix_invitations_begun", "invitations", ["user_id", "claimed_at"])

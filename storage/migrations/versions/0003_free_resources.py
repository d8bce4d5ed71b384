"""A resource that costs nothing is told from one whose price nobody has given.

Which of the two a price of 0 was is not known of what is stored: it is shown without a price until
somebody says, by ``/resource edit`` or by importing the catalogue again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "resources",
        sa.Column("is_free", sa.Boolean(), server_default=sa.text("0"), nullable=False),
    )

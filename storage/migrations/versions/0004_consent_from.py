"""From when on a member's yes counts, and when they named their interests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "members",
        sa.Column("has_earlier", sa.Boolean(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("members", sa.Column("interests_at", sa.Float(), nullable=True))
    # A yes given here counts from its day on. One without a trace in the audit came with an
    # import, whose people had agreed before anything was recorded here: it has no day.
    op.execute(
        "UPDATE members SET consent_at = NULL WHERE consent = 'granted'"
        " AND (guild_id, user_id) NOT IN"
        " (SELECT guild_id, actor_id FROM audit WHERE action = 'consent-granted')"
    )
    for name, when, rows in (
        (
            "tr_members_added",
            "AFTER INSERT ON members"
            " WHEN new.consent <> 'unknown' OR new.asked_at IS NOT NULL OR NOT new.is_tracked",
            ("new",),
        ),
        (
            "tr_members_changed",
            "AFTER UPDATE OF guild_id, user_id, consent, consent_at, asked_at, has_earlier,"
            " is_tracked ON members",
            ("old", "new"),
        ),
    ):
        statements = " ".join(
            f"INSERT INTO versions (guild_id, training) VALUES ({row}.guild_id, 1)"
            " ON CONFLICT (guild_id) DO UPDATE SET training = training + 1;"
            for row in rows
        )
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN {statements} END")

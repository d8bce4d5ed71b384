"""The audit trail says whom each entry is about."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Whom earlier entries were about stands in what they name; 0 where that was erased with its owner.
_FILL = """
    INSERT INTO audit_about (audit_id, n, guild_id, user_id)
    SELECT audit.audit_id, 0, audit.guild_id, coalesce(named.user_id, 0)
    FROM audit LEFT JOIN {table} AS named
    ON named.{key} = CAST(audit.subject AS INTEGER) AND named.guild_id = audit.guild_id
    WHERE audit.action IN ({actions})
"""

# What stood in one text stands by name, as newer entries have it.
_TIDY = (
    "UPDATE audit SET details = json_object('place', subject), subject = ''"
    " WHERE action = 'levels.notices'",
    "UPDATE audit SET details = json_object('channel_id', nullif(CAST(subject AS INTEGER), 0)),"
    " subject = '' WHERE action = 'levels.staff'",
    "UPDATE audit SET subject = substr(subject, 1, instr(subject, ':') - 1),"
    " details = json_object("
    "'level', CAST(substr(subject, instr(subject, ':') + 1) AS INTEGER),"
    " 'confirm', json(iif(subject LIKE '%?', 'true', 'false')))"
    " WHERE action = 'levels.reward'",
    "UPDATE audit SET subject = substr(subject, 1, instr(subject, ':') - 1),"
    " details = json_object('state', trim(substr(subject, instr(subject, ':') + 1)))"
    " WHERE action = 'levels.decide'",
)


def upgrade() -> None:
    op.create_table(
        "audit_about",
        sa.Column("audit_id", BigId, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.audit_id"]),
        sa.PrimaryKeyConstraint("audit_id", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_about_member", "audit_about", ["guild_id", "user_id"])
    op.create_index("ix_audit_guild", "audit", ["guild_id", "audit_id"])
    by_hand = "'points.award', 'points.deduct', 'points.undo'"
    op.execute(_FILL.format(table="ledger", key="entry_id", actions=by_hand))
    op.execute(
        _FILL.format(
            table="redemptions", key="redemption_id", actions="'shop.fulfil', 'shop.refund'"
        )
    )
    for statement in _TIDY:
        op.get_bind().exec_driver_sql(statement)
    # A mark worked out from who belonged to a group could be worked out again from a guess.
    op.execute("UPDATE audit SET subject = '' WHERE action LIKE 'ring.%'")

"""Kept sums of what is left lately, and of seasons of other dates, so that no board is summed."""

import json
from datetime import date
from math import ldexp

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "board_seasons",
        sa.Column("season_id", BigId, primary_key=True, autoincrement=True),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("next_day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("summed_to", BigId, server_default="0", nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_board_seasons_guild", "board_seasons", ["guild_id"])
    op.add_column("balances", sa.Column("faded", sa.Float(), server_default="0", nullable=False))
    days = op.get_bind().execute(sa.text("SELECT DISTINCT day FROM daily_points WHERE day > 0"))
    weights = json.dumps({day: _weight_of(day) for (day,) in days})
    op.get_bind().execute(
        sa.text(
            "WITH weights AS MATERIALIZED ("
            " SELECT CAST(key AS INTEGER) AS day, value AS weight FROM json_each(:weights)"
            "), sums AS (SELECT d.guild_id, d.user_id, sum(d.amount * w.weight) AS faded"
            " FROM daily_points d CROSS JOIN weights w ON w.day = d.day"
            " GROUP BY d.guild_id, d.user_id)"
            " UPDATE balances SET faded = sums.faded FROM sums"
            " WHERE sums.guild_id = balances.guild_id AND sums.user_id = balances.user_id"
        ),
        {"weights": weights},
    )
    op.create_index(
        "ix_balances_faded", "balances", ["guild_id", sa.text("faded DESC"), "reached_at"]
    )


def _weight_of(day: int) -> float:
    """Return what a hundredth of a day counts: twice as much as of a week before."""
    try:
        found = date(day // 10_000, day // 100 % 100, day % 100)
    except ValueError:
        return 0.0
    weeks, rest = divmod(found.toordinal() - date(2034, 1, 2).toordinal(), 7)
    return ldexp(round(2 ** (rest / 7 + 14)), weeks - 14)

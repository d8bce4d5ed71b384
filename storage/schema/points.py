"""Rules, the ledger, and the sums kept beside it."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata, words

rule_sets = Table(
    "rule_sets",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("rules", JSON, nullable=False),
    words("reason"),
    member_id("created_by"),
    at("created_at"),
    at("effective_at"),
    info={"erase": "anonymise"},
    sqlite_with_rowid=False,
)

# What a guild's moderators have drafted: the values that differ from the newest version.
rule_drafts = Table(
    "rule_drafts",
    metadata,
    Column("draft_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("changes", JSON, nullable=False),
    member_id("edited_by"),
    at("edited_at"),
    info={"erase": "anonymise"},
)
Index("ix_rule_drafts_guild", rule_drafts.c.guild_id)

# What was earned since a moment, re-scored by a version of the rules; or such a decision taken
# back, which is one itself (`undoes`). While one is not finished its guild's events are not paid:
# `paid_until` is the last that was.
rescores = Table(
    "rescores",
    metadata,
    Column("rescore_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("version", Integer, nullable=False),
    Column("from_version", Integer, nullable=False),
    at("since_at"),
    Column("until_event", BigId, nullable=False),
    Column("paid_until", BigId, nullable=False),
    Column("undoes", BigId, ForeignKey("rescores.rescore_id"), unique=True),
    member_id("created_by"),
    words("reason"),
    at("created_at"),
    at("finished_at", nullable=True),
    Column("n_entries", Integer, nullable=False, server_default="0"),
    Column("n_members", Integer, nullable=False, server_default="0"),
    Column("amount", Integer, nullable=False, server_default="0"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_rescores_guild", rescores.c.guild_id, rescores.c.rescore_id)
# One at a time in a guild.
Index(
    "uq_rescores_running",
    rescores.c.guild_id,
    unique=True,
    sqlite_where=rescores.c.finished_at.is_(None),
)

ledger = Table(
    "ledger",
    metadata,
    Column("entry_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("kind", Text, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("source_id", BigId, nullable=False),
    member_id("giver_id", server_default="0"),
    Column("reverses", BigId, ForeignKey("ledger.entry_id"), unique=True),
    Column("rule_set", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    at("earned_at"),
    at("recorded_at"),
    Column("event_id", BigId),
    member_id("actor_id", server_default="0"),
    words("reason"),
    Column("is_spending", Boolean, nullable=False, server_default=text("0")),
    Column("rescore_id", BigId, nullable=False, server_default="0"),
    info={"erase": {"user_id": "delete", "giver_id": "anonymise", "actor_id": "anonymise"}},
    sqlite_autoincrement=True,
)
# A source pays a member once per kind and giver, and once more by each decision to re-score; its
# reversal is unique through `reverses`.
# An anonymised giver is left out: two erased givers may both have liked one message.
Index(
    "uq_ledger_source",
    ledger.c.guild_id,
    ledger.c.source_id,
    ledger.c.kind,
    ledger.c.user_id,
    ledger.c.giver_id,
    ledger.c.rescore_id,
    unique=True,
    sqlite_where=text(
        "reverses IS NULL AND kind NOT IN ('answer', 'resource', 'savers', 'purchase', 'task')"
        " AND (giver_id <> 0 OR kind <> 'helpful')"
    ),
)
# What can be accepted, published or saved again after it was undone pays once for each event.
Index(
    "uq_ledger_event",
    ledger.c.event_id,
    ledger.c.kind,
    ledger.c.user_id,
    ledger.c.rescore_id,
    unique=True,
    sqlite_where=text("reverses IS NULL AND event_id IS NOT NULL"),
)
Index(
    "ix_ledger_rescore",
    ledger.c.rescore_id,
    ledger.c.event_id,
    sqlite_where=text("rescore_id <> 0"),
)
Index("ix_ledger_source", ledger.c.guild_id, ledger.c.source_id, ledger.c.giver_id)
Index("ix_ledger_member", ledger.c.guild_id, ledger.c.user_id, ledger.c.day)
# A member's last entries, with all that one decision to re-score changed as one.
Index(
    "ix_ledger_history",
    ledger.c.guild_id,
    ledger.c.user_id,
    ledger.c.rescore_id,
    ledger.c.entry_id,
)
# What moderators wrote, which erasing has to look through.
Index("ix_ledger_words", ledger.c.guild_id, sqlite_where=text("reason <> ''"))
Index(
    "ix_ledger_actor",
    ledger.c.guild_id,
    ledger.c.actor_id,
    ledger.c.recorded_at,
    sqlite_where=text("actor_id <> 0"),
)
Index("ix_ledger_giver", ledger.c.guild_id, ledger.c.giver_id, ledger.c.user_id)
Index(
    "ix_ledger_accepted",
    ledger.c.guild_id,
    ledger.c.giver_id,
    ledger.c.earned_at,
    sqlite_where=text("kind = 'answer'"),
)

balances = Table(
    "balances",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("amount", Integer, nullable=False),
    Column("earned", Integer, nullable=False),
    at("reached_at"),
    # What was earned, each day's part times its weight; see `storage.fading`.
    Column("faded", Float, nullable=False, server_default="0"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_balances_board", balances.c.guild_id, balances.c.earned.desc(), balances.c.reached_at)
Index("ix_balances_faded", balances.c.guild_id, balances.c.faded.desc(), balances.c.reached_at)

daily_points = Table(
    "daily_points",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("amount", Integer, nullable=False),
    at("reached_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

# A week is written as its Monday (YYYYMMDD), a month as YYYYMM, a quarter as YYYYQ, a season of
# `board_seasons` as minus its number.
period_points = Table(
    "period_points",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("amount", Integer, nullable=False),
    at("reached_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index(
    "ix_period_points_board",
    period_points.c.guild_id,
    period_points.c.period,
    period_points.c.amount.desc(),
    period_points.c.reached_at,
)

# Seasons of dates that no week, month or quarter has, of which sums are kept in `period_points`:
# of members up to ``summed_to``, from then on of whoever earns. -1 says that it is over.
board_seasons = Table(
    "board_seasons",
    metadata,
    Column("season_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("first_day", Integer, nullable=False),
    Column("next_day", Integer, nullable=False, server_default="0"),
    Column("summed_to", BigId, nullable=False, server_default="0", info={"passes": True}),
    sqlite_autoincrement=True,
)
Index("ix_board_seasons_guild", board_seasons.c.guild_id)

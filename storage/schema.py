"""Every table, once.

Conventions: times are UTC unix seconds in columns ending ``_at``; Discord ids are 64-bit
integers; points are stored in hundredths (``amount``). A column made by `member_id` holds a
member's id, and its table says in ``info["erase"]`` what erasure does with the rows that
carry it: ``delete`` the row, or ``anonymise`` the column (set it to 0) where the row is
about something else. `storage.privacy` reads these marks, and a test walks them, so a new
table cannot be forgotten. Marked besides are columns of `words`, which may name a member, and
``passes``, a place in a walk past members that may be a member's id.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite gives a rowid alias only to a column typed exactly INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

ERASED = 0
"""What an anonymised member column holds."""


def guild_id() -> Column[int]:
    """Return the column that says which guild a row belongs to."""
    return Column("guild_id", BigId, nullable=False)


def member_id(
    name: str = "user_id", *, nullable: bool = False, name_in: str | None = None, **options: Any
) -> Column[int]:
    """Return a column holding a member's Discord id, marked for export and erasure.

    ``name_in`` is a text column beside it that holds their name: anonymising empties it too.
    """
    info = {"member": True, "name_in": name_in}
    return Column(name, BigId, nullable=nullable, info=info, **options)


def words(name: str) -> Column[str]:
    """Return a column of what somebody wrote about what they did: it may name a member.

    Erasing empties it where the row is about the member or the words name them.
    """
    return Column(name, Text, nullable=False, server_default="", info={"words": True})


def at(name: str, *, nullable: bool = False) -> Column[float]:
    """Return a column of UTC unix seconds."""
    return Column(name, Float, nullable=nullable)


meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

guilds = Table(
    "guilds",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("language", Text, nullable=False, server_default="en"),
    Column("time_zone", Text, nullable=False, server_default="UTC"),
    Column("consent_policy", Text, nullable=False, server_default="ask"),
    at("created_at"),
    CheckConstraint("consent_policy IN ('ask', 'notice')", name="consent_policy"),
    CheckConstraint("language IN ('en', 'zh-CN')", name="language"),
)

# The guilds that the bot has been in itself, which an import need not be about. Where all rows of a
# guild are purged this one is left: it is about nobody, and whoever invites the bot again is told.
stays = Table(
    "stays",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("state", Text, nullable=False, server_default="here"),
    at("left_at", nullable=True),
    at("purge_at", nullable=True),
    Column("notice", Text),
    CheckConstraint("state IN ('here','gone','purging','purged')", name="state"),
    CheckConstraint("notice IN ('kept','purged')", name="notice"),
    sqlite_with_rowid=False,
)

members = Table(
    "members",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("language", Text),
    Column("time_zone", Text),
    Column("interests", JSON, nullable=False, server_default="[]"),
    Column("consent", Text, nullable=False, server_default="unknown"),
    at("consent_at", nullable=True),
    at("asked_at", nullable=True),
    Column("has_earlier", Boolean, nullable=False, server_default=text("0")),
    at("interests_at", nullable=True),
    Column("is_tracked", Boolean, nullable=False, server_default=text("1")),
    Column("is_on_boards", Boolean, nullable=False, server_default=text("1")),
    at("created_at"),
    CheckConstraint("consent IN ('unknown', 'granted', 'declined')", name="consent"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
# Every board looks up the few who stay off it.
Index("ix_members_boards", members.c.guild_id, members.c.is_on_boards)

events = Table(
    "events",
    metadata,
    Column("event_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("source_id", BigId, nullable=False),
    Column("kind", Integer, nullable=False),
    member_id(),
    Column("qualifier", BigId, nullable=False, server_default="0"),
    at("occurred_at"),
    at("recorded_at"),
    Column("channel_id", BigId),
    Column("resource_id", BigId, ForeignKey("resources.resource_id")),
    member_id("target_id", nullable=True),
    Column("length_class", Integer),
    Column("is_reply", Boolean, nullable=False, server_default=text("0")),
    Column("in_thread", Boolean, nullable=False, server_default=text("0")),
    Column("has_attachment", Boolean, nullable=False, server_default=text("0")),
    Column("is_rewarded", Boolean, nullable=False, server_default=text("0")),
    Column("is_imported", Boolean, nullable=False, server_default=text("0")),
    Column("parent_id", BigId),
    Column("novelty", Integer),
    Column("role_ids", JSON(none_as_null=True)),
    UniqueConstraint("guild_id", "source_id", "kind", "user_id", "qualifier"),
    info={"erase": {"user_id": "delete", "target_id": "anonymise"}},
    sqlite_autoincrement=True,
)
Index("ix_events_member", events.c.guild_id, events.c.user_id, events.c.occurred_at)
Index(
    "ix_events_interaction",
    events.c.guild_id,
    events.c.recorded_at,
    sqlite_where=events.c.resource_id.is_not(None),
)
Index(
    "ix_events_savers",
    events.c.guild_id,
    events.c.resource_id,
    events.c.user_id,
    sqlite_where=text("kind IN (11, 12)"),
)
Index("ix_events_target", events.c.guild_id, events.c.target_id)
# The few that undo a save or a dismissal (`EventKind.UNSAVE`, `UNDISMISS`): what a member did to a
# resource still stands unless one of these is later.
Index(
    "ix_events_undone",
    events.c.guild_id,
    events.c.user_id,
    events.c.resource_id,
    events.c.occurred_at,
    sqlite_where=text("kind IN (12, 16)"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("channel_id", BigId, primary_key=True),
    Column("message_id", BigId, nullable=False),
    at("moved_at"),
    sqlite_with_rowid=False,
)

resources = Table(
    "resources",
    metadata,
    Column("resource_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("url_key", Text, nullable=False),
    Column("summary", Text, nullable=False, server_default=""),
    Column("tags", JSON, nullable=False, server_default="[]"),
    Column("language", Text, nullable=False, server_default="en"),
    Column("level", Text, nullable=False, server_default="beginner"),
    Column("minutes", Integer),
    Column("price_minor", Integer, nullable=False, server_default="0"),
    Column("currency", Text),
    Column("is_free", Boolean, nullable=False, server_default=text("0")),
    Column("creator", Text, nullable=False, server_default=""),
    member_id("creator_id", nullable=True, name_in="creator"),
    member_id("added_by", nullable=True),
    Column("role_id", BigId),
    Column("state", Text, nullable=False, server_default="live"),
    at("published_at"),
    at("created_at"),
    at("updated_at"),
    Column("folded", Text, nullable=False, server_default=""),  # `folding.words_of`
    UniqueConstraint("guild_id", "url_key"),
    CheckConstraint(
        "kind IN ('article','course','ebook','video','tool','thread','consultation')", name="kind"
    ),
    CheckConstraint("level IN ('beginner','intermediate','advanced')", name="level"),
    CheckConstraint("state IN ('live','retired')", name="state"),
    CheckConstraint("price_minor >= 0", name="price"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_resources_live", resources.c.guild_id, resources.c.state)

resource_messages = Table(
    "resource_messages",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("message_id", BigId, primary_key=True),
    Column("channel_id", BigId, nullable=False),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), nullable=False),
    at("posted_at"),
    sqlite_with_rowid=False,
)

impressions = Table(
    "impressions",
    metadata,
    Column("impression_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), nullable=False),
    Column("surface", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("snapshot_id", BigId),
    Column("arm", Text, nullable=False),
    Column("propensity", Float, nullable=False, server_default="1"),
    at("shown_at"),
    CheckConstraint(
        "surface IN ('recommend','similar','digest','question','search','share')", name="surface"
    ),
    CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity"),
    info={"erase": "delete"},
    sqlite_autoincrement=True,
)
Index(
    "ix_impressions_member", impressions.c.guild_id, impressions.c.user_id, impressions.c.shown_at
)

Index("ix_impressions_resource", impressions.c.guild_id, impressions.c.resource_id)

links = Table(
    "links",
    metadata,
    Column("token", Text, primary_key=True),
    guild_id(),
    member_id(),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), nullable=False),
    Column("impression_id", BigId, nullable=False),
    at("created_at"),
    at("expires_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_links_member", links.c.guild_id, links.c.user_id)

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

# What was earned since a moment, counted anew by a version of the rules; or such a decision taken
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
# A source pays a member once per kind and giver, and once more by each decision to count anew; its
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
        "reverses IS NULL AND kind NOT IN ('answer', 'resource', 'savers')"
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
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_balances_board", balances.c.guild_id, balances.c.earned.desc(), balances.c.reached_at)

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

# A week is written as its Monday (YYYYMMDD), a month as YYYYMM, a quarter as YYYYQ.
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

level_settings = Table(
    "level_settings",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("place", Text, nullable=False, server_default="off"),
    Column("channel_id", BigId),
    Column("staff_channel_id", BigId),
    Column("sweep_from", BigId, info={"passes": True}),
    Column("rule_set", Integer, nullable=False),
    at("queue_told_at"),
    Column("problem", Text),
    Column("is_problem_told", Boolean, nullable=False, server_default=text("0")),
    CheckConstraint("place IN ('off','same','channel')", name="place"),
)

level_rewards = Table(
    "level_rewards",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("role_id", BigId, primary_key=True),
    Column("level", Integer, nullable=False),
    Column("needs_confirm", Boolean, nullable=False, server_default=text("0")),
    Column("problem", Text),
    Column("is_problem_told", Boolean, nullable=False, server_default=text("0")),
    member_id("set_by", server_default=text("0")),
    CheckConstraint("level > 0", name="level"),
    info={"erase": "anonymise"},
    sqlite_with_rowid=False,
)

# The level that was last known, with which the next one is compared.
member_levels = Table(
    "member_levels",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("level", Integer, nullable=False),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

level_grants = Table(
    "level_grants",
    metadata,
    Column("grant_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("role_id", BigId, nullable=False),
    Column("state", Text, nullable=False),
    member_id("decided_by", server_default="0"),
    at("changed_at"),
    Column("seen_at", Float, nullable=False, server_default=text("0")),
    UniqueConstraint("guild_id", "user_id", "role_id"),
    CheckConstraint(
        "state IN ('due','eligible','declined','granted','undue','doubtful','kept')", name="state"
    ),
    info={"erase": {"user_id": "delete", "decided_by": "anonymise"}},
    sqlite_autoincrement=True,
)
Index("ix_level_grants_state", level_grants.c.state, level_grants.c.grant_id)
Index("ix_level_grants_seen", level_grants.c.seen_at)

level_notices = Table(
    "level_notices",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("channel_id", BigId, nullable=False),
    Column("nonce", Text),
    at("made_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

shop_items = Table(
    "shop_items",
    metadata,
    Column("item_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("price", Integer, nullable=False),
    Column("stock", Integer),
    Column("per_member", Integer),
    Column("min_level", Integer, nullable=False, server_default="0"),
    Column("needs_role_id", BigId),
    at("from_at", nullable=True),
    at("until_at", nullable=True),
    Column("role_id", BigId),
    Column("days", Integer),
    Column("resource_id", BigId, ForeignKey("resources.resource_id")),
    Column("state", Text, nullable=False, server_default="live"),
    member_id("added_by"),
    at("created_at"),
    at("updated_at"),
    member_id("role_by", server_default=text("0")),
    Column("role_problem", Text),
    Column("is_problem_told", Boolean, nullable=False, server_default=text("0")),
    CheckConstraint("kind IN ('role','resource','coupon','slot','custom')", name="kind"),
    CheckConstraint("state IN ('live','retired')", name="state"),
    CheckConstraint("price > 0", name="price"),
    CheckConstraint("stock IS NULL OR stock >= 0", name="stock"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_shop_items_live", shop_items.c.guild_id, shop_items.c.state)

# What an item hands out one by one: a coupon code, or a time for a consultation. `taken_at` stays
# when the buyer is erased, so that nothing is handed out twice.
shop_units = Table(
    "shop_units",
    metadata,
    Column("unit_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("item_id", BigId, ForeignKey("shop_items.item_id"), nullable=False),
    Column("code", Text),
    at("starts_at", nullable=True),
    at("taken_at", nullable=True),
    UniqueConstraint("item_id", "code"),
    UniqueConstraint("item_id", "starts_at"),
    CheckConstraint("(code IS NULL) <> (starts_at IS NULL)", name="code_or_time"),
    sqlite_autoincrement=True,
)
Index(
    "ix_shop_units_free",
    shop_units.c.item_id,
    shop_units.c.unit_id,
    sqlite_where=shop_units.c.taken_at.is_(None),
)

redemptions = Table(
    "redemptions",
    metadata,
    Column("redemption_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("item_id", BigId, ForeignKey("shop_items.item_id"), nullable=False),
    Column("source_id", BigId, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("price", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("entry_id", BigId, ForeignKey("ledger.entry_id")),
    Column("unit_id", BigId, ForeignKey("shop_units.unit_id")),
    Column("code", Text),
    at("starts_at", nullable=True),
    Column("role_id", BigId),
    Column("days", Integer),
    Column("resource_id", BigId, ForeignKey("resources.resource_id")),
    at("until_at", nullable=True),
    at("tried_at", nullable=True),
    Column("problem", Text),
    words("note"),
    Column("is_told", Boolean, nullable=False, server_default=text("0")),
    member_id("handled_by", server_default="0"),
    at("created_at"),
    at("changed_at"),
    Column("seen_at", Float, nullable=False, server_default=text("0")),
    # One press of Confirm buys once, however often it is delivered.
    UniqueConstraint("guild_id", "user_id", "source_id"),
    CheckConstraint("state IN ('owed','active','done','refunded')", name="state"),
    info={"erase": {"user_id": "delete", "handled_by": "anonymise"}},
    sqlite_autoincrement=True,
)
Index("ix_redemptions_item", redemptions.c.item_id, redemptions.c.user_id)
# A row of the ledger cannot go before it is known which redemptions it paid.
Index("ix_redemptions_entry", redemptions.c.entry_id)
Index("ix_redemptions_state", redemptions.c.state, redemptions.c.until_at)

# When a bought role ends whose buyer was erased, so that it ends; the row goes with the role.
role_ends = Table(
    "role_ends",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("role_id", BigId, primary_key=True),
    at("ends_at"),
    at("tried_at", nullable=True),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_role_ends_due", role_ends.c.ends_at)

checkins = Table(
    "checkins",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("is_frozen", Boolean, nullable=False, server_default=text("0")),
    at("checked_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("snapshot_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("metrics", JSON, nullable=False, server_default="{}"),
    Column("n_events", Integer, nullable=False, server_default="0"),
    Column("n_members", Integer, nullable=False, server_default="0"),
    Column("n_resources", Integer, nullable=False, server_default="0"),
    Column("duration_s", Float, nullable=False, server_default="0"),
    at("as_of_at"),
    at("created_at"),
    at("extended_at", nullable=True),
    at("until_at", nullable=True),
    Column("arrays", LargeBinary),
    CheckConstraint("state IN ('live','retired','rejected','failed')", name="state"),
    sqlite_autoincrement=True,
)
Index(
    "uq_snapshots_live",
    snapshots.c.guild_id,
    unique=True,
    sqlite_where=text("state = 'live'"),
)

# From whom a snapshot whose arrays are kept has learned, and from when on they allowed it: when
# they allow less, or are erased, it has an end (`until_at`).
learned_from = Table(
    "learned_from",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("snapshot_id", BigId, primary_key=True, autoincrement=False),
    at("learned_at"),
    at("from_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

digest_settings = Table(
    "digest_settings",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("is_on", Boolean, nullable=False),
    at("opted_in_at", nullable=True),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    at("due_at", nullable=True),
    Column("due_zone", Text),
    Column("locale", Text),
    at("closed_at", nullable=True),
    at("closed_told_at", nullable=True),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_digest_settings_due", digest_settings.c.due_at)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("period", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("items", JSON, nullable=False),
    Column("error", Text),
    Column("is_first", Boolean, nullable=False, server_default=text("0")),
    at("claimed_at"),
    at("sent_at", nullable=True),
    Column("message_id", BigId),
    UniqueConstraint("guild_id", "user_id", "period"),
    CheckConstraint("state IN ('claimed','sent','closed','failed','skipped')", name="state"),
    info={"erase": "delete"},
    sqlite_autoincrement=True,
)
Index("ix_deliveries_state", deliveries.c.state, deliveries.c.claimed_at)

audit = Table(
    "audit",
    metadata,
    Column("audit_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id("actor_id"),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("details", JSON, nullable=False, server_default="{}", info={"words": "reason"}),
    at("occurred_at"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_audit_guild", audit.c.guild_id, audit.c.audit_id)

# The members whom an entry of the trail is about, counted by `n`.
audit_about = Table(
    "audit_about",
    metadata,
    Column("audit_id", BigId, ForeignKey("audit.audit_id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    guild_id(),
    member_id(),
    info={"erase": "anonymise"},
    sqlite_with_rowid=False,
)
Index("ix_audit_about_member", audit_about.c.guild_id, audit_about.c.user_id)

# How often what a request remembers of a guild has changed. Only the triggers below write here, so
# no writer, in whatever process, can forget it, and two changes in one second are two.
versions = Table(
    "versions",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("catalogue", Integer, nullable=False, server_default=text("0")),
    Column("training", Integer, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)


def _counting(name: str, when: str, column: str, *rows: str) -> str:
    """Return a trigger that counts a change in one of the `versions` of a row's guild."""
    statements = " ".join(
        f"INSERT INTO versions (guild_id, {column}) VALUES ({row}.guild_id, 1)"
        f" ON CONFLICT (guild_id) DO UPDATE SET {column} = {column} + 1;"
        for row in rows
    )
    return f"CREATE TRIGGER {name} {when} BEGIN {statements} END"


TRIGGERS = (
    _counting("tr_resources_added", "AFTER INSERT ON resources", "catalogue", "new"),
    _counting("tr_resources_changed", "AFTER UPDATE ON resources", "catalogue", "old", "new"),
    _counting("tr_resources_removed", "AFTER DELETE ON resources", "catalogue", "old"),
    # From when on whose events may train: see `bot.profile.rules.trains_from`.
    _counting(
        "tr_members_added",
        "AFTER INSERT ON members"
        " WHEN new.consent <> 'unknown' OR new.asked_at IS NOT NULL OR NOT new.is_tracked",
        "training",
        "new",
    ),
    _counting(
        "tr_members_changed",
        "AFTER UPDATE OF guild_id, user_id, consent, consent_at, asked_at, has_earlier,"
        " is_tracked ON members",
        "training",
        "old",
        "new",
    ),
    _counting("tr_members_removed", "AFTER DELETE ON members", "training", "old"),
    # Events are only ever added, unless somebody is erased.
    _counting("tr_events_removed", "AFTER DELETE ON events", "training", "old"),
)

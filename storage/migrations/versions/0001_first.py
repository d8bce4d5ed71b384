"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("audit_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("actor_id", BigId, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("details", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("occurred_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id"),
        info={"erase": "anonymise"},
        sqlite_autoincrement=True,
    )
    op.create_table(
        "balances",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("earned", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_balances_board",
        "balances",
        ["guild_id", sa.literal_column("earned DESC"), "reached_at"],
        unique=False,
    )
    op.create_table(
        "cursors",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("moved_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "channel_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "daily_points",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "day"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("is_first", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=True),
        sa.Column("message_id", BigId, nullable=True),
        sa.CheckConstraint(
            "state IN ('claimed','sent','closed','failed','skipped')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.PrimaryKeyConstraint("delivery_id"),
        sa.UniqueConstraint(
            "guild_id", "user_id", "period", name=op.f("uq_deliveries_guild_id_user_id_period")
        ),
        info={"erase": "delete"},
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state", "claimed_at"], unique=False)
    op.create_table(
        "digest_settings",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("opted_in_at", sa.Float(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("due_zone", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.Float(), nullable=True),
        sa.Column("closed_told_at", sa.Float(), nullable=True),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_digest_settings_hour")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_digest_settings_weekday")),
        sa.PrimaryKeyConstraint("guild_id", "user_id"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_index("ix_digest_settings_due", "digest_settings", ["due_at"], unique=False)
    op.create_table(
        "guilds",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("consent_policy", sa.Text(), server_default="ask", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "consent_policy IN ('ask', 'notice')", name=op.f("ck_guilds_consent_policy")
        ),
        sa.CheckConstraint("language IN ('en', 'zh-CN')", name=op.f("ck_guilds_language")),
        sa.PrimaryKeyConstraint("guild_id"),
    )
    op.create_table(
        "ledger",
        sa.Column("entry_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("source_id", BigId, nullable=False),
        sa.Column("giver_id", BigId, server_default="0", nullable=False),
        sa.Column("reverses", BigId, nullable=True),
        sa.Column("rule_set", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("earned_at", sa.Float(), nullable=False),
        sa.Column("recorded_at", sa.Float(), nullable=False),
        sa.Column("event_id", BigId, nullable=True),
        sa.Column("actor_id", BigId, server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("is_spending", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("rescore_id", BigId, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["reverses"],
            ["ledger.entry_id"],
        ),
        sa.PrimaryKeyConstraint("entry_id"),
        sa.UniqueConstraint("reverses", name=op.f("uq_ledger_reverses")),
        info={"erase": {"user_id": "delete", "giver_id": "anonymise", "actor_id": "anonymise"}},
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_ledger_actor",
        "ledger",
        ["guild_id", "actor_id", "recorded_at"],
        unique=False,
        sqlite_where=sa.text("actor_id <> 0"),
    )
    op.create_index(
        "ix_ledger_accepted",
        "ledger",
        ["guild_id", "giver_id", "earned_at"],
        unique=False,
        sqlite_where=sa.text("kind = 'answer'"),
    )
    op.create_index("ix_ledger_giver", "ledger", ["guild_id", "giver_id", "user_id"], unique=False)
    op.create_index("ix_ledger_member", "ledger", ["guild_id", "user_id", "day"], unique=False)
    op.create_index(
        "ix_ledger_rescore",
        "ledger",
        ["rescore_id", "event_id"],
        unique=False,
        sqlite_where=sa.text("rescore_id <> 0"),
    )
    op.create_index(
        "ix_ledger_source", "ledger", ["guild_id", "source_id", "giver_id"], unique=False
    )
    op.create_index(
        "uq_ledger_event",
        "ledger",
        ["event_id", "kind", "user_id", "rescore_id"],
        unique=True,
        sqlite_where=sa.text("reverses IS NULL AND event_id IS NOT NULL"),
    )
    op.create_index(
        "uq_ledger_source",
        "ledger",
        ["guild_id", "source_id", "kind", "user_id", "giver_id", "rescore_id"],
        unique=True,
        sqlite_where=sa.text(
            "reverses IS NULL AND kind NOT IN ('answer', 'resource', 'savers')"
            " AND (giver_id <> 0 OR kind <> 'helpful')"
        ),
    )
    op.create_table(
        "rescores",
        sa.Column("rescore_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.Float(), nullable=False),
        sa.Column("until_event", BigId, nullable=False),
        sa.Column("paid_until", BigId, nullable=False),
        sa.Column("undoes", BigId, nullable=True),
        sa.Column("created_by", BigId, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.Float(), nullable=True),
        sa.Column("n_entries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_members", sa.Integer(), server_default="0", nullable=False),
        sa.Column("amount", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["rescores.rescore_id"],
        ),
        sa.PrimaryKeyConstraint("rescore_id"),
        sa.UniqueConstraint("undoes", name=op.f("uq_rescores_undoes")),
        info={"erase": "anonymise"},
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rescores_guild", "rescores", ["guild_id", "rescore_id"], unique=False)
    op.create_index(
        "uq_rescores_running",
        "rescores",
        ["guild_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "members",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("interests", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("consent", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("consent_at", sa.Float(), nullable=True),
        sa.Column("asked_at", sa.Float(), nullable=True),
        sa.Column("is_tracked", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("is_on_boards", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "consent IN ('unknown', 'granted', 'declined')", name=op.f("ck_members_consent")
        ),
        sa.PrimaryKeyConstraint("guild_id", "user_id"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_index("ix_members_boards", "members", ["guild_id", "is_on_boards"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "period_points",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "period"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_period_points_board",
        "period_points",
        ["guild_id", "period", sa.literal_column("amount DESC"), "reached_at"],
        unique=False,
    )
    op.create_table(
        "resources",
        sa.Column("resource_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("tags", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("level", sa.Text(), server_default="beginner", nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("price_minor", sa.Integer(), server_default="0", nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("creator", sa.Text(), server_default="", nullable=False),
        sa.Column("creator_id", BigId, nullable=True),
        sa.Column("added_by", BigId, nullable=True),
        sa.Column("role_id", BigId, nullable=True),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("published_at", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('article','course','ebook','video','tool','thread','consultation')",
            name=op.f("ck_resources_kind"),
        ),
        sa.CheckConstraint(
            "level IN ('beginner','intermediate','advanced')", name=op.f("ck_resources_level")
        ),
        sa.CheckConstraint("state IN ('live','retired')", name=op.f("ck_resources_state")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_resources_price")),
        sa.PrimaryKeyConstraint("resource_id"),
        sa.UniqueConstraint("guild_id", "url_key", name=op.f("uq_resources_guild_id_url_key")),
        info={"erase": "anonymise"},
        sqlite_autoincrement=True,
    )
    op.create_index("ix_resources_live", "resources", ["guild_id", "state"], unique=False)
    op.create_table(
        "rule_drafts",
        sa.Column("draft_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("edited_by", BigId, nullable=False),
        sa.Column("edited_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id"),
        info={"erase": "anonymise"},
    )
    op.create_index("ix_rule_drafts_guild", "rule_drafts", ["guild_id"], unique=False)
    op.create_table(
        "rule_sets",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_by", BigId, nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("effective_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "version"),
        info={"erase": "anonymise"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "snapshots",
        sa.Column("snapshot_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("metrics", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("n_events", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_members", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_resources", sa.Integer(), server_default="0", nullable=False),
        sa.Column("duration_s", sa.Float(), server_default="0", nullable=False),
        sa.Column("as_of_at", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("extended_at", sa.Float(), nullable=True),
        sa.Column("arrays", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('live','retired','rejected','failed')", name=op.f("ck_snapshots_state")
        ),
        sa.PrimaryKeyConstraint("snapshot_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_snapshots_live",
        "snapshots",
        ["guild_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "events",
        sa.Column("event_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("source_id", BigId, nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("qualifier", BigId, server_default="0", nullable=False),
        sa.Column("occurred_at", sa.Float(), nullable=False),
        sa.Column("recorded_at", sa.Float(), nullable=False),
        sa.Column("channel_id", BigId, nullable=True),
        sa.Column("resource_id", BigId, nullable=True),
        sa.Column("target_id", BigId, nullable=True),
        sa.Column("length_class", sa.Integer(), nullable=True),
        sa.Column("is_reply", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("in_thread", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("has_attachment", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_rewarded", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_imported", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("novelty", sa.Integer(), nullable=True),
        sa.Column("role_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.resource_id"],
        ),
        sa.PrimaryKeyConstraint("event_id"),
        sa.UniqueConstraint(
            "guild_id",
            "source_id",
            "kind",
            "user_id",
            "qualifier",
            name=op.f("uq_events_guild_id_source_id_kind_user_id_qualifier"),
        ),
        info={"erase": {"user_id": "delete", "target_id": "anonymise"}},
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_events_interaction",
        "events",
        ["guild_id", "recorded_at"],
        unique=False,
        sqlite_where=sa.text("resource_id IS NOT NULL"),
    )
    op.create_index(
        "ix_events_member", "events", ["guild_id", "user_id", "occurred_at"], unique=False
    )
    op.create_index(
        "ix_events_savers",
        "events",
        ["guild_id", "resource_id", "user_id"],
        unique=False,
        sqlite_where=sa.text("kind IN (11, 12)"),
    )
    op.create_index("ix_events_target", "events", ["guild_id", "target_id"], unique=False)
    op.create_index(
        "ix_events_undone",
        "events",
        ["guild_id", "user_id", "resource_id", "occurred_at"],
        unique=False,
        sqlite_where=sa.text("kind IN (12, 16)"),
    )
    op.create_table(
        "impressions",
        sa.Column("impression_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("resource_id", BigId, nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", BigId, nullable=True),
        sa.Column("arm", sa.Text(), nullable=False),
        sa.Column("propensity", sa.Float(), server_default="1", nullable=False),
        sa.Column("shown_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "surface IN ('recommend','similar','digest','question','search','share')",
            name=op.f("ck_impressions_surface"),
        ),
        sa.CheckConstraint(
            "propensity > 0 AND propensity <= 1", name=op.f("ck_impressions_propensity")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.resource_id"],
        ),
        sa.PrimaryKeyConstraint("impression_id"),
        info={"erase": "delete"},
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_impressions_member", "impressions", ["guild_id", "user_id", "shown_at"], unique=False
    )
    op.create_index(
        "ix_impressions_resource", "impressions", ["guild_id", "resource_id"], unique=False
    )
    op.create_table(
        "links",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("resource_id", BigId, nullable=False),
        sa.Column("impression_id", BigId, nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.resource_id"],
        ),
        sa.PrimaryKeyConstraint("token"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_index("ix_links_member", "links", ["guild_id", "user_id"], unique=False)
    op.create_table(
        "resource_messages",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("resource_id", BigId, nullable=False),
        sa.Column("posted_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.resource_id"],
        ),
        sa.PrimaryKeyConstraint("guild_id", "message_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "level_settings",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("place", sa.Text(), server_default="off", nullable=False),
        sa.Column("channel_id", BigId, nullable=True),
        sa.Column("staff_channel_id", BigId, nullable=True),
        sa.Column("sweep_from", BigId, nullable=True),
        sa.Column("rule_set", sa.Integer(), nullable=False),
        sa.Column("queue_told_at", sa.Float(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("is_problem_told", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "place IN ('off','same','channel')", name=op.f("ck_level_settings_place")
        ),
        sa.PrimaryKeyConstraint("guild_id"),
    )
    op.create_table(
        "level_rewards",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("role_id", BigId, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("needs_confirm", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("is_problem_told", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("level > 0", name=op.f("ck_level_rewards_level")),
        sa.PrimaryKeyConstraint("guild_id", "role_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "member_levels",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "level_grants",
        sa.Column("grant_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("role_id", BigId, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", BigId, server_default="0", nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "state IN ('due','eligible','declined','granted','undue','doubtful','kept')",
            name=op.f("ck_level_grants_state"),
        ),
        sa.PrimaryKeyConstraint("grant_id"),
        sa.UniqueConstraint(
            "guild_id", "user_id", "role_id", name=op.f("uq_level_grants_guild_id_user_id_role_id")
        ),
        info={"erase": {"user_id": "delete", "decided_by": "anonymise"}},
        sqlite_autoincrement=True,
    )
    op.create_index("ix_level_grants_state", "level_grants", ["state", "grant_id"], unique=False)
    op.create_table(
        "level_notices",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("nonce", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "level"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shop_items",
        sa.Column("item_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("per_member", sa.Integer(), nullable=True),
        sa.Column("min_level", sa.Integer(), server_default="0", nullable=False),
        sa.Column("needs_role_id", BigId, nullable=True),
        sa.Column("from_at", sa.Float(), nullable=True),
        sa.Column("until_at", sa.Float(), nullable=True),
        sa.Column("role_id", BigId, nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("resource_id", BigId, nullable=True),
        sa.Column("state", sa.Text(), server_default="live", nullable=False),
        sa.Column("added_by", BigId, nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('role','resource','coupon','slot','custom')",
            name=op.f("ck_shop_items_kind"),
        ),
        sa.CheckConstraint("state IN ('live','retired')", name=op.f("ck_shop_items_state")),
        sa.CheckConstraint("price > 0", name=op.f("ck_shop_items_price")),
        sa.CheckConstraint("stock IS NULL OR stock >= 0", name=op.f("ck_shop_items_stock")),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.resource_id"],
        ),
        sa.PrimaryKeyConstraint("item_id"),
        info={"erase": "anonymise"},
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shop_items_live", "shop_items", ["guild_id", "state"], unique=False)
    op.create_table(
        "shop_units",
        sa.Column("unit_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("item_id", BigId, nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.Float(), nullable=True),
        sa.Column("taken_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "(code IS NULL) <> (starts_at IS NULL)", name=op.f("ck_shop_units_code_or_time")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["shop_items.item_id"],
        ),
        sa.PrimaryKeyConstraint("unit_id"),
        sa.UniqueConstraint("item_id", "code", name=op.f("uq_shop_units_item_id_code")),
        sa.UniqueConstraint("item_id", "starts_at", name=op.f("uq_shop_units_item_id_starts_at")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_shop_units_free",
        "shop_units",
        ["item_id", "unit_id"],
        unique=False,
        sqlite_where=sa.text("taken_at IS NULL"),
    )
    op.create_table(
        "redemptions",
        sa.Column("redemption_id", BigId, autoincrement=True, nullable=False),
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("item_id", BigId, nullable=False),
        sa.Column("source_id", BigId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entry_id", BigId, nullable=True),
        sa.Column("unit_id", BigId, nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.Float(), nullable=True),
        sa.Column("role_id", BigId, nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("resource_id", BigId, nullable=True),
        sa.Column("until_at", sa.Float(), nullable=True),
        sa.Column("tried_at", sa.Float(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("is_told", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("handled_by", BigId, server_default="0", nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "state IN ('owed','active','done','refunded')", name=op.f("ck_redemptions_state")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger.entry_id"],
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["shop_items.item_id"],
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resources.resource_id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["shop_units.unit_id"],
        ),
        sa.PrimaryKeyConstraint("redemption_id"),
        sa.UniqueConstraint(
            "guild_id",
            "user_id",
            "source_id",
            name=op.f("uq_redemptions_guild_id_user_id_source_id"),
        ),
        info={"erase": {"user_id": "delete", "handled_by": "anonymise"}},
        sqlite_autoincrement=True,
    )
    op.create_index("ix_redemptions_item", "redemptions", ["item_id", "user_id"], unique=False)
    op.create_index("ix_redemptions_state", "redemptions", ["state", "until_at"], unique=False)
    op.create_table(
        "role_ends",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("role_id", BigId, nullable=False),
        sa.Column("ends_at", sa.Float(), nullable=False),
        sa.Column("tried_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "role_id"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_index("ix_role_ends_due", "role_ends", ["ends_at"], unique=False)
    op.create_table(
        "checkins",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_frozen", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("checked_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "day"),
        info={"erase": "delete"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "versions",
        sa.Column("guild_id", BigId, nullable=False),
        sa.Column("catalogue", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("training", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("guild_id"),
        sqlite_with_rowid=False,
    )
    for trigger, column, rows in (
        ("tr_resources_added AFTER INSERT ON resources", "catalogue", ("new",)),
        ("tr_resources_changed AFTER UPDATE ON resources", "catalogue", ("old", "new")),
        ("tr_resources_removed AFTER DELETE ON resources", "catalogue", ("old",)),
        (
            "tr_members_added AFTER INSERT ON members"
            " WHEN new.consent <> 'unknown' OR NOT new.is_tracked",
            "training",
            ("new",),
        ),
        (
            "tr_members_changed AFTER UPDATE OF guild_id, user_id, consent, is_tracked ON members",
            "training",
            ("old", "new"),
        ),
        ("tr_members_removed AFTER DELETE ON members", "training", ("old",)),
        ("tr_events_removed AFTER DELETE ON events", "training", ("old",)),
    ):
        statements = " ".join(
            f"INSERT INTO versions (guild_id, {column}) VALUES ({row}.guild_id, 1)"
            f" ON CONFLICT (guild_id) DO UPDATE SET {column} = {column} + 1;"
            for row in rows
        )
        op.execute(f"CREATE TRIGGER {trigger} BEGIN {statements} END")

"""What points buy, and who bought it."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.columns import BigId, at, guild_id, member_id, metadata, words

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

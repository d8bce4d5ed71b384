"""Resources, where they were posted, to whom they were shown, and how they are opened."""

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
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

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
    Column("language", Text),
    Column("level", Text),
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
    Column("is_gem", Boolean, nullable=False, server_default=text("0")),
    Column("edition_of", BigId),  # a resource of the same guild
    Column("moved_to", BigId),  # likewise, where this one is retired
    Column("is_merged", Boolean, nullable=False, server_default=text("0")),
    Column("is_sold", Boolean, nullable=False, server_default=text("0")),  # a product opens it
    UniqueConstraint("guild_id", "url_key"),
    CheckConstraint(
        "kind IN ('article','course','ebook','video','tool','page','thread','consultation')",
        name="kind",
    ),
    CheckConstraint("level IN ('beginner','intermediate','advanced')", name="level"),
    CheckConstraint("state IN ('live','retired')", name="state"),
    CheckConstraint("price_minor >= 0", name="price"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_resources_live", resources.c.guild_id, resources.c.state)
Index("ix_resources_moved", resources.c.guild_id, resources.c.moved_to)

# What went along when a resource was merged or replaced, so that parting gives it back: what it had
# stood for, its editions, and whether what stands for it now was one of those.
resource_joins = Table(
    "resource_joins",
    metadata,
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), primary_key=True),
    guild_id(),
    Column("moved_ids", JSON, nullable=False, server_default="[]"),
    Column("edition_ids", JSON, nullable=False, server_default="[]"),
    Column("was_edition", Boolean, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)
Index("ix_resource_joins_guild", resource_joins.c.guild_id)

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
    Column("score", Float),
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
Index("ix_impressions_shown", impressions.c.guild_id, impressions.c.shown_at)

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

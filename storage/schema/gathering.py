"""What comes into a catalogue by itself, what is missing from it, and whether it is still there."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata, words

# What is looked for: a search that found nothing good, or a wish. Whose it is stands in
# `wish_voices`; triggers count those here, and take away what nobody stands behind any more.
wishes = Table(
    "wishes",
    metadata,
    Column("wish_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("token", Text, nullable=False),  # a hash of the folded words
    words("text"),
    Column("state", Text, nullable=False, server_default="open"),
    Column("n_wished", Integer, nullable=False, server_default="0"),
    Column("n_missed", Integer, nullable=False, server_default="0"),
    Column("resource_id", BigId, ForeignKey("resources.resource_id")),
    member_id("decided_by", nullable=True),
    at("created_at"),
    at("decided_at", nullable=True),
    UniqueConstraint("guild_id", "token"),
    CheckConstraint("state IN ('open','fulfilled','dropped')", name="state"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_wishes_wished", wishes.c.guild_id, wishes.c.state, wishes.c.n_wished)
Index("ix_wishes_missed", wishes.c.guild_id, wishes.c.state, wishes.c.n_missed)

wish_voices = Table(
    "wish_voices",
    metadata,
    Column("wish_id", BigId, ForeignKey("wishes.wish_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    member_id(primary_key=True),
    guild_id(),
    at("said_at"),
    at("told_at", nullable=True),
    CheckConstraint("kind IN ('wished','missed')", name="kind"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_wish_voices_member", wish_voices.c.guild_id, wish_voices.c.user_id)
Index("ix_wish_voices_said", wish_voices.c.kind, wish_voices.c.said_at)

# What a tick counted of each topic; only what enough members stand behind is written down.
topic_gaps = Table(
    "topic_gaps",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("n_readers", Integer, nullable=False, server_default="0"),
    Column("n_resources", Integer, nullable=False, server_default="0"),
    Column("n_askers", Integer, nullable=False, server_default="0"),
    Column("n_hard", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

sources = Table(
    "sources",
    metadata,
    Column("source_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("url_key", Text, nullable=False),
    Column("channel_id", BigId),
    Column("tags", JSON, nullable=False, server_default="[]"),
    Column("state", Text, nullable=False, server_default="live"),
    Column("trust", Text, nullable=False, server_default="earned"),
    Column("every_s", Integer, nullable=False),
    Column("daily_max", Integer, nullable=False),
    Column("etag", Text, nullable=False, server_default=""),
    Column("modified", Text, nullable=False, server_default=""),
    Column("result", Text, nullable=False, server_default=""),
    Column("result_params", JSON, nullable=False, server_default="{}"),
    Column("n_failures", Integer, nullable=False, server_default="0"),
    Column("n_found", Integer, nullable=False, server_default="0"),
    member_id("added_by", nullable=True),
    at("created_at"),
    at("next_at"),
    at("looked_at", nullable=True),
    at("told_at", nullable=True),
    Column("makes", Text),  # the kind of what comes of it, where moderators said so
    UniqueConstraint("guild_id", "url_key"),
    CheckConstraint("kind IN ('feed','forum','list')", name="kind"),
    CheckConstraint("state IN ('live','paused','quarantined')", name="state"),
    CheckConstraint("trust IN ('review','earned','publish')", name="trust"),
    CheckConstraint("every_s > 0 AND daily_max > 0", name="bounds"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_sources_due", sources.c.state, sources.c.next_at)

# Every entry that a source ever showed, by a hash of what it calls itself, so that none comes
# twice; `fields` only while it waits for its day.
source_entries = Table(
    "source_entries",
    metadata,
    Column(
        "source_id",
        BigId,
        ForeignKey("sources.source_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("token", Text, primary_key=True),
    guild_id(),
    Column("state", Text, nullable=False),
    Column("fields", JSON),
    at("seen_at"),
    at("taken_at", nullable=True),
    CheckConstraint("state IN ('waiting','taken','passed')", name="state"),
    sqlite_with_rowid=False,
)
Index("ix_source_entries_state", source_entries.c.source_id, source_entries.c.state)

# Whether a resource is still there, and when it is looked at next; whoever doubts it moves
# `next_at` to now.
checks = Table(
    "checks",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column(
        "resource_id",
        BigId,
        ForeignKey("resources.resource_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("state", Text, nullable=False, server_default="unknown"),
    Column("problem", Text, nullable=False, server_default=""),
    Column("status", Integer),
    Column("n_failures", Integer, nullable=False, server_default="0"),
    Column("etag", Text, nullable=False, server_default=""),
    Column("modified", Text, nullable=False, server_default=""),
    Column("moved_url", Text, nullable=False, server_default=""),
    Column("archived_url", Text, nullable=False, server_default=""),
    at("next_at"),
    at("asked_at", nullable=True),
    at("checked_at", nullable=True),
    at("reviewed_at", nullable=True),
    CheckConstraint("state IN ('unknown','ok','moved','broken','closed')", name="state"),
    sqlite_with_rowid=False,
)
Index("ix_checks_due", checks.c.next_at)
Index("ix_checks_state", checks.c.guild_id, checks.c.state)

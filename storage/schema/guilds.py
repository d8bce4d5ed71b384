"""The program itself, servers, and what members told us about themselves."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Table,
    Text,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, member_id, metadata

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
    Column("staff_channel_id", BigId),
    Column("synonyms", Text, nullable=False, server_default=""),
    Column("has_closed_tags", Boolean, nullable=False, server_default=text("0")),
    CheckConstraint("consent_policy IN ('ask', 'notice')", name="consent_policy"),
    CheckConstraint("language IN ('en', 'zh-CN')", name="language"),
)

# From when on a guild lived in which time zone, where that ever changed: days stay what they were.
guild_zones = Table(
    "guild_zones",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    at("since_at", primary_key=True),
    Column("time_zone", Text, nullable=False),
    sqlite_with_rowid=False,
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

# Promises to members (storage/promises.py) that are still to be noted beside the backups, or that a
# restored database keeps for members whom it does not know; each knows its member by a salted hash.
promises = Table(
    "promises",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("salt", Text, primary_key=True),
    Column("who", Text, nullable=False),
    Column("kind", Text, nullable=False),
    at("made_at"),
    Column("is_noted", Boolean, nullable=False),
    CheckConstraint(
        "kind IN ('erased','erased-untracked','untracked','tracked','unlearned','learned')",
        name="kind",
    ),
    sqlite_with_rowid=False,
)

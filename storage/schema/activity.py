"""What members did, and how far each channel was read."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

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
# Who answers whom: by replies, reactions and accepting (`Acts.answering`).
Index(
    "ix_events_answers",
    events.c.guild_id,
    events.c.target_id,
    events.c.user_id,
    events.c.occurred_at,
    sqlite_where=text("kind IN (1, 3, 20) AND is_imported = 0 AND target_id IS NOT NULL"),
)
Index("ix_events_target", events.c.guild_id, events.c.target_id)
# The few that undo a save, a dismissal or an opinion (`EventKind.UNSAVE`, `UNDISMISS`,
# `RETRACTED`): what a member did to a resource still stands unless one of these is later.
Index(
    "ix_events_undone",
    events.c.guild_id,
    events.c.user_id,
    events.c.resource_id,
    events.c.occurred_at,
    sqlite_where=text("kind IN (12, 16, 59)"),
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

"""A server's own tags with their names, and what moderators changed of them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

tags = Table(
    "tags",
    metadata,
    Column("tag_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("name", Text, nullable=False),  # as `resources.tags` has it
    Column("english", Text, nullable=False, server_default=""),
    Column("chinese", Text, nullable=False, server_default=""),
    Column("aliases", JSON, nullable=False, server_default="[]"),
    Column("under_id", BigId, ForeignKey("tags.tag_id")),
    Column("merged_into", BigId, ForeignKey("tags.tag_id")),
    at("created_at"),
    at("updated_at"),
    UniqueConstraint("guild_id", "name"),
    sqlite_autoincrement=True,
)

# What moderators did, each with all that undoing it needs: rows as they were, and ids of new ones.
tag_changes = Table(
    "tag_changes",
    metadata,
    Column("change_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("action", Text, nullable=False),
    Column("tag", Text, nullable=False),
    Column("other_tag", Text, nullable=False, server_default=""),
    Column("tags_before", JSON, nullable=False, server_default="[]"),
    Column("tags_made", JSON, nullable=False, server_default="[]"),
    member_id("changed_by", nullable=True),
    at("changed_at"),
    at("undone_at", nullable=True),
    Column("told_words", JSON, nullable=False, server_default="{}"),
    Column("followed_to", BigId, nullable=False, server_default="0"),
    at("followed_at", nullable=True),  # NULL: resources are about to follow it, or its undoing
    CheckConstraint("action IN ('add','edit','merge','remove','import')", name="action"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_tag_changes_guild", tag_changes.c.guild_id, tag_changes.c.change_id)
Index(
    "ix_tag_changes_following",
    tag_changes.c.guild_id,
    tag_changes.c.change_id,
    sqlite_where=tag_changes.c.followed_at.is_(None),
)

# Which resources carry another tag since, and what they carried in its place.
tag_moves = Table(
    "tag_moves",
    metadata,
    Column(
        "change_id",
        BigId,
        ForeignKey("tag_changes.change_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), primary_key=True),
    Column("given_tag", Text, primary_key=True),
    guild_id(),
    Column("taken_tags", JSON, nullable=False),
    Column("had_tag", Boolean, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)
Index("ix_tag_moves_guild", tag_moves.c.guild_id)

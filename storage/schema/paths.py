"""Ordered lists of resources."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

paths = Table(
    "paths",
    metadata,
    Column("path_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False, server_default=""),
    Column("course_id", BigId, ForeignKey("resources.resource_id")),
    member_id("made_by"),
    Column("state", Text, nullable=False, server_default="live"),
    at("created_at"),
    at("updated_at"),
    CheckConstraint("state IN ('live','retired')", name="state"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_paths_guild", paths.c.guild_id, paths.c.state)

path_steps = Table(
    "path_steps",
    metadata,
    Column("guild_id", BigId, nullable=False),
    Column("path_id", BigId, ForeignKey("paths.path_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_path_steps_guild", path_steps.c.guild_id)

# What is to be finished before what, outside of paths.
prerequisites = Table(
    "prerequisites",
    metadata,
    Column("guild_id", BigId, nullable=False),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), primary_key=True),
    Column("needs_id", BigId, ForeignKey("resources.resource_id"), primary_key=True),
    member_id("added_by"),
    at("created_at"),
    info={"erase": "anonymise"},
    sqlite_with_rowid=False,
)
Index("ix_prerequisites_guild", prerequisites.c.guild_id)

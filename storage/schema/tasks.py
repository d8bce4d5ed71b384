"""What there is to do beside a resource, and what members hand in."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.columns import BigId, at, guild_id, member_id, metadata, words

tasks = Table(
    "tasks",
    metadata,
    Column("task_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    at("due_at", nullable=True),
    Column("role_id", BigId),  # whose members may mark, too
    member_id("made_by"),
    Column("state", Text, nullable=False, server_default="live"),
    at("created_at"),
    at("updated_at"),
    CheckConstraint("state IN ('live','ended')", name="state"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_tasks_guild", tasks.c.guild_id, tasks.c.resource_id)

# One of a member and task: handing in again changes it.
works = Table(
    "works",
    metadata,
    Column("work_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("task_id", BigId, ForeignKey("tasks.task_id"), nullable=False),
    member_id(),
    Column("text", Text, nullable=False, server_default=""),
    Column("link", Text, nullable=False, server_default=""),
    Column("is_shown", Boolean, nullable=False, server_default=text("0")),
    at("handed_in_at"),
    Column("mark", Text),
    words("sentence"),
    member_id("marked_by", nullable=True),
    at("marked_at", nullable=True),
    at("told_at", nullable=True),
    Column("turn", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("mark IN ('done','again','excellent')", name="mark"),
    UniqueConstraint("task_id", "user_id"),
    info={"erase": {"user_id": "delete", "marked_by": "anonymise"}},
    sqlite_autoincrement=True,
)
Index("ix_works_member", works.c.guild_id, works.c.user_id)

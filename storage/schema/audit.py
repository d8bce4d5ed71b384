"""Who changed what, and about whom."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

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

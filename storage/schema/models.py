"""Fitted recommenders, and from whom they learned."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

snapshots = Table(
    "snapshots",
    metadata,
    Column("snapshot_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("metrics", JSON, nullable=False, server_default="{}"),
    Column("n_events", Integer, nullable=False, server_default="0"),
    Column("n_members", Integer, nullable=False, server_default="0"),
    Column("n_resources", Integer, nullable=False, server_default="0"),
    Column("duration_s", Float, nullable=False, server_default="0"),
    at("as_of_at"),
    at("created_at"),
    at("extended_at", nullable=True),
    at("until_at", nullable=True),
    Column("arrays", LargeBinary),
    CheckConstraint("state IN ('live','retired','rejected','failed')", name="state"),
    sqlite_autoincrement=True,
)
Index(
    "uq_snapshots_live",
    snapshots.c.guild_id,
    unique=True,
    sqlite_where=text("state = 'live'"),
)

# From whom a snapshot whose arrays are kept has learned, and from when on they allowed it: when
# they allow less, or are erased, it has an end (`until_at`).
learned_from = Table(
    "learned_from",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("snapshot_id", BigId, primary_key=True, autoincrement=False),
    at("learned_at"),
    at("from_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

"""Who wants a digest, and what became of each; and the digests of channels."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

digest_settings = Table(
    "digest_settings",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("is_on", Boolean, nullable=False),
    at("opted_in_at", nullable=True),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    at("due_at", nullable=True),
    Column("due_zone", Text),
    Column("locale", Text),
    at("closed_at", nullable=True),
    at("closed_told_at", nullable=True),
    Column("cadence", Text, nullable=False, server_default="weekly"),
    at("paused_until", nullable=True),
    Column("stage", Integer, nullable=False, server_default="0"),
    at("stage_at", nullable=True),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_digest_settings_due", digest_settings.c.due_at)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("period", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("items", JSON, nullable=False),
    Column("error", Text),
    Column("is_first", Boolean, nullable=False, server_default=text("0")),
    at("claimed_at"),
    at("sent_at", nullable=True),
    Column("message_id", BigId),
    Column("note", Text),
    Column("n_gated", Integer, nullable=False, server_default="0"),
    UniqueConstraint("guild_id", "user_id", "period"),
    CheckConstraint("state IN ('claimed','sent','closed','failed','skipped')", name="state"),
    info={"erase": "delete"},
    sqlite_autoincrement=True,
)
Index("ix_deliveries_member", deliveries.c.user_id, deliveries.c.claimed_at)
Index("ix_deliveries_state", deliveries.c.state, deliveries.c.claimed_at)

channel_digests = Table(
    "channel_digests",
    metadata,
    Column("guild_id", BigId, primary_key=True, autoincrement=False),
    Column("channel_id", BigId, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    at("due_at"),
    Column("due_zone", Text, nullable=False),
    Column("problem", Text),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    sqlite_with_rowid=False,
)
Index("ix_channel_digests_due", channel_digests.c.due_at)

channel_letters = Table(
    "channel_letters",
    metadata,
    Column("guild_id", BigId, primary_key=True, autoincrement=False),
    Column("period", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("channel_id", BigId, nullable=False),
    Column("nonce", Text, nullable=False),
    at("claimed_at"),
    at("sent_at", nullable=True),
    CheckConstraint("state IN ('claimed','sent','failed','skipped')", name="state"),
    sqlite_with_rowid=False,
)
Index("ix_channel_letters_state", channel_letters.c.state, channel_letters.c.claimed_at)

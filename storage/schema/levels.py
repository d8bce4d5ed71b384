"""What levels give, where members stand, and who is notified."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

level_settings = Table(
    "level_settings",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("place", Text, nullable=False, server_default="off"),
    Column("channel_id", BigId),
    Column("sweep_from", BigId, info={"passes": True}),
    Column("rule_set", Integer, nullable=False),
    at("queue_told_at"),
    Column("problem", Text),
    Column("is_problem_told", Boolean, nullable=False, server_default=text("0")),
    CheckConstraint("place IN ('off','same','channel')", name="place"),
)

level_rewards = Table(
    "level_rewards",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("role_id", BigId, primary_key=True),
    Column("level", Integer, nullable=False),
    Column("needs_confirm", Boolean, nullable=False, server_default=text("0")),
    Column("problem", Text),
    Column("is_problem_told", Boolean, nullable=False, server_default=text("0")),
    member_id("set_by", server_default=text("0")),
    CheckConstraint("level > 0", name="level"),
    info={"erase": "anonymise"},
    sqlite_with_rowid=False,
)

# The level that was last known, with which the next one is compared.
member_levels = Table(
    "member_levels",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("level", Integer, nullable=False),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

level_grants = Table(
    "level_grants",
    metadata,
    Column("grant_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(),
    Column("role_id", BigId, nullable=False),
    Column("state", Text, nullable=False),
    member_id("decided_by", server_default="0"),
    at("changed_at"),
    Column("seen_at", Float, nullable=False, server_default=text("0")),
    UniqueConstraint("guild_id", "user_id", "role_id"),
    CheckConstraint(
        "state IN ('due','eligible','declined','granted','undue','doubtful','kept')", name="state"
    ),
    info={"erase": {"user_id": "delete", "decided_by": "anonymise"}},
    sqlite_autoincrement=True,
)
Index("ix_level_grants_state", level_grants.c.state, level_grants.c.grant_id)
Index("ix_level_grants_seen", level_grants.c.seen_at)

level_notices = Table(
    "level_notices",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("channel_id", BigId, nullable=False),
    Column("nonce", Text),
    at("made_at"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

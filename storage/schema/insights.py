"""What is held out, what is tried out, and when moderators are told how things stand."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

insight_settings = Table(
    "insight_settings",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("holdout", Float, nullable=False, server_default="0"),
    Column("is_holdout_set", Boolean, nullable=False, server_default=text("0")),
)

experiments = Table(
    "experiments",
    metadata,
    Column("experiment_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id("started_by"),
    Column("policy", Text, nullable=False),
    Column("value", Float, nullable=False),
    Column("share", Float, nullable=False),
    Column("metric", Text, nullable=False),
    Column("matters", Float, nullable=False),
    Column("planned", Float, nullable=False),
    Column("state", Text, nullable=False, server_default="running"),
    at("started_at"),
    at("ends_at"),
    at("ended_at", nullable=True),
    Column("result", JSON),
    CheckConstraint("policy IN ('exploration','diversity','digest','ranker')", name="policy"),
    CheckConstraint("metric IN ('open','save')", name="metric"),
    CheckConstraint("state IN ('running','ended','stopped')", name="state"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index(
    "uq_experiments_running",
    experiments.c.guild_id,
    unique=True,
    sqlite_where=text("state = 'running'"),
)

briefings = Table(
    "briefings",
    metadata,
    Column("guild_id", BigId, primary_key=True, autoincrement=False),
    Column("hour", Integer),
    Column("day", Text, nullable=False, server_default=""),
    Column("is_monthly", Boolean, nullable=False, server_default=text("0")),
    Column("month", Text, nullable=False, server_default=""),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    sqlite_with_rowid=False,
)

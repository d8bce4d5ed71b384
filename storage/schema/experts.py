"""Who answers what and when, as they said themselves, and who was asked for which question."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata

experts = Table(
    "experts",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("topics", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("weekdays", JSON, nullable=False),
    Column("from_hour", Integer, nullable=False),
    Column("to_hour", Integer, nullable=False),
    Column("weekly_max", Integer, nullable=False, server_default="3"),
    Column("reach", Text, nullable=False, server_default="thread"),
    Column("offer", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="live"),
    at("created_at"),
    at("updated_at"),
    at("closed_at", nullable=True),
    member_id("decided_by", server_default="0"),
    CheckConstraint("reach IN ('thread','dm')", name="reach"),
    CheckConstraint("state IN ('live','paused','waiting','declined')", name="state"),
    CheckConstraint("from_hour BETWEEN 0 AND 23 AND to_hour BETWEEN 0 AND 24", name="hours"),
    CheckConstraint("weekly_max BETWEEN 1 AND 20", name="weekly_max"),
    info={"erase": {"user_id": "delete", "decided_by": "anonymise"}},
    sqlite_with_rowid=False,
)

# One expert asked for one question, or for a review: claimed before it is sent, answered once.
invitations = Table(
    "invitations",
    metadata,
    Column("invitation_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column(
        "question_id",
        BigId,
        ForeignKey("questions.question_id", ondelete="CASCADE"),
    ),
    Column("submission_id", BigId, ForeignKey("submissions.submission_id", ondelete="CASCADE")),
    member_id(),
    Column("state", Text, nullable=False, server_default="claimed"),
    Column("reach", Text, nullable=False),
    Column("propensity", Float, nullable=False, server_default="1"),
    Column("is_first", Boolean, nullable=False, server_default=text("0")),
    at("claimed_at"),
    at("sent_at", nullable=True),
    at("expires_at", nullable=True),
    at("answered_at", nullable=True),
    Column("message_id", BigId),
    UniqueConstraint("question_id", "user_id"),
    UniqueConstraint("submission_id", "user_id"),
    CheckConstraint(
        "state IN ('claimed','sent','accepted','passed','expired','withdrawn','failed')",
        name="state",
    ),
    CheckConstraint("reach IN ('thread','dm')", name="reach"),
    CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity"),
    info={"erase": "delete"},
    sqlite_autoincrement=True,
)
Index("ix_invitations_begun", invitations.c.user_id, invitations.c.claimed_at)
Index("ix_invitations_state", invitations.c.state, invitations.c.expires_at)
Index(
    "ix_invitations_member", invitations.c.guild_id, invitations.c.user_id, invitations.c.claimed_at
)

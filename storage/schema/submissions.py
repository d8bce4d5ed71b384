"""What members propose for the catalogue, and what experts say of it."""

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
from sqlalchemy.types import JSON

from storage.schema.columns import BigId, at, guild_id, member_id, metadata, words

submissions = Table(
    "submissions",
    metadata,
    Column("submission_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    member_id(name_in="creator", is_subject=True),
    Column("url_key", Text, nullable=False),
    Column("fields", JSON, nullable=False),  # texts by field, without the creator's name
    Column("creator", Text, nullable=False, server_default=""),
    Column("is_own", Boolean, nullable=False, server_default=text("0")),
    Column("is_trusted", Boolean, nullable=False, server_default=text("0")),
    Column("state", Text, nullable=False),
    Column("resource_id", BigId, ForeignKey("resources.resource_id")),
    member_id("decided_by", nullable=True),
    words("reason"),
    at("created_at"),
    at("submitted_at", nullable=True),
    at("decided_at", nullable=True),
    at("told_at", nullable=True),
    at("posted_at", nullable=True),
    Column("source_id", BigId),  # where it came from by itself
    member_id("sought_by", nullable=True),
    Column("n_sought", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("state IN ('draft','waiting','published','rejected')", name="state"),
    info={"erase": "anonymise"},
    sqlite_autoincrement=True,
)
Index("ix_submissions_state", submissions.c.guild_id, submissions.c.state)
Index("ix_submissions_member", submissions.c.guild_id, submissions.c.user_id)
Index("ix_submissions_page", submissions.c.guild_id, submissions.c.url_key)
Index("ix_submissions_source", submissions.c.guild_id, submissions.c.source_id)
Index("ix_submissions_resource", submissions.c.guild_id, submissions.c.resource_id)

# Asked for and, from `reviewed_at` on, done: four answers of 1 to 5 and a sentence.
reviews = Table(
    "reviews",
    metadata,
    Column("review_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("submission_id", BigId, ForeignKey("submissions.submission_id"), nullable=False),
    member_id(),
    member_id("asked_by"),
    at("asked_at"),
    Column("is_correct", Integer),
    Column("is_clear", Integer),
    Column("is_current", Integer),
    Column("is_worth", Integer),
    words("sentence"),
    Column("is_signed", Boolean, nullable=False, server_default=text("0")),
    at("told_at", nullable=True),
    at("reviewed_at", nullable=True),
    UniqueConstraint("submission_id", "user_id"),
    info={"erase": {"user_id": "delete", "asked_by": "anonymise"}},
    sqlite_autoincrement=True,
)
Index("ix_reviews_member", reviews.c.guild_id, reviews.c.user_id)

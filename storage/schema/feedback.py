"""What members say of resources, and what they keep of them for themselves."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from storage.schema.columns import BigId, at, guild_id, member_id, metadata, words

# One row for each thing that a member says of a resource and has not taken back.
opinions = Table(
    "opinions",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), primary_key=True),
    member_id(primary_key=True),
    Column("mark", Text, primary_key=True),
    at("given_at"),
    CheckConstraint(
        "mark IN ('useful','known','too_easy','too_hard','outdated','broken')", name="mark"
    ),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)
Index("ix_opinions_member", opinions.c.guild_id, opinions.c.user_id)

# `sentence` is shown to others in the state "shown" only: a moderator has read it.
ratings = Table(
    "ratings",
    metadata,
    Column("rating_id", BigId, primary_key=True, autoincrement=True),
    guild_id(),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), nullable=False),
    member_id(),
    Column("stars", Integer, nullable=False),
    words("sentence"),
    Column("state", Text, nullable=False, server_default="none"),
    at("rated_at"),
    at("posted_at", nullable=True),
    member_id("decided_by", nullable=True),
    CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    CheckConstraint("state IN ('none','waiting','shown','hidden')", name="state"),
    info={"erase": {"user_id": "delete", "decided_by": "anonymise"}},
    sqlite_autoincrement=True,
)
Index(
    "ix_ratings_resource",
    ratings.c.guild_id,
    ratings.c.resource_id,
    ratings.c.user_id,
    unique=True,
)
Index("ix_ratings_member", ratings.c.guild_id, ratings.c.user_id)
Index("ix_ratings_state", ratings.c.state, ratings.c.guild_id)

# Resources whose link somebody should look at: who looks takes the row away.
link_checks = Table(
    "link_checks",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), primary_key=True),
    at("asked_at"),
    sqlite_with_rowid=False,
)

# What a member keeps of a resource beside having saved it, which is an event.
keepings = Table(
    "keepings",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    member_id(primary_key=True),
    Column("resource_id", BigId, ForeignKey("resources.resource_id"), primary_key=True),
    Column("state", Text),
    words("note"),
    at("changed_at"),
    CheckConstraint("state IN ('started','done')", name="state"),
    info={"erase": "delete"},
    sqlite_with_rowid=False,
)

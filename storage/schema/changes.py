"""How often what a request remembers of a server has changed."""

from sqlalchemy import (
    Column,
    Integer,
    Table,
    text,
)

from storage.schema.columns import BigId, metadata

# How often what a request remembers of a guild has changed. Only the triggers below write here, so
# no writer, in whatever process, can forget it, and two changes in one second are two.
versions = Table(
    "versions",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("catalogue", Integer, nullable=False, server_default=text("0")),
    Column("training", Integer, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)


def _counting(name: str, when: str, column: str, *rows: str) -> str:
    """Return a trigger that counts a change in one of the `versions` of a row's guild."""
    statements = " ".join(
        f"INSERT INTO versions (guild_id, {column}) VALUES ({row}.guild_id, 1)"
        f" ON CONFLICT (guild_id) DO UPDATE SET {column} = {column} + 1;"
        for row in rows
    )
    return f"CREATE TRIGGER {name} {when} BEGIN {statements} END"


TRIGGERS = (
    _counting("tr_resources_added", "AFTER INSERT ON resources", "catalogue", "new"),
    _counting("tr_resources_changed", "AFTER UPDATE ON resources", "catalogue", "old", "new"),
    _counting("tr_resources_removed", "AFTER DELETE ON resources", "catalogue", "old"),
    # From when on whose events may train: see `bot.profile.rules.trains_from`.
    _counting(
        "tr_members_added",
        "AFTER INSERT ON members"
        " WHEN new.consent <> 'unknown' OR new.asked_at IS NOT NULL OR NOT new.is_tracked",
        "training",
        "new",
    ),
    _counting(
        "tr_members_changed",
        "AFTER UPDATE OF guild_id, user_id, consent, consent_at, asked_at, has_earlier,"
        " is_tracked ON members",
        "training",
        "old",
        "new",
    ),
    _counting("tr_members_removed", "AFTER DELETE ON members", "training", "old"),
    # Events are only ever added, unless somebody is erased.
    _counting("tr_events_removed", "AFTER DELETE ON events", "training", "old"),
)

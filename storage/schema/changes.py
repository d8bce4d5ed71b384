"""How often what a request remembers of a server has changed."""

from sqlalchemy import (
    Column,
    Index,
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
    Column("questions", Integer, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)

# Which resources the catalogue's changes were about: at which count of `versions.catalogue` each
# changed last, or was removed. So whoever remembers a catalogue reads again only what is new to it.
catalogue_changes = Table(
    "catalogue_changes",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("resource_id", BigId, primary_key=True),
    Column("version", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_catalogue_changes", catalogue_changes.c.guild_id, catalogue_changes.c.version)

# The same of questions: by `versions.questions`, for what questions are found again by.
question_changes = Table(
    "question_changes",
    metadata,
    Column("guild_id", BigId, primary_key=True),
    Column("question_id", BigId, primary_key=True),
    Column("version", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_question_changes", question_changes.c.guild_id, question_changes.c.version)


def _counting(name: str, when: str, column: str, *rows: str) -> str:
    """Return a trigger that counts a change in one of the `versions` of a row's guild."""
    statements = " ".join(
        f"INSERT INTO versions (guild_id, {column}) VALUES ({row}.guild_id, 1)"
        f" ON CONFLICT (guild_id) DO UPDATE SET {column} = {column} + 1;"
        for row in rows
    )
    return f"CREATE TRIGGER {name} {when} BEGIN {statements} END"


def _noting(
    name: str,
    when: str,
    *rows: str,
    table: str = "catalogue_changes",
    key: str = "resource_id",
    column: str = "catalogue",
) -> str:
    """Return a trigger that counts a change and says of which row, of the catalogue by default."""
    noted = " ".join(
        f"INSERT INTO {table} (guild_id, {key}, version)"
        f" SELECT {row}.guild_id, {row}.{key}, v.{column} FROM versions v"
        f" WHERE v.guild_id = {row}.guild_id"
        f" ON CONFLICT (guild_id, {key}) DO UPDATE SET version = excluded.version;"
        for row in rows
    )
    return _counting(name, when, column, *rows).removesuffix("END") + f"{noted} END"


def _noting_question(name: str, when: str, *rows: str) -> str:
    return _noting(
        name, when, *rows, table="question_changes", key="question_id", column="questions"
    )


TRIGGERS = (
    _noting("tr_resources_added", "AFTER INSERT ON resources", "new"),
    _noting("tr_resources_changed", "AFTER UPDATE ON resources", "old", "new"),
    _noting("tr_resources_removed", "AFTER DELETE ON resources", "old"),
    # Tags are what resources and questions are found by.
    *(
        _counting(f"tr_tags_{name}_{column}", f"AFTER {when} ON tags", column, row)
        for name, when, row in (
            ("added", "INSERT", "new"),
            ("changed", "UPDATE", "new"),
            ("removed", "DELETE", "old"),
        )
        for column in ("catalogue", "questions")
    ),
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
    # What is looked for, and how many stand behind it.
    "CREATE TRIGGER tr_wish_voices_added AFTER INSERT ON wish_voices BEGIN"
    " UPDATE wishes SET n_wished = n_wished + (new.kind = 'wished'),"
    " n_missed = n_missed + (new.kind = 'missed') WHERE wish_id = new.wish_id; END",
    "CREATE TRIGGER tr_wish_voices_removed AFTER DELETE ON wish_voices BEGIN"
    " UPDATE wishes SET n_wished = n_wished - (old.kind = 'wished'),"
    " n_missed = n_missed - (old.kind = 'missed') WHERE wish_id = old.wish_id;"
    " DELETE FROM wishes WHERE wish_id = old.wish_id AND NOT EXISTS"
    " (SELECT 1 FROM wish_voices v WHERE v.wish_id = old.wish_id); END",
    # What members say of resources ranks them for everybody, and so do paths.
    *(
        _counting(f"tr_{table}_{name}", f"AFTER {when} ON {table}", "training", row)
        for table in ("opinions", "ratings", "paths", "path_steps", "prerequisites")
        for name, when, row in (
            ("added", "INSERT", "new"),
            ("changed", "UPDATE", "new"),
            ("removed", "DELETE", "old"),
        )
    ),
    # Events are only ever added, unless somebody is erased.
    _counting("tr_events_removed", "AFTER DELETE ON events", "training", "old"),
    # What questions are found again by.
    _noting_question("tr_questions_added", "AFTER INSERT ON questions", "new"),
    _noting_question(
        "tr_questions_changed", "AFTER UPDATE OF guild_id, title, tags ON questions", "old", "new"
    ),
    _noting_question("tr_questions_removed", "AFTER DELETE ON questions", "old"),
)

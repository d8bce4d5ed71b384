"""A resource whose level or language nobody gave has none; it was called beginner, and English.

Which of the stored ones were given is not known, so all of them stay; a moderator can clear them.
SQLite changes no column in place: the table is made again, with its triggers as they were.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_COLUMNS = (
    "resource_id, guild_id, kind, title, url, url_key, summary, tags, language, level, minutes,"
    " price_minor, currency, is_free, creator, creator_id, added_by, role_id, state, published_at,"
    " created_at, updated_at, folded"
)
_MADE = """
CREATE TABLE resources_made (
    resource_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    url_key TEXT NOT NULL,
    summary TEXT DEFAULT '' NOT NULL,
    tags JSON DEFAULT '[]' NOT NULL,
    language TEXT,
    level TEXT,
    minutes INTEGER,
    price_minor INTEGER DEFAULT '0' NOT NULL,
    currency TEXT,
    is_free BOOLEAN DEFAULT 0 NOT NULL,
    creator TEXT DEFAULT '' NOT NULL,
    creator_id INTEGER,
    added_by INTEGER,
    role_id INTEGER,
    state TEXT DEFAULT 'live' NOT NULL,
    published_at FLOAT NOT NULL,
    created_at FLOAT NOT NULL,
    updated_at FLOAT NOT NULL,
    folded TEXT DEFAULT '' NOT NULL,
    CONSTRAINT uq_resources_guild_id_url_key UNIQUE (guild_id, url_key),
    CONSTRAINT ck_resources_kind CHECK (
        kind IN ('article','course','ebook','video','tool','thread','consultation')),
    CONSTRAINT ck_resources_level CHECK (level IN ('beginner','intermediate','advanced')),
    CONSTRAINT ck_resources_state CHECK (state IN ('live','retired')),
    CONSTRAINT ck_resources_price CHECK (price_minor >= 0)
)
"""


def upgrade() -> None:
    connection = op.get_bind()
    triggers = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'resources'")
    ).scalars()
    made_again = list(triggers)
    op.execute(_MADE)
    op.execute(
        f"INSERT INTO resources_made ({_COLUMNS})"
        f" SELECT {_COLUMNS} FROM resources ORDER BY resource_id"
    )
    # An id is never given twice, also where the last resource is gone.
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'resources_made', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'resources_made')"
    )
    op.execute(
        "UPDATE sqlite_sequence SET seq ="
        " coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'resources'), 0)"
        " WHERE name = 'resources_made'"
    )
    op.drop_table("resources")
    op.rename_table("resources_made", "resources")
    op.create_index("ix_resources_live", "resources", ["guild_id", "state"])
    for sql in made_again:
        op.execute(sql)

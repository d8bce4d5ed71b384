"""Pages of knowledge bases are resources; what comes before what; what a source's entries are.

SQLite changes no constraint in place: the table of resources is made again, with its triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_COLUMNS = (
    "resource_id, guild_id, kind, title, url, url_key, summary, tags, language, level, minutes,"
    " price_minor, currency, is_free, creator, creator_id, added_by, role_id, state, published_at,"
    " created_at, updated_at, folded, is_gem, edition_of, moved_to, is_merged, is_sold"
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
    is_gem BOOLEAN DEFAULT 0 NOT NULL,
    edition_of INTEGER,
    moved_to INTEGER,
    is_merged BOOLEAN DEFAULT 0 NOT NULL,
    is_sold BOOLEAN DEFAULT 0 NOT NULL,
    CONSTRAINT uq_resources_guild_id_url_key UNIQUE (guild_id, url_key),
    CONSTRAINT ck_resources_kind CHECK (
        kind IN ('article','course','ebook','video','tool','page','thread','consultation')),
    CONSTRAINT ck_resources_level CHECK (level IN ('beginner','intermediate','advanced')),
    CONSTRAINT ck_resources_state CHECK (state IN ('live','retired')),
    CONSTRAINT ck_resources_price CHECK (price_minor >= 0)
)
"""


def upgrade() -> None:
    _make_resources_again()
    op.add_column("sources", sa.Column("makes", sa.Text(), nullable=True))
    op.create_table(
        "prerequisites",
        sa.Column("guild_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("needs_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.resource_id"]),
        sa.ForeignKeyConstraint(["needs_id"], ["resources.resource_id"]),
        sa.PrimaryKeyConstraint("resource_id", "needs_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_prerequisites_guild", "prerequisites", ["guild_id"])
    for name, when, row in (
        ("added", "INSERT", "new"),
        ("changed", "UPDATE", "new"),
        ("removed", "DELETE", "old"),
    ):
        op.execute(
            f"CREATE TRIGGER tr_prerequisites_{name} AFTER {when} ON prerequisites BEGIN"
            f" INSERT INTO versions (guild_id, training) VALUES ({row}.guild_id, 1)"
            " ON CONFLICT (guild_id) DO UPDATE SET training = training + 1; END"
        )


def _make_resources_again() -> None:
    triggers = op.get_bind().execute(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'resources'")
    )
    made_again = list(triggers.scalars())
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
    op.create_index("ix_resources_moved", "resources", ["guild_id", "moved_to"])
    for sql in made_again:
        op.execute(sql)

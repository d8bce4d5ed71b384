"""What a resource is found by stands beside it, without differences of case and width."""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BATCH = 1_000
_NEXT = sa.text(
    "SELECT resource_id, title, tags, summary FROM resources"
    " WHERE resource_id > :last ORDER BY resource_id LIMIT :n"
)
_FILL = sa.text("UPDATE resources SET folded = :folded WHERE resource_id = :id")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.split())


def _words(title: str, tags: str, summary: str) -> str:
    return "\n".join(map(_folded, (title, *json.loads(tags), "", summary)))


def upgrade() -> None:
    op.add_column("resources", sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(_NEXT, {"last": last, "n": _BATCH}).all():
        last = rows[-1][0]
        filled = [{"id": row[0], "folded": _words(*row[1:])} for row in rows]
        connection.execute(_FILL, filled)

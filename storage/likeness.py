"""Resources and solved questions in which words of a title occur: what may be alike, to be judged.

SQLite counts in its own thread, so that the event loop does not wait however many there are.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, func, literal, select

from storage.catalog import is_open
from storage.connection import Connection
from storage.schema import questions, resources

CANDIDATES = 100


async def resources_with(
    conn: Connection, guild_id: int, words: Sequence[str], role_ids: Collection[int] | None
) -> tuple[list[tuple[int, str]], dict[str, int], int]:
    """Return live resources with some of the words, how many have each, and how many there are.

    Parameters
    ----------
    words
        Folded; each is found inside longer words, too, so the candidates are to be looked at.
    role_ids
        Roles of whoever asks; None for all.
    """
    shown = and_(resources.c.guild_id == guild_id, resources.c.state == "live", is_open(role_ids))
    is_no_thread = resources.c.kind != "thread"
    return await _with(conn, resources, resources.c.resource_id, and_(shown, is_no_thread), words)


async def solved_with(
    conn: Connection, guild_id: int, words: Sequence[str], channel_ids: Collection[int]
) -> tuple[list[tuple[int, str]], dict[str, int], int]:
    """Return solved questions of these channels with some of the words; see `resources_with`."""
    shown = and_(
        questions.c.guild_id == guild_id,
        questions.c.state == "solved",
        questions.c.channel_id.in_(list(channel_ids)),
    )
    return await _with(conn, questions, questions.c.question_id, shown, words)


async def _with(
    conn: Connection,
    table: Table,
    number: ColumnElement[Any],
    shown: ColumnElement[bool],
    words: Sequence[str],
) -> tuple[list[tuple[int, str]], dict[str, int], int]:
    if not words:
        return [], {}, 0
    occurs = [case((func.instr(table.c.folded, word) > 0, 1), else_=0) for word in words]
    counted = await conn.execute(select(func.count(), *map(func.sum, occurs)).where(shown))
    n_all, *n_with = counted.one()
    counts = {word: int(n or 0) for word, n in zip(words, n_with, strict=True)}
    # The rarer a word the more it brings: candidates are those with the rarest, by what they have.
    n_has: ColumnElement[Any] = literal(0.0)
    for word, has in zip(words, occurs, strict=True):
        n_has = n_has + has * (1.0 / (1 + counts[word]))
    score = n_has.label("score")
    rows = await conn.execute(
        select(number, table.c.folded, score)
        .where(shown, score > 0)
        .order_by(score.desc(), number.desc())
        .limit(CANDIDATES)
    )
    return [(row[0], row[1]) for row in rows], counts, n_all

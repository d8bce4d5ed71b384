"""What is stored about one member: counted, exported, erased.

Nothing here lists tables. Every column made by `storage.schema.member_id` says that it holds
a member's id, and its table's ``info["erase"]`` says what erasing does: ``delete`` the row or
``anonymise`` the column, which also empties the one that holds their name. A table that marks
a column and does not say is a defect and raises.
"""

from base64 import b64encode
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Table, and_, delete, func, or_, select, update

from storage import traces
from storage.connection import Connection
from storage.records import EventKind, Holdings
from storage.schema import ERASED, events, metadata, resources, submissions

ANOTHER_MEMBER = "another member"
"""Stands in an export for the id of anybody else: an export is about one person."""

_ACTIONS = ("delete", "anonymise")
_KIND_NAMES = {int(kind): kind.name.lower() for kind in EventKind}
# JavaScript reads larger numbers wrongly, and every Discord id is larger.
_EXACT_MAX = 2**53
_BATCH = 1_000


class UnmarkedTableError(LookupError):
    """A table holds members' ids and does not say how to erase them."""


def marks(table: Table) -> dict[str, str]:
    """Return what erasing does to each member column of `table`, by the column's name.

    Returns
    -------
    dict of str to str
        ``delete`` or ``anonymise``; empty for a table that holds no member's id.

    Raises
    ------
    UnmarkedTableError
        There are member columns, but no ``guild_id`` or no such word for one of them.
    """
    names = [column.name for column in table.columns if column.info.get("member")]
    said = table.info.get("erase", {})
    found = {name: said if isinstance(said, str) else said.get(name) for name in names}
    for name, action in found.items():
        if action not in _ACTIONS or "guild_id" not in table.c:
            raise UnmarkedTableError(f"{table.name}.{name} does not say how it is erased")
    return found


def personal_tables(of: MetaData = metadata) -> list[Table]:
    """Return the tables that hold members' ids, in the schema's order."""
    return [table for table in of.tables.values() if marks(table)]


async def known_members(conn: Connection, guild_id: int) -> set[int]:
    """Return every member whose id stands in any row of a guild."""
    found: set[int] = set()
    for table in personal_tables():
        for name in marks(table):
            rows = select(table.c[name]).where(table.c.guild_id == guild_id).distinct()
            found.update((await conn.execute(rows)).scalars())
    return {user_id for user_id in found if user_id is not None} - {ERASED}


async def holdings(conn: Connection, guild_id: int, user_id: int) -> Holdings:
    """Return how much is stored about a member in a guild, and since when."""
    return Holdings(
        await counts(conn, guild_id, user_id),
        await event_counts(conn, guild_id, user_id),
        await since(conn, guild_id, user_id),
    )


async def counts(conn: Connection, guild_id: int, user_id: int) -> dict[str, int]:
    """Return the number of rows that carry the member's id, for every personal table."""
    found = {}
    for table in personal_tables():
        statement = select(func.count()).select_from(table)
        found[table.name] = (
            await conn.execute(statement.where(_carries(table, guild_id, user_id)))
        ).scalar_one()
    return found


async def event_counts(conn: Connection, guild_id: int, user_id: int) -> dict[EventKind, int]:
    """Return how many events of each kind the member caused; kinds without any are absent."""
    rows = await conn.execute(
        select(events.c.kind, func.count())
        .where(events.c.guild_id == guild_id, events.c.user_id == user_id)
        .group_by(events.c.kind)
    )
    return {EventKind(kind): n for kind, n in rows}


async def since(conn: Connection, guild_id: int, user_id: int) -> float | None:
    """Return the earliest moment any row about the member speaks of, None without rows."""
    earliest = []
    for table in personal_tables():
        moments = [c for c in table.columns if c.name.endswith("_at") and not c.nullable]
        if "delete" not in marks(table).values() or not moments:
            continue  # rows that would stay are about something else
        statement = select(func.min(moments[0])).where(_belongs(table, guild_id, user_id))
        earliest.append((await conn.execute(statement)).scalar_one())
    return min((moment for moment in earliest if moment is not None), default=None)


async def export(conn: Connection, guild_id: int, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return every row that carries the member's id, by table, ready for JSON.

    Times are ISO 8601 in UTC, ids beyond 2⁵³ strings, event kinds words; other members' ids
    are replaced by `ANOTHER_MEMBER`. Every personal table has a key, if only an empty list.
    """
    return {table.name: await _rows(conn, table, guild_id, user_id) for table in personal_tables()}


async def erase(
    conn: Connection, guild_id: int, user_id: int, names: Collection[str] = ()
) -> dict[str, int]:
    """Delete or anonymise every row that carries the member's id; return rows per table.

    Amounts of other members' ledger rows stay, only who gave them is forgotten, so every
    other balance keeps its sum. Needs a writing connection; does nothing for an unknown id.
    What is deleted is gone from the file's bytes after `storage.database.Database.scrub`.

    Parameters
    ----------
    names
        What the member is called: words of moderators with one of them in it are emptied.
    """
    n_withdrawn = await traces.forget(conn, guild_id, user_id, names)
    touched = {submissions.name: n_withdrawn}
    # Rows that refer to others go before those they refer to.
    for table in reversed([table for table in metadata.sorted_tables if marks(table)]):
        n_rows = 0
        if "delete" in marks(table).values():
            # One statement: a reversal and what it reverses must go together.
            n_rows += (
                await conn.execute(delete(table).where(_belongs(table, guild_id, user_id)))
            ).rowcount
        for name, action in marks(table).items():
            if action == "anonymise":
                n_rows += (await conn.execute(_forget(table, name, guild_id, user_id))).rowcount
        touched[table.name] = touched.get(table.name, 0) + n_rows
    return touched


def _forget(table: Table, name: str, guild_id: int, user_id: int) -> Any:
    holder = table.c[name]
    forgotten: dict[str, Any] = {name: ERASED}
    if name_in := holder.info["name_in"]:
        forgotten[name_in] = ""
    if holder.info["is_subject"]:
        forgotten |= {c.name: "" for c in table.columns if c.info.get("words") is True}
    return update(table).where(table.c.guild_id == guild_id, holder == user_id).values(forgotten)


def _carries(table: Table, guild_id: int, user_id: int) -> ColumnElement[bool]:
    """Say that a row of `table` names the member in any column."""
    named = or_(*(table.c[name] == user_id for name in marks(table)))
    return and_(table.c.guild_id == guild_id, named)


def _belongs(table: Table, guild_id: int, user_id: int) -> ColumnElement[bool]:
    """Say that a row of `table` is the member's own: one that erasing deletes."""
    own = [name for name, action in marks(table).items() if action == "delete"]
    return and_(table.c.guild_id == guild_id, or_(*(table.c[name] == user_id for name in own)))


async def _rows(
    conn: Connection, table: Table, guild_id: int, user_id: int
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    result = await conn.stream(
        select(table).where(_carries(table, guild_id, user_id)).order_by(*table.primary_key)
    )
    # In portions, for a busy member's years must not hold up the event loop.
    async for portion in result.partitions(_BATCH):
        found += [
            {
                column.name: "" if column.name in hidden else _readable(column, value, user_id)
                for column, value in zip(table.columns, row, strict=True)
            }
            for row in portion
            for hidden in (_hidden(table, row, user_id),)
        ]
    return found


def _hidden(table: Table, row: Any, user_id: int) -> tuple[str, ...]:
    """Return what of a row is no news of the member: addresses of what others have to buy.

    Who proposed something once need not have bought what stands there by now.
    """
    if table is not resources or row.creator_id == user_id:
        return ()
    return ("url", "url_key") if row.is_sold or row.role_id is not None else ()


def _readable(column: Any, value: Any, user_id: int) -> Any:
    if value is None:
        return None
    if column.info.get("member") and value not in (user_id, ERASED):
        return ANOTHER_MEMBER
    if column.name.endswith("_at"):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    if column is events.c.kind:
        return _KIND_NAMES.get(value, value)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, int) and abs(value) > _EXACT_MAX:
        return str(value)
    return value

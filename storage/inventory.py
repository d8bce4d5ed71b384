"""What is stored, table by table, from the schema's marks: the inventory that documents show."""

from dataclasses import dataclass

from sqlalchemy import Table

from storage.privacy import marks
from storage.retention import GROUPS, OTHER, group_of, kept
from storage.schema import metadata


@dataclass(frozen=True, slots=True)
class Row:
    """One table.

    Parameters
    ----------
    members
        Columns that hold a member's id, each with what erasing does: ``delete`` or ``anonymise``.
    days
        For how long a row is kept; None for as long as the server has the bot.
    """

    table: str
    why: str
    members: dict[str, str]
    days: int | None
    is_of_a_guild: bool


def rows() -> list[Row]:
    """Return every table, by name."""
    return [_row(metadata.tables[name]) for name in sorted(metadata.tables)]


def _row(table: Table) -> Row:
    return Row(
        table=table.name,
        why=kept(table).why,
        members=marks(table),
        days=kept(table).days,
        is_of_a_guild="guild_id" in table.c,
    )


def personal_groups() -> dict[str, int | None]:
    """Return what is stored of members, by group, with the days its longest row is kept.

    None for as long as the server has the bot.
    """
    found: dict[str, list[int | None]] = {}
    for row in rows():
        if row.members:
            found.setdefault(group_of(row.table), []).append(row.days)
    return {
        group: None if None in days else max(each for each in days if each is not None)
        for group, days in sorted(found.items(), key=lambda each: _place(each[0]))
    }


def _place(group: str) -> int:
    return [*GROUPS, OTHER].index(group)

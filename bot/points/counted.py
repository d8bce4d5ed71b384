"""Exports that only count: Reputation Bot's tables, and plain CSV."""

import io
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from bot import files, ids, tables
from bot.errors import UserError
from bot.points.claims import (
    NAME_COLUMNS,
    BadRecord,
    Claim,
    Format,
    Formats,
    Rows,
    Unreadable,
    meant_guild,
    name_of,
    number_of,
    object_of,
    user_id_of,
)

_USER_COLUMNS = ("user_id", "userid", "member_id", "discord_id", "member", "user", "id")
_POINT_COLUMNS = ("points", "point", "reputation", "amount", "balance", "score", "xp")
_ROW_KEYS = {"user_id", "receiver_id", "member"}


def _reputation_rows(found: list[Any], guild_id: int) -> Rows:
    """Yield one record for each member: rankings say a sum, the log and its offsets are added."""
    rows = list(_placed(found))
    guilds = {guild for _, row in rows if (guild := _guild_of(row))}
    meant = meant_guild(guilds, guild_id) if guilds else 0
    added: dict[str, Decimal] = {}
    for place, row in rows:
        if isinstance(row, UserError):
            yield place, row
            continue
        if not isinstance(row, dict) or _guild_of(row) not in (0, meant):
            continue
        if "receiver_id" in row:
            key, amount = str(row["receiver_id"]), Decimal(1)
        elif "amount" in row and "reputation" not in row:
            key, amount = str(row.get("user_id")), _amount_of(row, place)
        else:
            yield place, row
            continue
        added[key] = added.get(key, Decimal(0)) + amount
    for key, amount in added.items():
        yield f"member {key}", {"user_id": key, "reputation": amount}


def _placed(found: list[Any]) -> Rows:
    """Yield rows, or what is wrong with one, each with its place."""
    if found and isinstance(found[0], tables.Row):
        for row in found:
            yield f"line {row.line}", row.problem or row.cells
        return
    rows = (row for each in found for row in _unwrapped(each))
    for number, row in enumerate(rows, 1):
        yield f"row {number}", row


def _unwrapped(document: Any) -> Iterator[Any]:
    """Yield the rows of a ranking, of the log and of its offsets, however they are wrapped."""
    if isinstance(document, list):
        for each in document:
            yield from _unwrapped(each)
    elif isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        is_row = not lists or not _ROW_KEYS.isdisjoint(document)
        for value in [[document]] if is_row else lists:
            yield from value
    else:
        raise Unreadable("rows with user_id and reputation are expected")


def _guild_of(row: Any) -> int:
    """Return the guild that a row names, 0 for none."""
    named = str(row.get("guild_id") or "").strip() if isinstance(row, dict) else ""
    return ids.whole(named) or 0


def _amount_of(row: Mapping[str, Any], place: str) -> Decimal:
    try:
        return number_of(row["amount"], "amount")
    except BadRecord as problem:
        raise Unreadable(f"{place}: {problem}") from None


def _reputation_claim(found: Any) -> Claim:
    if isinstance(found, UserError):
        raise BadRecord(files.sentence(found))
    row = object_of(found)
    member = row.get("member")
    nested = member if isinstance(member, dict) else {}
    user_id = user_id_of(nested.get("id") or _first(row, _USER_COLUMNS))
    value = row.get("reputation", row.get("value"))
    if value is None:
        raise BadRecord("user_id and reputation are expected")
    return Claim(user_id, number_of(value, "reputation"), name=name_of(nested) or name_of(row))


def table(content: bytes, form: Format) -> list[Any]:
    """Return a table's rows with their lines; of a CSV file the first may be data already."""
    columns = _CSV if form == "csv" else _REPUTATION
    rows = list(tables.read(io.BytesIO(content), columns).rows)
    if not rows:
        raise Unreadable("it has no lines below its header")
    named = [str(_first(row.cells, (*_USER_COLUMNS, "receiver_id"))).strip() for row in rows]
    rounded = ids.rounded_together({n for text in named if (n := ids.whole(text))})
    return [
        tables.Row(row.line, problem=UserError("error-id-zeros", value=text))
        if ids.whole(text) in rounded
        else row
        for row, text in zip(rows, named, strict=True)
    ]


def _headless(cells: list[str]) -> list[str] | None:
    try:
        ids.discord_id(cells[0])
    except UserError:
        return None
    return ["user_id", "points", *map(str, range(2, len(cells)))]


_CSV = tables.Form(
    {*_USER_COLUMNS, *_POINT_COLUMNS, *NAME_COLUMNS}, (_USER_COLUMNS, _POINT_COLUMNS), _headless
)
_REPUTATION = tables.Form(
    {*_USER_COLUMNS, *NAME_COLUMNS, "guild_id", "receiver_id", "reputation", "value", "amount"},
    ((*_USER_COLUMNS, "receiver_id"),),
)


def _csv_rows(rows: list[Any], _guild_id: int) -> Rows:
    for row in rows:
        yield f"line {row.line}", row


def _csv_claim(row: tables.Row) -> Claim:
    if row.problem is not None:
        raise BadRecord(files.sentence(row.problem))
    value = number_of(_first(row.cells, _POINT_COLUMNS), "points")
    return Claim(user_id_of(_first(row.cells, _USER_COLUMNS)), value, name=name_of(row.cells))


def _first(row: Mapping[str, Any], columns: Iterable[str]) -> Any:
    return next((row[name] for name in columns if row.get(name) not in (None, "")), None)


FORMATS: Formats = {
    "reputationbot": (_reputation_rows, _reputation_claim),
    "csv": (_csv_rows, _csv_claim),
}

"""A server's tags as a file, beside the catalogue's: CSV or JSON, and back again without loss.

Tags name each other by name. A file is known by its columns: tags have a name, resources an
address.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot import files, tables
from bot.files import Unreadable
from bot.tags.service import Brought
from storage import tags
from storage.database import Database
from storage.records import Tag

COLUMNS: Final = ("name", "english", "chinese", "aliases", "under", "merged_into")
_TABLE: Final = tables.Form(COLUMNS, (("name",),))
_ACCEPTED: Final = ", ".join(COLUMNS)


async def export_tags(database: Database, guild_id: int, form: str) -> bytes | None:
    """Return all tags of a guild as a file; None where there are none, or a form has no place."""
    async with database.read() as conn:
        found = await tags.every(conn, guild_id)
    if not found or form not in ("csv", "json"):
        return None
    rows = list(_rows(found))
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1).encode()
    cells = [[tables.exact(_cell(row[name])) for name in COLUMNS] for row in rows]
    return tables.written([COLUMNS, *cells])


def read(path: Path) -> list[Brought] | None:
    """Return the tags in a file, None for a file of something else.

    Raises
    ------
    Unreadable
        A line of it is no tag.
    """
    suffix = path.suffix.lower()
    if suffix == ".json":
        documents = files.documents(files.content_of(path))
        items = documents[0] if len(documents) == 1 else None
        if not isinstance(items, list) or not all(map(_is_tag, items)) or not items:
            return None
        return [_brought(number, item) for number, item in enumerate(items, start=1)]
    if suffix not in (".csv", ".tsv"):
        return None
    try:
        table = tables.read(io.BytesIO(files.content_of(path)), _TABLE)
    except Unreadable:
        return None
    if not set(table.columns) <= set(COLUMNS):
        return None
    found = []
    for row in table.rows:
        if row.problem is not None:
            raise Unreadable(row.problem.key, row.line, **row.problem.params)
        found.append(
            _brought(row.line, {name: tables.told(cell) for name, cell in row.cells.items()})
        )
    return found


def _rows(found: Sequence[Tag]) -> Iterator[dict[str, Any]]:
    names = {tag.tag_id: tag.name for tag in found}
    for tag in found:
        yield {
            "name": tag.name,
            "english": tag.english,
            "chinese": tag.chinese,
            "aliases": list(tag.aliases),
            "under": names.get(tag.under_id or 0, ""),
            "merged_into": names.get(tag.merged_into or 0, ""),
        }


def _cell(value: Any) -> str:
    return ";".join(value) if isinstance(value, list) else str(value)


def _is_tag(item: Any) -> bool:
    return isinstance(item, dict) and "name" in item and item.keys() <= set(COLUMNS)


def _brought(line: int, row: Mapping[str, Any]) -> Brought:
    """Return one line as a tag; raises Unreadable for what is none."""
    cells = {}
    for name in COLUMNS:
        value = row.get(name) or ""
        is_list = name == "aliases" and isinstance(value, list)
        if not isinstance(value, str) and not (is_list and all(isinstance(v, str) for v in value)):
            raise Unreadable("error-tags-cell", line, column=name, accepted=_ACCEPTED)
        cells[name] = _cell(value)
    return Brought.of(line, cells)

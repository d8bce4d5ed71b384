"""The whole catalogue as a file: CSV, JSON or OPML, each of which the importer takes back.

A cell of CSV that a spreadsheet might take for a formula is marked as text, which the importer
undoes. Other resources are named by their address, for numbers differ from server to server.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal
from xml.etree import ElementTree

from bot import dates, tables
from bot.catalog import rules
from bot.catalog.importer import COLUMNS
from storage import catalog, prerequisites
from storage.database import Database
from storage.records import Resource

Form = Literal["csv", "json", "opml"]
Needs = Mapping[int, Sequence[int]]
_NO_NEEDS: Needs = {}
FORMS: Final[tuple[Form, ...]] = ("csv", "json", "opml")


async def export_catalog(database: Database, guild_id: int, form: Form) -> tuple[bytes, int]:
    """Return every resource of a guild, live and retired, as a file; and how many there are."""
    async with database.read() as conn:
        found = sorted((await catalog.keyed(conn, guild_id)).values(), key=lambda r: r.resource_id)
        needs = await prerequisites.said(conn, guild_id)
    return written(found, form, needs), len(found)


def written(found: Sequence[Resource], form: Form, needs: Needs = _NO_NEEDS) -> bytes:
    """Return resources as a file."""
    match form:
        case "csv":
            cells = (map(tables.exact, row.values()) for row in rows(found, needs))
            return tables.written([COLUMNS, *map(list, cells)])
        case "json":
            whole = [_typed(row) for row in rows(found, needs)]
            return json.dumps(whole, ensure_ascii=False, indent=1).encode()
        case "opml":
            return _outlined(rows(found, needs))


def rows(found: Sequence[Resource], needs: Needs = _NO_NEEDS) -> Iterator[dict[str, str]]:
    """Yield each resource as the cells of its columns."""
    urls = {one.resource_id: one.url for one in found}
    for one in found:
        is_priced = one.price_minor or one.is_free
        cells = {
            "kind": one.kind,
            "title": one.title,
            "url": one.url,
            "summary": one.summary,
            "tags": ";".join(one.tags),
            "language": one.language or rules.NOTHING,
            "level": one.level or "",
            "minutes": str(one.minutes or ""),
            "price": str(one.price_minor) if is_priced else "",
            "currency": one.currency or "",
            "creator": one.creator,
            "published": dates.utc(one.published_at).isoformat(),
            "state": one.state,
            "gem": "yes" if one.is_gem else "",
            "role": str(one.role_id or ""),
            "creator_member": str(one.creator_id or ""),
            "edition_of": urls.get(one.edition_of or 0, ""),
            "moved_to": urls.get(one.moved_to or 0, ""),
            "merged": "yes" if one.is_merged else "",
            "needs": " ".join(urls[each] for each in needs.get(one.resource_id, ())),
        }
        yield {name: cells[name] for name in COLUMNS}


def _typed(row: dict[str, str]) -> dict[str, object]:
    """Return a row as JSON has it: tags as a list, and nothing where nothing is known."""
    filled: dict[str, object] = {name: cell for name, cell in row.items() if cell}
    return filled | ({"tags": row["tags"].split(";")} if row["tags"] else {})


def _outlined(found: Iterator[dict[str, str]]) -> bytes:
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = "Lyceum"
    body = ElementTree.SubElement(root, "body")
    for row in found:
        told = {name: cell for name, cell in row.items() if cell}
        told = {"type": "link", "text": row["title"]} | told
        ElementTree.SubElement(body, "outline", told)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))

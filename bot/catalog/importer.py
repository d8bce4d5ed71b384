"""``lyceum import catalog``: a CSV or JSON file into the catalogue.

Entries are matched by page (`rules.url_key`): a known page is changed, a new one added. An empty
cell leaves what is there. Everything is written in one transaction, after all lines were read;
what is wrong is reported by file, line and column, in the words the commands use.
"""

import asyncio
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from bot import files, tables
from bot.catalog import rules
from bot.clock import Clock
from bot.files import Unreadable
from bot.i18n import DEFAULT_LANGUAGE, Texts
from storage import audit, catalog
from storage.connection import Connection
from storage.database import Database
from storage.records import OPERATOR, AuditRow, Resource

COLUMNS: Final = (
    "kind",
    "title",
    "url",
    "summary",
    "tags",
    "language",
    "level",
    "minutes",
    "price",
    "currency",
    "creator",
    "published",
)
REQUIRED: Final = ("kind", "title", "url")
PROBLEMS_HELD: Final = 20
"""How many problems a report describes; the others are counted."""
_ACCEPTED = ", ".join(COLUMNS)
_TABLE = tables.Form(COLUMNS, tuple((name,) for name in REQUIRED))

Progress = Callable[[int, int], None]
"""Called with how many lines are done and how many there are."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """What is wrong, and where: ``line`` 0 stands for the whole file, ``column`` "" for the line.

    ``is_item`` says that `line` counts a JSON list's items, from 1.
    """

    file: str
    line: int
    column: str
    key: str
    params: Mapping[str, str | int | float]
    is_item: bool = False

    def __str__(self) -> str:
        return self.sentence(Texts(DEFAULT_LANGUAGE))

    def sentence(self, texts: Texts) -> str:
        """Return file, line, column and what is accepted, in one sentence."""
        place = "file"
        if self.line:
            places = ("key", "item") if self.is_item else ("cell", "line")
            place = places[0 if self.column else 1]
        where = {"file": self.file, "line": str(self.line), "column": self.column}
        problem = texts(self.key, **self.params)
        return texts(f"catalog-import-in-{place}", **where, problem=problem)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How an import went. With problems in strict mode nothing was written.

    ``problems`` holds the first `PROBLEMS_HELD` of ``n_problems``: a file may be all wrong, and one
    of its ``n_bad`` entries may have several.
    """

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    n_bad: int = 0
    n_problems: int = 0
    problems: tuple[ImportProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry as it stands in the file: the cells, or why they cannot be told apart."""

    line: int
    cells: Mapping[str, object]
    problem: rules.Problem | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    key: str
    values: Mapping[str, Any]


async def import_catalog(
    database: Database,
    clock: Clock,
    path: Path,
    *,
    guild_id: int,
    strict: bool,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the resources in the file at `path` into a guild's catalogue.

    Parameters
    ----------
    strict
        Write nothing if any line is bad; else the good lines are written.
    progress
        Called after every line, if given.
    """
    is_item = path.suffix.lower() == ".json"
    try:
        rows = await asyncio.to_thread(_rows, path)
    except Unreadable as error:
        problem = ImportProblem(
            file=path.name, line=error.line, column="", key=error.key, params=error.params
        )
        return ImportReport(n_problems=1, problems=(problem,))
    now = clock().timestamp()
    entries, problems, n_problems = _checked(rows, progress, now)
    report = ImportReport(
        read=len(rows),
        n_bad=len(rows) - len(entries),
        n_problems=n_problems,
        problems=tuple(
            ImportProblem(
                file=path.name,
                line=line,
                column=found.field,
                key=found.key,
                params=found.params,
                is_item=is_item,
            )
            for line, found in problems
        ),
    )
    if strict and n_problems:
        return report
    added, changed = await database.write(lambda conn: _bring(conn, guild_id, entries, now))
    unchanged = len(entries) - added - changed
    return replace(report, added=added, changed=changed, unchanged=unchanged)


def _checked(
    rows: list[_Row], progress: Progress | None, now: float
) -> tuple[list[_Entry], list[tuple[int, rules.Problem]], int]:
    """Return the good entries, the first problems of the others with their lines, and how many."""
    entries: list[_Entry] = []
    problems: list[tuple[int, rules.Problem]] = []
    n_problems = 0
    first: dict[str, int] = {}
    for done, row in enumerate(rows, start=1):
        values, found = _parsed(row, now)
        key = rules.url_key(values["url"]) if "url" in values else ""
        if key and first.setdefault(key, row.line) != row.line:
            repeated = {"first": str(first[key])}
            found.append(rules.Problem("url", "error-catalog-repeated", repeated))
        n_problems += len(found)
        problems += ((row.line, problem) for problem in found[: PROBLEMS_HELD - len(problems)])
        if not found:
            entries.append(_Entry(row.line, key, values))
        if progress is not None:
            progress(done, len(rows))
    return entries, problems, n_problems


def _parsed(row: _Row, now: float) -> tuple[dict[str, Any], list[rules.Problem]]:
    if row.problem is not None:
        return {}, [row.problem]
    raw: dict[str, str] = {}
    problems: list[rules.Problem] = []
    for column, cell in row.cells.items():
        text = _cell_text(column, cell)
        if text is None:
            problems.append(rules.Problem(column, "error-catalog-type", {}))
        elif text.strip():
            raw[column] = text
        elif column in REQUIRED:
            problems.append(rules.Problem(column, "error-catalog-required", {}))
    problems += (
        rules.Problem(column, "error-catalog-required", {})
        for column in REQUIRED
        if column not in row.cells
    )
    values, refused = rules.parse(raw, price=rules.parse_price_minor, now=now)
    return values, problems + refused


def _cell_text(column: str, cell: object) -> str | None:
    """Return a JSON value as the text a CSV cell would hold, None for what cannot be one."""
    match cell:
        case None:
            return ""
        case bool():
            return None
        case str() | int() | Decimal():
            return str(cell)
        case list() if column == "tags" and all(isinstance(tag, str) for tag in cell):
            return ";".join(cell)
        case _:
            return None


async def _bring(
    conn: Connection, guild_id: int, entries: list[_Entry], now: float
) -> tuple[int, int]:
    """Store what is new or differs, and write down that the operator did."""
    n_added, n_changed = await _store(conn, guild_id, entries, now)
    if n_added or n_changed:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=OPERATOR,
            action="import.catalog",
            occurred_at=now,
            details={"n": n_added, "changed": n_changed},
        )
        await audit.append(conn, row)
    return n_added, n_changed


async def _store(
    conn: Connection, guild_id: int, entries: list[_Entry], now: float
) -> tuple[int, int]:
    """Add and change; return how many of each."""
    known = await catalog.keyed(conn, guild_id)
    new: list[tuple[Resource, str]] = []
    n_changed = 0
    for entry in entries:
        there = known.get(entry.key)
        if there is None:
            new.append((_new(guild_id, entry.values, now), entry.key))
            continue
        changed = rules.described(there, entry.values)
        if changed != there:
            await catalog.change(conn, replace(changed, updated_at=now), entry.key)
            n_changed += 1
    await catalog.add_all(conn, new)
    return len(new), n_changed


def _new(guild_id: int, values: Mapping[str, Any], now: float) -> Resource:
    blank = Resource(
        guild_id=guild_id,
        kind=values["kind"],
        title=values["title"],
        url=values["url"],
        published_at=now,
        created_at=now,
        updated_at=now,
    )
    return rules.described(blank, values)


def _rows(path: Path) -> list[_Row]:
    """Return what the file holds, entry by entry.

    Raises
    ------
    Unreadable
        It is no catalogue.
    """
    if path.suffix.lower() not in (".csv", ".tsv", ".json"):
        raise Unreadable("error-catalog-format")
    content = files.content_of(path)
    try:
        rows = list(_json_rows(content) if path.suffix.lower() == ".json" else _csv_rows(content))
    except MemoryError:
        raise Unreadable("error-file-memory") from None
    if not rows:
        raise Unreadable("error-catalog-no-lines")
    return rows


def _csv_rows(content: bytes) -> Iterator[_Row]:
    """Yield the lines below the header, each by the file's line it begins on."""
    table = tables.read(io.BytesIO(content), _TABLE)
    unknown = [name or '""' for name in table.columns if name not in COLUMNS]
    if unknown:
        shown = ", ".join(unknown)[:100]
        raise Unreadable(
            "error-catalog-columns-unknown", table.line, columns=shown, accepted=_ACCEPTED
        )
    for row in table.rows:
        problem = row.problem
        found = rules.Problem("", problem.key, problem.params) if problem else None
        yield _Row(row.line, row.cells, found)


def _json_rows(content: bytes) -> Iterator[_Row]:
    """Yield the items of the list, counted from 1."""
    documents = files.documents(content)
    if len(documents) != 1 or not isinstance(documents[0], list):
        raise Unreadable("error-catalog-json", reason="no list", accepted=_ACCEPTED)
    for number, item in enumerate(documents[0], start=1):
        if not isinstance(item, dict):
            problem = rules.Problem("", "error-catalog-item", {"accepted": _ACCEPTED})
            yield _Row(number, {}, problem)
            continue
        unknown = sorted(str(name) for name in item if name not in COLUMNS)
        if unknown:
            params = {"columns": ", ".join(unknown)[:100], "accepted": _ACCEPTED}
            yield _Row(number, {}, rules.Problem("", "error-catalog-columns-unknown", params))
            continue
        yield _Row(number, item)

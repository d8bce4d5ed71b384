"""``lyceum import catalog``: a CSV or JSON file into the catalogue.

Entries are matched by page (`rules.url_key`): a known page is changed, a new one added. An empty
cell leaves what is there. Everything is written after all lines were read, in portions; what is
wrong is reported by file, line and column, in the words the commands use.
"""

import asyncio
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from bot import files, tables
from bot.catalog import foreign, rules, tags_file
from bot.catalog.bringing import Bringing, Entry, bring
from bot.clock import Clock
from bot.errors import UserError
from bot.files import Unreadable
from bot.i18n import DEFAULT_LANGUAGE, Texts
from bot.tags.service import Brought, TagsService
from storage.database import Database
from storage.records import OPERATOR

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
    "state",
    "gem",
    "role",
    "creator_member",
    "edition_of",
    "moved_to",
    "merged",
    "needs",
)
REQUIRED: Final = ("kind", "title", "url")
PROBLEMS_HELD: Final = 20
"""How many problems a report describes; the others are counted."""
LINKS: Final = ("edition_of", "moved_to", "needs")
"""Columns that name other resources by their addresses, `MANY` of them several, with spaces."""
MANY: Final = frozenset({"needs"})
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
class _Read:
    """What a file holds; of another program's file only what is new is taken."""

    rows: list[_Row]
    is_item: bool
    is_foreign: bool = False


async def import_catalog(
    database: Database,
    clock: Clock,
    path: Path,
    *,
    guild_id: int,
    strict: bool,
    progress: Progress | None = None,
    actor_id: int = OPERATOR,
) -> ImportReport:
    """Bring the resources in the file at `path` into a guild's catalogue.

    Parameters
    ----------
    strict
        Write nothing if any line is bad; else the good lines are written.
    progress
        Called after every line, if given, from another thread.
    actor_id
        Who brings it.
    """
    try:
        brought = await asyncio.to_thread(tags_file.read, path)
        if brought is not None:
            return await _tags(TagsService(database, clock), guild_id, actor_id, brought)
        read = await asyncio.to_thread(_read, path)
    except UserError as error:
        line = error.line if isinstance(error, Unreadable) else 0
        problem = ImportProblem(
            file=path.name, line=line, column="", key=error.key, params=error.params
        )
        return ImportReport(n_problems=1, problems=(problem,))
    now, rows = clock().timestamp(), read.rows
    entries, problems, n_problems = await asyncio.to_thread(_checked, read, progress, now)
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
                is_item=read.is_item,
            )
            for line, found in problems
        ),
    )
    if strict and n_problems:
        return report
    bringing = Bringing(guild_id=guild_id, actor_id=actor_id, now=now, is_foreign=read.is_foreign)
    added, changed = await bring(database, bringing, entries)
    unchanged = len(entries) - added - changed
    return replace(report, added=added, changed=changed, unchanged=unchanged)


async def _tags(
    service: TagsService, guild_id: int, actor_id: int, brought: Sequence[Brought]
) -> ImportReport:
    """Bring the tags of a file, all or nothing."""
    added, changed = await service.bring(guild_id, actor_id, brought)
    n = len(brought)
    return ImportReport(read=n, added=added, changed=changed, unchanged=n - added - changed)


def _checked(
    read: _Read, progress: Progress | None, now: float
) -> tuple[list[Entry], list[tuple[int, rules.Problem]], int]:
    """Return the good entries, the first problems of the others with their lines, and how many."""
    entries: list[Entry] = []
    problems: list[tuple[int, rules.Problem]] = []
    n_problems = 0
    first: dict[str, int] = {}
    for done, row in enumerate(read.rows, start=1):
        links, linked = _links(row)
        values, found = _parsed(row, now)
        found += linked
        key = rules.url_key(values["url"]) if "url" in values else ""
        is_repeated = bool(key) and first.setdefault(key, row.line) != row.line
        if is_repeated and not read.is_foreign:
            repeated = {"first": str(first[key])}
            found.append(rules.Problem("url", "error-catalog-repeated", repeated))
        n_problems += len(found)
        problems += ((row.line, problem) for problem in found[: PROBLEMS_HELD - len(problems)])
        if not found and not is_repeated:
            entries.append(Entry(line=row.line, key=key, values=values, links=links))
        if progress is not None:
            progress(done, len(read.rows))
    return entries, problems, n_problems


def _links(row: _Row) -> tuple[dict[str, tuple[str, ...]], list[rules.Problem]]:
    """Return the keys of the resources that an entry names, and what is wrong with the names."""
    links: dict[str, tuple[str, ...]] = {}
    problems: list[rules.Problem] = []
    for name in LINKS:
        cell = row.cells.get(name)
        if not isinstance(cell, str) or not cell.strip():
            continue
        keys: list[str] = []
        for url in cell.split() if name in MANY else [cell]:
            values, refused = rules.parse({"url": url})
            problems += (rules.Problem(name, one.key, one.params) for one in refused)
            keys += [rules.url_key(values["url"])] if values else []
        links[name] = tuple(keys)
    return links, problems


def _parsed(row: _Row, now: float) -> tuple[dict[str, Any], list[rules.Problem]]:
    if row.problem is not None:
        return {}, [row.problem]
    raw: dict[str, str] = {}
    problems: list[rules.Problem] = []
    for column, cell in row.cells.items():
        text = _cell_text(column, cell)
        if column in LINKS:
            continue
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


def _read(path: Path) -> _Read:
    """Return what the file holds, entry by entry.

    Raises
    ------
    Unreadable
        It is no catalogue, and no other program's file that we know.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".tsv", ".json", *foreign.SUFFIXES):
        raise Unreadable("error-catalog-format")
    content = files.content_of(path)
    try:
        read = _read_content(path, suffix, content)
    except MemoryError:
        raise Unreadable("error-file-memory") from None
    if not read.rows:
        raise Unreadable("error-catalog-no-lines")
    return read


def _read_content(path: Path, suffix: str, content: bytes) -> _Read:
    if suffix == ".json":
        return _Read(list(_json_rows(content)), is_item=True)
    if suffix in foreign.SUFFIXES:
        cells = list(foreign.rows(path, content))
        is_ours = any(name in row for row in cells for name in ("state", "published"))
        items = [_Row(number, row) for number, row in enumerate(cells, start=1)]
        return _Read(items, is_item=True, is_foreign=suffix not in (".opml", ".xml") or not is_ours)
    columns = foreign.columns_of(content)
    if foreign.is_foreign(path, columns):
        found = [_Row(line, cells) for line, cells in foreign.table_rows(content, columns)]
        return _Read(found, is_item=False, is_foreign=True)
    return _Read(list(_csv_rows(content)), is_item=False)


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
        yield _Row(row.line, {name: tables.told(cell) for name, cell in row.cells.items()}, found)


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

"""Interactions from elsewhere: a CSV file of what people did becomes events.

The file is read twice: once to check every line and to learn which resources and people it
speaks of, once to store it in chunks. A row's identity is a hash of what it says, so importing
a file again adds nothing. Imported history earns no points.

Two forms are understood. ``deskdrop`` is the published data set of that name: columns
``timestamp``, ``eventType``, ``contentId``, ``personId``, others ignored. ``generic`` has the
header ``timestamp,kind,resource,member`` and optionally ``title`` and ``url``, in any order:

- ``timestamp``: unix seconds, or ISO 8601 (UTC where it names no zone)
- ``kind``: open, like, save, comment, follow or dismiss
- ``resource``: a web address, the number of a resource of the catalogue, or any other name
- ``member``: a Discord user id, or any other name
"""

import asyncio
import csv
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Literal, TextIO
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.catalog.rules import TITLE_MAX, Refused, parse_url, url_key
from bot.clock import Clock
from bot.errors import StartError
from storage import catalog, events, members
from storage.database import Database
from storage.records import Event, EventKind, Guild, Resource

Preset = Literal["deskdrop", "generic"]
Progress = Callable[[int, int], None]

CHUNK = 5_000
"""Rows of one transaction."""
PROBLEMS_SHOWN = 20
_EARLIEST_S = 946_684_800.0  # 2000-01-01: what is older is no timestamp in seconds
_LATEST_S = 4_102_444_800.0  # 2100-01-01: what is later is milliseconds
_DAY_S = 86_400.0
_POSITIVE = 2**63 - 1
_KINDS: Mapping[Preset, Mapping[str, EventKind]] = {
    "deskdrop": {
        "VIEW": EventKind.OPEN,
        "LIKE": EventKind.REACTION,
        "BOOKMARK": EventKind.SAVE,
        "COMMENT CREATED": EventKind.COMMENT,
        "FOLLOW": EventKind.FOLLOW,
    },
    "generic": {
        "open": EventKind.OPEN,
        "like": EventKind.REACTION,
        "save": EventKind.SAVE,
        "comment": EventKind.COMMENT,
        "follow": EventKind.FOLLOW,
        "dismiss": EventKind.DISMISS,
    },
}
_COLUMNS: Mapping[Preset, tuple[str, str, str, str]] = {
    "deskdrop": ("timestamp", "eventType", "contentId", "personId"),
    "generic": ("timestamp", "kind", "resource", "member"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One interaction of a file, checked. ``resource`` is its name there."""

    line: int
    occurred_at: float
    kind: EventKind
    resource: str
    member_id: int
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was refused: where, and what is accepted there."""

    file: str
    line: int
    column: str
    accepted: str

    def __str__(self) -> str:
        """Return the problem in one line."""
        return f"{self.file}, line {self.line}, column {self.column}: {self.accepted}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``problems`` holds the first 20 of ``n_problems``."""

    read: int
    imported: int = 0
    already_there: int = 0
    untracked: int = 0
    resources_made: int = 0
    members_seen: int = 0
    n_problems: int = 0
    problems: tuple[Problem, ...] = ()
    has_consent: bool = False
    is_refused: bool = False

    def summary(self) -> list[str]:
        """Return the report in sentences."""
        lines = [str(problem) for problem in self.problems]
        if self.n_problems > len(self.problems):
            lines.append(f"… and {self.n_problems - len(self.problems):,} more refused lines.")
        if self.is_refused:
            return [*lines, "Nothing was imported: --strict takes all lines or none."]
        lines.append(
            f"{self.read:,} lines read: {self.imported:,} events imported,"
            f" {self.already_there:,} were there already, {self.n_problems:,} lines refused;"
            f" {self.members_seen:,} members, {self.resources_made:,} new resources."
        )
        if self.untracked:
            lines.append(f"{self.untracked:,} events of members who are not tracked were left out.")
        if not self.has_consent:
            lines.append("These events train nothing until their members agree.")
        return lines


async def import_interactions(
    database: Database,
    clock: Clock,
    path: Path,
    *,
    guild_id: int,
    preset: Preset = "generic",
    with_consent: bool = False,
    strict: bool = False,
    progress: Progress = lambda done, total: None,
) -> ImportReport:
    """Store the interactions of a file as events of a guild.

    Parameters
    ----------
    path
        A ``.csv``, ``.csv.gz``, or ``.zip`` that holds one ``.csv``.
    with_consent
        The members have agreed that their events train the recommender; recorded for those who
        were never asked. Always so for ``deskdrop``, which is published research data.
    strict
        Import nothing if any line is refused; otherwise the good ones are imported.
    progress
        Called with (rows done, rows in total).

    Raises
    ------
    StartError
        The file cannot be read, or lacks a column.
    """
    now = clock().timestamp()
    has_consent = with_consent or preset == "deskdrop"
    found = await asyncio.to_thread(_survey, path, preset, now + _DAY_S)
    report = ImportReport(
        found.n_read,
        members_seen=len(found.members),
        n_problems=found.n_problems,
        problems=tuple(found.problems),
        has_consent=has_consent,
    )
    if strict and found.n_problems:
        return replace(report, is_refused=True)
    ids, n_made = await _resolve(database, guild_id, preset, found, now)
    total, done, n_new, n_hidden = found.n_good, 0, 0, 0
    progress(0, total)
    happened = _events(path, preset, now + _DAY_S, guild_id, ids)
    while chunk := await asyncio.to_thread(lambda: list(islice(happened, CHUNK))):
        added, hidden = await _store(database, guild_id, chunk, now, has_consent=has_consent)
        done, n_new, n_hidden = done + len(chunk), n_new + added, n_hidden + hidden
        progress(done, total)
    return replace(
        report,
        imported=n_new,
        already_there=total - n_new - n_hidden,
        untracked=n_hidden,
        resources_made=n_made,
    )


def read_rows(path: Path, preset: Preset, *, latest: float = _LATEST_S) -> Iterator[Row | Problem]:
    """Read a file of interactions, line by line; a refused line comes as its problem.

    Parameters
    ----------
    latest
        Unix seconds; a later timestamp is refused.

    Raises
    ------
    StartError
        The file cannot be read, or lacks a column.
    """
    try:
        with _text(path) as text:
            reader = csv.reader(text, strict=True)
            parser = _Parser(path.name, preset, latest, _header(path, preset, reader))
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Problem(path.name, reader.line_num, "1", f"no valid CSV: {error}")
                    continue
                if cells:
                    yield parser.row(reader.line_num, cells)
    except (OSError, EOFError, zlib.error, RuntimeError, zipfile.BadZipFile) as error:
        raise StartError(f"{path} cannot be read: {error}") from error


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    name = path.name.lower()
    # Bytes that are not UTF-8 come through as surrogates; their line is refused, no other.
    encoding, errors = "utf-8-sig", "surrogateescape"
    if name.endswith(".csv"):
        with open(path, encoding=encoding, errors=errors, newline="") as file:
            yield file
    elif name.endswith(".csv.gz"):
        with gzip.open(path, "rt", encoding=encoding, errors=errors, newline="") as file:
            yield file
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            inside = [
                entry
                for entry in archive.namelist()
                if entry.lower().endswith(".csv") and not entry.startswith("__MACOSX/")
            ]
            if len(inside) != 1:
                raise StartError(f"{path} must hold exactly one .csv, not {len(inside)}")
            with archive.open(inside[0]) as binary:
                yield io.TextIOWrapper(binary, encoding=encoding, errors=errors, newline="")
    else:
        raise StartError(f"{path} must be a .csv, a .csv.gz or a .zip that holds one .csv")


def _header(path: Path, preset: Preset, reader: Iterator[list[str]]) -> list[str]:
    try:
        names = [name.strip().lower() for name in next(reader)]
    except (StopIteration, csv.Error):
        names = []
    missing = [name for name in _COLUMNS[preset] if name.lower() not in names]
    if missing:
        raise StartError(
            f"{path}, line 1: column {', '.join(missing)} is missing;"
            f" {preset} needs {', '.join(_COLUMNS[preset])}"
        )
    return names


class _Bad(ValueError):
    """A cell is refused: its column and what is accepted."""

    def __init__(self, column: str, accepted: str) -> None:
        super().__init__(accepted)
        self.column = column
        self.accepted = accepted


class _Parser:
    """Turns the cells of a line into a row, by where the header says they stand."""

    def __init__(self, file: str, preset: Preset, latest: float, header: list[str]) -> None:
        self.file, self.preset, self.latest = file, preset, latest
        self.n_columns = len(header)
        self.timestamp, self.kind, self.resource, self.member = _COLUMNS[preset]
        self.kinds = _KINDS[preset]
        self.by_key = {name.lower(): kind for name, kind in self.kinds.items()}
        self.places = {name: header.index(name.lower()) for name in _COLUMNS[preset]}
        if preset == "generic":
            self.places |= {name: header.index(name) for name in ("title", "url") if name in header}

    def row(self, line: int, cells: list[str]) -> Row | Problem:
        """Return the checked row of a line, or its first problem from the left."""
        try:
            if len(cells) != self.n_columns:
                wanted = f"{self.n_columns} columns are needed, not {len(cells)}"
                raise _Bad(str(min(len(cells), self.n_columns)), wanted)
            cell = {name: self._cell(name, cells) for name in self.places}
            return Row(
                line,
                self._moment(cell[self.timestamp]),
                self._kind(cell[self.kind]),
                self._resource(cell[self.resource]),
                self._member(cell[self.member]),
                " ".join(cell.get("title", "").split())[:TITLE_MAX],
                self._url(cell.get("url", "")),
            )
        except _Bad as bad:
            return Problem(self.file, line, bad.column, bad.accepted)

    def _bad(self, name: str, accepted: str) -> _Bad:
        return _Bad(f"{self.places[name] + 1} ({name})", accepted)

    def _cell(self, name: str, cells: list[str]) -> str:
        text = cells[self.places[name]].strip()
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self._bad(name, "text in UTF-8 is needed") from None
        return text

    def _moment(self, text: str) -> float:
        try:
            moment = float(text)
        except ValueError:
            moment = _iso(text)
        if not _EARLIEST_S <= moment <= self.latest:  # NaN falls through here too
            raise self._bad(
                self.timestamp,
                "unix seconds or ISO 8601 are needed, from the year 2000 until now",
            )
        return moment

    def _kind(self, text: str) -> EventKind:
        kind = self.by_key.get(text.lower())
        if kind is None:
            raise self._bad(self.kind, f"one of {', '.join(self.kinds)} is needed")
        return kind

    def _resource(self, text: str) -> str:
        if self.preset == "deskdrop":
            return str(self._signed(self.resource, text))
        if not text:
            raise self._bad(self.resource, "a web address, a number or a name is needed")
        return self._url(text, self.resource) if "://" in text else text

    def _member(self, text: str) -> int:
        if self.preset == "deskdrop":
            return self._signed(self.member, text)
        if not text:
            raise self._bad(self.member, "a Discord user id or a name is needed")
        number = int(text) if re.fullmatch(r"[0-9]{1,19}", text) else 0
        return number if 0 < number <= _POSITIVE else _hash(f"member\0{text}")

    def _signed(self, name: str, text: str) -> int:
        number = int(text) & _POSITIVE if re.fullmatch(r"-?[0-9]{1,19}", text) else 0
        if not number:
            raise self._bad(name, "a whole number of 64 bits other than 0 is needed")
        return number

    def _url(self, text: str, name: str = "url") -> str:
        try:
            return parse_url(text) if text else ""
        except Refused:
            raise self._bad(
                name, "a web address of http or https, at most 512 characters, is needed"
            ) from None


def _iso(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return float("nan")


def _hash(text: str) -> int:
    """Return a stable number for a text, 0 ≤ n < 2**63."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


@dataclass(slots=True)
class _Mentioned:
    """A resource as a file speaks of it: since when, and by which title and address."""

    first_at: float
    title: str = ""
    url: str = ""


@dataclass(slots=True)
class _Survey:
    n_read: int = 0
    n_good: int = 0
    n_problems: int = 0
    problems: list[Problem] = field(default_factory=list)
    resources: dict[str, _Mentioned] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)


def _survey(path: Path, preset: Preset, latest: float) -> _Survey:
    survey = _Survey()
    for row in read_rows(path, preset, latest=latest):
        survey.n_read += 1
        if isinstance(row, Problem):
            survey.n_problems += 1
            if len(survey.problems) < PROBLEMS_SHOWN:
                survey.problems.append(row)
            continue
        survey.n_good += 1
        survey.members.add(row.member_id)
        known = survey.resources.setdefault(row.resource, _Mentioned(row.occurred_at))
        known.first_at = min(known.first_at, row.occurred_at)
        known.title, known.url = known.title or row.title, known.url or row.url
    return survey


async def _resolve(
    database: Database, guild_id: int, preset: Preset, survey: _Survey, now: float
) -> tuple[dict[str, int], int]:
    """Find or make every resource; return their ids by name in the file, and how many are new."""
    wanted = {
        name: _resource(guild_id, preset, name, mentioned, now)
        for name, mentioned in survey.resources.items()
    }
    keys = {name: url_key(resource.url) for name, resource in wanted.items()}

    async def job(conn: AsyncConnection) -> tuple[dict[str, int], int]:
        if not (await members.guild(conn, guild_id)).created_at:
            await members.save_guild(conn, Guild(guild_id, created_at=now))
        known = await catalog.keyed(conn, guild_id)
        numbers = {str(resource.resource_id) for resource in known.values()}
        # A number in a generic file is the catalogue's, if the catalogue has it.
        ids = {name: int(name) for name in wanted if preset == "generic" and name in numbers}
        new = {
            keys[name]: resource
            for name, resource in wanted.items()
            if name not in ids and keys[name] not in known
        }
        await catalog.add_all(conn, [(resource, key) for key, resource in new.items()])
        known = await catalog.keyed(conn, guild_id) if new else known
        found = {name: known[keys[name]].resource_id for name in wanted if name not in ids}
        return found | ids, len(new)

    return await database.write(job)


def _resource(
    guild_id: int, preset: Preset, name: str, mentioned: _Mentioned, now: float
) -> Resource:
    own = name if "://" in name else f"https://{preset}.invalid/{quote(name, safe='')}"
    return Resource(
        guild_id,
        "article",
        mentioned.title or f"Imported {name}"[:TITLE_MAX],
        mentioned.url or own,
        published_at=mentioned.first_at,
        created_at=now,
        updated_at=now,
    )


def _events(
    path: Path, preset: Preset, latest: float, guild_id: int, ids: Mapping[str, int]
) -> Iterator[Event]:
    """Yield the file's good rows as events; equal rows are told apart by a count."""
    seen: Counter[int] = Counter()
    for row in read_rows(path, preset, latest=latest):
        if isinstance(row, Problem):
            continue
        source_id = _hash(
            f"{preset}\0{row.occurred_at!r}\0{int(row.kind)}\0{row.resource}\0{row.member_id}"
        )
        yield Event(
            guild_id,
            source_id,
            row.kind,
            row.member_id,
            row.occurred_at,
            qualifier=seen[source_id],
            resource_id=ids[row.resource],
        )
        seen[source_id] += 1


async def _store(
    database: Database, guild_id: int, chunk: list[Event], now: float, *, has_consent: bool
) -> tuple[int, int]:
    """Store a chunk; return how many events were new and how many members' wish left out."""

    async def job(conn: AsyncConnection) -> tuple[int, int]:
        people = {event.user_id for event in chunk}
        hidden = await members.untracked(conn, guild_id, people)
        if has_consent:
            await members.grant_unknown(conn, guild_id, people - hidden, now)
        kept = [event for event in chunk if event.user_id not in hidden]
        return await events.insert_many(conn, kept, now), len(chunk) - len(kept)

    return await database.write(job)

"""A file of interactions, line by line: who did what with which resource, or why a line is refused.

Two forms are understood. ``deskdrop`` is the published data set of that name: columns
``timestamp``, ``eventType``, ``contentId``, ``personId``, others ignored. ``generic`` has the
header ``timestamp,kind,resource,member`` and optionally ``title`` and ``url``, in any order:

- ``timestamp``: unix seconds, or ISO 8601 (UTC where it names no zone)
- ``kind``: open, like, save, comment, follow or dismiss
- ``resource``: a web address, the number of a resource of the catalogue, or any other name
- ``member``: a Discord user id, or any other name; what reads as a number and is no id is refused,
  for nobody is called that
"""

import gzip
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal
from urllib.parse import quote

from bot import ids, tables
from bot.catalog.rules import TITLE_MAX, URL_MAX, Refused, parse_url, url_key
from bot.errors import StartError, UserError
from bot.files import Unreadable, sentence
from storage.records import EventKind

Preset = Literal["deskdrop", "generic"]

_EARLIEST_S = 946_684_800.0  # 2000-01-01: what is older is no timestamp in seconds
_LATEST_S = 4_102_444_800.0  # 2100-01-01: what is later is milliseconds
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

_FORMS: Mapping[Preset, tables.Form] = {
    preset: tables.Form(
        {*(name.lower() for name in names), *(("title", "url") if preset == "generic" else ())},
        tuple((name.lower(),) for name in names),
    )
    for preset, names in _COLUMNS.items()
}


@dataclass(frozen=True, slots=True)
class Row:
    """One interaction of a file, checked. ``resource`` is its name there.

    ``is_bare`` says that the member stands there as digits, which a spreadsheet may have rounded.
    """

    line: int
    occurred_at: float
    kind: EventKind
    resource: str
    member_id: int
    title: str = ""
    url: str = ""
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was refused: where, and what is accepted there; no column for all of it."""

    file: str
    line: int
    column: str
    accepted: str

    def __str__(self) -> str:
        """Return the problem in one line."""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}, line {self.line}{column}: {self.accepted}"


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
        with _binary(path) as file:
            table = tables.read(file, _FORMS[preset])
            parser = _Parser(path.name, preset, latest, table.columns)
            for row in table.rows:
                yield parser.row(row)
    except Unreadable as error:
        where = f"{path}, line {error.line}" if error.line else str(path)
        raise StartError(f"{where}: {sentence(error)}") from None
    except (OSError, EOFError, zlib.error, RuntimeError, zipfile.BadZipFile) as error:
        raise StartError(f"{path} cannot be read: {error}") from error


@contextmanager
def _binary(path: Path) -> Iterator[IO[bytes]]:
    name = path.name.lower()
    if name.endswith((".csv", ".tsv")):
        with open(path, "rb") as file:
            yield file
    elif name.endswith((".csv.gz", ".tsv.gz")):
        with gzip.open(path) as packed:
            yield packed  # type: ignore[misc]  # reads as any file does
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            inside = [
                entry
                for entry in archive.namelist()
                if entry.lower().endswith((".csv", ".tsv")) and not entry.startswith("__MACOSX/")
            ]
            if len(inside) != 1:
                raise StartError(f"{path} must hold exactly one .csv, not {len(inside)}")
            with archive.open(inside[0]) as binary:
                yield binary
    else:
        raise StartError(f"{path} must be a .csv, a .csv.gz or a .zip that holds one .csv")


class _Bad(ValueError):
    """A cell is refused: its column and what is accepted."""

    def __init__(self, column: str, accepted: str) -> None:
        super().__init__(accepted)
        self.column = column
        self.accepted = accepted


class _Parser:
    """Turns the cells of a line into a row, by the columns that the header names."""

    def __init__(self, file: str, preset: Preset, latest: float, header: Sequence[str]) -> None:
        self.file, self.preset, self.latest = file, preset, latest
        self.timestamp, self.kind, self.resource, self.member = _COLUMNS[preset]
        self.kinds = _KINDS[preset]
        self.by_key = {name.lower(): kind for name, kind in self.kinds.items()}
        self.places = {name: header.index(name.lower()) for name in _COLUMNS[preset]}
        if preset == "generic":
            self.places |= {name: header.index(name) for name in ("title", "url") if name in header}
        self.pages: dict[str, str] = {}

    def row(self, row: tables.Row) -> Row | Problem:
        """Return the checked row of a line, or its first problem from the left."""
        if row.problem is not None:
            return Problem(file=self.file, line=row.line, column="", accepted=sentence(row.problem))
        cell = {name: row.cells[name.lower()].strip() for name in self.places}
        try:
            found = Row(
                line=row.line,
                occurred_at=self._moment(cell[self.timestamp]),
                kind=self._kind(cell[self.kind]),
                resource=self._resource(cell[self.resource]),
                member_id=self._member(cell[self.member]),
                title=" ".join(cell.get("title", "").split())[:TITLE_MAX],
                url=self._url(cell.get("url", "")),
                is_bare=cell[self.member].isdecimal(),
            )
            self._must_be_one_page(found)
        except _Bad as bad:
            return Problem(file=self.file, line=row.line, column=bad.column, accepted=bad.accepted)
        return found

    def _must_be_one_page(self, row: Row) -> None:
        """Refuse a resource that is another page than in a line before."""
        key = url_key(row.url) if row.url else ""
        if key and self.pages.setdefault(row.resource, key) != key:
            before = self.pages[row.resource][:80]
            raise self._bad("url", f"the resource {row.resource[:40]!r} is {before} above")

    def _bad(self, name: str, accepted: str) -> _Bad:
        return _Bad(f"{self.places[name] + 1} ({name})", accepted)

    def _moment(self, text: str) -> float:
        try:
            moment = float("nan") if ids.is_rounded(text) else float(text)
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
        if "://" in text:
            return self._url(text, self.resource)
        if ids.is_rounded(text):
            raise self._bad(self.resource, f"{text[:40]} was rounded by a spreadsheet")
        if len(page_of(self.preset, text)) > URL_MAX:
            raise self._bad(self.resource, "a shorter name is needed")
        return text

    def _member(self, text: str) -> int:
        if self.preset == "deskdrop":
            return self._signed(self.member, text)
        if not text:
            raise self._bad(self.member, "a Discord user id or a name is needed")
        digits = ids.unwrapped(text)
        if number := ids.whole(digits):
            return number
        if ids.is_rounded(text):
            raise self._bad(self.member, sentence(UserError("error-id-rounded", value=text[:40])))
        if digits != text or ids.is_number(text):
            accepted = "a Discord user id or a name is needed, and this is another number"
            raise self._bad(self.member, accepted)
        return hash_of(f"member\0{text}")

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


def page_of(preset: Preset, name: str) -> str:
    """Return the address of a resource of which only a name is known."""
    return name if "://" in name else f"https://{preset}.invalid/{quote(name, safe='')}"


def hash_of(text: str) -> int:
    """Return a stable number for a text, 0 ≤ n < 2**63."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1

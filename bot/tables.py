"""CSV as it comes: in any dialect and encoding, row by row, refused by line in one sentence.

And as it goes: `written` makes a table that every spreadsheet opens and none takes for formulas.

Understood are commas, semicolons, tabs and bars, the ``sep=`` line that Excel writes, quoted line
breaks, and UTF-8, UTF-16 or UTF-32 (`bot.files`). A row that is not as wide as the header, holds
bytes that are no text, or misquotes is one `Row` with a problem; a header that does not name what
is needed, or a quotation mark that nobody closes, makes the file `Unreadable`. At most
`RECORD_MAX` characters are held at a time.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import IO

from bot.errors import UserError
from bot.files import Unreadable, encoding_of

RECORD_MAX = 2**20
"""Characters of one row, line breaks included."""
_DELIMITERS = ",;\t|"
_HEAD = 16
_SHOWN = 80
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the file's line it begins on, and its cells by column, or what is wrong with it."""

    line: int
    cells: Mapping[str, str] = field(default_factory=dict)
    problem: UserError | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What a table's header may say, in lower case, spaces as underscores.

    Attributes
    ----------
    known
        Columns that are read.
    needed
        Groups of columns, of each of which there must be one; the group's first stands for it.
    headless
        Given the first row's cells, the names of a table that has no header, None if it has.
    """

    known: Collection[str]
    needed: Sequence[Sequence[str]] = ()
    headless: Callable[[list[str]], list[str] | None] = lambda cells: None


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header was read: its columns, the header's line, and the rows to come."""

    columns: tuple[str, ...]
    line: int
    rows: Iterator[Row]


def read(file: IO[bytes], form: Form) -> Table:
    """Read a table's header; its rows are read as they are asked for.

    Raises
    ------
    Unreadable
        The file is no table, or lacks a column; while rows are read, too.
    """
    lines = _Lines(file)
    first = next(lines, None)
    delimiter = _declared(first or "")
    if delimiter is not None:
        first = next(lines, None)
    while first is not None and not first.strip(f"{_DELIMITERS} \r\n"):
        first = next(lines, None)
    if first is None:
        raise Unreadable("error-file-empty")
    delimiter = delimiter or _delimiter(first, form)
    records = _records(_Pushed(lines, first), delimiter)
    begin = next(records, None)
    if begin is None:  # a line of nothing but signs that end lines
        raise Unreadable("error-file-empty")
    if begin.problem is not None:
        raise Unreadable(begin.problem.key, begin.line, **begin.problem.params)
    columns = form.headless(begin.cells)
    if columns is None:
        columns = [_column(cell) for cell in begin.cells]
        _must_name(columns, begin, form)
        rest: Iterator[_Record] = records
    else:
        rest = chain([begin], records)
    return Table(tuple(columns), begin.line, (_row(record, columns) for record in rest))


def _declared(line: str) -> str | None:
    """Return the delimiter of Excel's line ``sep=;``, None where that is not the line."""
    said = line.rstrip("\r\n").strip('"').lower()
    return said[4] if said.startswith("sep=") and len(said) == 5 else None


def _delimiter(line: str, form: Form) -> str:
    """Return the delimiter by which the first line says most of what is looked for."""

    def sense(delimiter: str) -> tuple[int, int]:
        cells = _split(line, delimiter)
        names = form.headless(cells) or [_column(cell) for cell in cells]
        return len(set(names) & set(form.known)), len(cells)

    return max(_DELIMITERS, key=sense)


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]


def _column(cell: str) -> str:
    return cell.strip().lower().replace(" ", "_")


def _must_name(columns: list[str], header: "_Record", form: Form) -> None:
    said = ", ".join(filter(None, map(str.strip, header.cells)))[:_SHOWN]
    if not set(columns) & set(form.known):
        accepted = ", ".join(group[0] for group in form.needed)
        raise Unreadable("error-file-header", header.line, said=said, accepted=accepted)
    missing = [group[0] for group in form.needed if not set(group) & set(columns)]
    if missing:
        raise Unreadable("error-file-missing", header.line, columns=", ".join(missing), said=said)
    twice = sorted({name for name in form.known if columns.count(name) > 1})
    if twice:
        raise Unreadable("error-file-twice", header.line, columns=", ".join(twice))


def _row(record: "_Record", columns: Sequence[str]) -> Row:
    problem = record.problem
    if problem is None and len(record.cells) != len(columns):
        sizes = {"count": len(record.cells), "expected": len(columns)}
        problem = UserError("error-file-cells", **sizes)
    if problem is not None:
        return Row(record.line, problem=problem)
    return Row(record.line, dict(zip(columns, record.cells, strict=True)))


# ---------------------------------------------------------------------- lines and records


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: list[str]
    problem: UserError | None = None


class _Lines:
    """The file's lines, counted; what one record may take is bounded.

    Bytes that are not UTF-8 come through as surrogates, so that only their row is refused.
    """

    def __init__(self, file: IO[bytes]) -> None:
        encoding = encoding_of(file.read(_HEAD))
        file.seek(0)
        errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
        self._text = io.TextIOWrapper(file, encoding, errors, newline="")
        self.number = 0
        self.begins = 1
        self.n_characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(RECORD_MAX)
        except UnicodeError:
            raise Unreadable("error-file-encoding", self.number + 1) from None
        if not line:
            raise StopIteration
        self.number += 1
        self.n_characters += len(line)
        if self.n_characters >= RECORD_MAX:
            self.refuse()
        return line

    def begin(self, line: int) -> None:
        """Begin a record on a line."""
        self.begins, self.n_characters = line, 0

    def refuse(self) -> None:
        """Raise for a record that does not end."""
        if self.number > self.begins:
            raise Unreadable("error-file-quote", self.begins)
        raise Unreadable("error-file-long", self.begins)


class _Pushed:
    """Lines of which the first was read already."""

    def __init__(self, lines: _Lines, first: str) -> None:
        self.lines = lines
        self.each = chain([first], lines)
        self.is_first = True

    def begin(self) -> int:
        """Return the line on which the next record begins."""
        line = self.lines.number + (not self.is_first)
        self.is_first = False
        self.lines.begin(line)
        return line


def _records(pushed: _Pushed, delimiter: str) -> Iterator[_Record]:
    """Yield what is not empty, each by the line it begins on."""
    reader = csv.reader(pushed.each, delimiter=delimiter, strict=True)
    while True:
        begins = pushed.begin()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if str(error) == "unexpected end of data" or pushed.lines.number > begins:
                raise Unreadable("error-file-quote", begins) from None
            if "field limit" in str(error):
                pushed.lines.refuse()
            yield _Record(begins, [], UserError("error-file-syntax", reason=str(error)))
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield _Record(begins, cells, _unreadable(cells))


def _unreadable(cells: list[str]) -> UserError | None:
    text = "".join(cells)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return UserError("error-file-encoding")
    return UserError("error-file-nul") if "\0" in text else None


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: what begins like one is quoted."""
    return f"'{cell}" if cell.lstrip(" \u00a0\u3000").startswith(_FORMULA) else cell


def told(cell: str) -> str:
    """Return what a cell said before `safe` or `exact` quoted it."""
    rest = cell[1:]
    is_quoted = rest.startswith("'") or rest.lstrip(" \u00a0\u3000").startswith(_FORMULA)
    return rest if cell.startswith("'") and is_quoted else cell


def exact(cell: str) -> str:
    """Return a cell that `told` gives back as it is, also where it looks like a quoted one."""
    return f"'{cell}" if cell.startswith("'") else safe(cell)


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows of text as CSV: commas, UTF-8 with a mark, every cell `safe`."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([safe(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")

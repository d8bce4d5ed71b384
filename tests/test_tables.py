"""Tables as programs write them; what is none is refused by line, and what it costs is bounded."""

import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files import Unreadable
from bot.i18n import LANGUAGES, Texts
from bot.tables import RECORD_MAX, Form, Row, read, written

FORM = Form({"user_id", "points", "note"}, (("user_id",), ("points",)))
PLAIN = "user_id,points\n1,12\n2,3\n"
CELLS = [{"user_id": "1", "points": "12"}, {"user_id": "2", "points": "3"}]


def rows(content: str | bytes, form: Form = FORM) -> list[Row]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read(io.BytesIO(raw), form).rows)


def said(content: str | bytes) -> tuple[int, str]:
    with pytest.raises(Unreadable) as refused:
        rows(content)
    for language in LANGUAGES:
        assert "\n" not in Texts(language)(refused.value.key, **refused.value.params)
    return refused.value.line, Texts("en")(refused.value.key, **refused.value.params)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        "sep=;\n" + PLAIN.replace(",", ";"),
        '"sep=;"\r\n' + PLAIN.replace(",", ";"),
        "SEP=,\n" + PLAIN,
        "sep=\t\n" + PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\n\n" + PLAIN + "\n,\n",
        PLAIN.replace("user_id", " User ID ").replace("points", '"Points"'),
        "\ufeff" + PLAIN,
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
    ],
    ids="commas semicolons tabs bars sep quoted-sep sep-comma sep-tab crlf cr blank header bom"
    " utf16 utf16le utf16be utf32".split(),
)
def test_every_dialect_reads_like_the_plain_one(content: str | bytes) -> None:
    assert [dict(row.cells) for row in rows(content)] == CELLS


def test_a_line_is_counted_where_it_begins_whatever_stands_before_it() -> None:
    content = 'sep=,\n\nuser_id,points,note\n1,2,"a\nb\nc"\n\n3,4,d\n5,6\n'
    assert [(row.line, row.problem is None) for row in rows(content)] == [
        (4, True),
        (8, True),
        (9, False),
    ]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("1,2,3", "error-file-cells"),
        ("1", "error-file-cells"),
        ("1,2,", "error-file-cells"),
        ('1,"2"x', "error-file-syntax"),
        ("1,2\0", "error-file-nul"),
        (b"1,caf\xe9", "error-file-encoding"),
    ],
)
def test_a_bad_row_spoils_no_other(line: str | bytes, key: str) -> None:
    raw = line.encode() if isinstance(line, str) else line
    first, bad, last = rows(b"user_id,points\n1,2\n" + raw + b"\n5,6\n")
    assert bad.problem is not None
    assert (bad.line, bad.problem.key) == (3, key)
    assert first.problem is None and dict(last.cells) == {"user_id": "5", "points": "6"}


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", 0, "is empty"),
        (" \n,,\n", 0, "is empty"),
        ("1,2\n3,4\n", 1, "must name the columns (user_id, points), but it reads: 1, 2"),
        ("\nuser_id,score\n", 2, "Missing: points. This file has: user_id, score"),
        ("user_id,points,points\n", 1, "Repeated: points"),
        (b"user_id,points,\xff\n1,2,3\n", 1, "UTF-8"),
        (PLAIN.encode("utf-16")[:-1], 3, "UTF-8"),
        ('user_id,points\n1,2\n3,"4\n5,6\n', 3, "never closed"),
        ('user_id,points\n1,2\n3,"4', 3, "never closed"),
        ('user_id,points\n1,"2\n3,"4"\n', 2, "never closed"),
    ],
)
def test_what_is_no_table_says_why_and_where(content: str | bytes, line: int, words: str) -> None:
    at, sentence = said(content)
    assert at == line
    assert words in sentence


def test_of_columns_nobody_reads_any_may_repeat() -> None:
    (row,) = rows("user_id,points,,,\n1,2,,,\n")
    assert row.cells["points"] == "2"


def test_a_table_without_a_header_is_read_where_that_can_be_told() -> None:
    form = Form({"id", "n"}, headless=lambda cells: ["id", "n"] if cells[0].isdigit() else None)
    assert [dict(row.cells) for row in rows("1;2,5\n3;4,5\n", form)] == [
        {"id": "1", "n": "2,5"},
        {"id": "3", "n": "4,5"},
    ]


class Endless(io.RawIOBase):
    """A file that begins as a table and goes on for a gigabyte."""

    def __init__(self, head: bytes, block: bytes) -> None:
        self.head, self.block, self.left = head, block, 2**30 // len(block)
        self.again = head

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, _offset: int, _whence: int = 0) -> int:
        self.head = self.again
        return 0

    def readinto(self, buffer: Any) -> int:
        source = self.head or (self.block if self.left else b"")
        given = source[: len(buffer)]
        if self.head:
            self.head = self.head[len(given) :]
        else:
            self.left -= 1
        buffer[: len(given)] = given
        return len(given)


@pytest.mark.parametrize(
    ("head", "block", "key"),
    [
        (b"", b"x" * 8_192, "error-file-long"),
        (b"user_id,points\n1,", b"9" * 8_192, "error-file-long"),
        (b'user_id,points\n1,"', b"unclosed\n" * 900, "error-file-quote"),
        (b'user_id,points\n1,"', b'","' * 2_700, "error-file-long"),
        (b'user_id,points\n1,"', b'","\n' * 2_000, "error-file-quote"),
        (b"user_id,points\n1", b"," * 8_192, "error-file-long"),
    ],
)
def test_a_gigabyte_in_one_row_is_refused_after_a_megabyte(
    head: bytes, block: bytes, key: str
) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as refused:
            list(read(io.BufferedReader(Endless(head, block)), FORM).rows)
        assert tracemalloc.get_traced_memory()[1] < 100 * RECORD_MAX
    finally:
        tracemalloc.stop()
    assert refused.value.key == key


def test_rows_are_read_as_they_are_asked_for() -> None:
    table = read(io.BufferedReader(Endless(b"user_id,points\n", b"1,2\n")), FORM)
    found: Iterator[Row] = table.rows
    assert [next(found).line for _ in range(3)] == [2, 3, 4]


@given(st.binary(max_size=200))
def test_whatever_stands_below_a_header_is_read_or_refused(content: bytes) -> None:
    try:
        found = rows(b"user_id,points\n" + content)
    except Unreadable:
        return
    assert all(set(row.cells) == {"user_id", "points"} or row.problem for row in found)


def test_what_is_written_is_read_again_and_is_no_formula() -> None:
    cells = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u3000=1",
        "＝1",
        "＠1",
    ]
    content = written([["note"], *([cell] for cell in cells), ['plain, “quoted” "text"']])
    (*dangerous, plain) = rows(content, Form({"note"}, (("note",),)))
    assert plain.cells == {"note": 'plain, “quoted” "text"'}
    assert [row.cells["note"] for row in dangerous] == [f"'{cell}" for cell in cells]

import asyncio
import contextlib
import csv
import io
import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalog import bringing, importer, rules
from bot.catalog.importer import COLUMNS, ImportReport, import_catalog
from bot.i18n import LANGUAGES, Texts
from bot.money import most
from storage import catalog
from storage.database import Database
from storage.records import Resource
from tests.patience import patient

GUILD = 7
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEADER = ",".join(COLUMNS[:12])
"""Without the columns that only exports of whole catalogues fill in."""
GOOD = (
    "article,Ownership,https://doc.rust-lang.org/book/ch04,What owns what,rust;memory,en,beginner,"
    "20,0,,Klabnik,2018-08-06"
)
PAID = "course,数据分析,https://example.org/数据,,数据;python,zh-CN,,600,19900,cny,李老师,"


def write(path: Path, content: str | bytes | list[Any]) -> None:
    if isinstance(content, list):
        content = json.dumps(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


async def bring(
    database: Database, path: Path, content: str | bytes | list[Any], *, strict: bool = False
) -> ImportReport:
    write(path, content)
    return await import_catalog(database, lambda: NOW, path, guild_id=GUILD, strict=strict)


async def stored(database: Database) -> list[Resource]:
    async with database.read() as conn:
        return await catalog.live(conn, GUILD)


async def test_lines_become_resources(database: Database, tmp_path: Path) -> None:
    report = await bring(database, tmp_path / "c.csv", f"{HEADER}\n{GOOD}\n\n{PAID}\n")
    assert report == ImportReport(read=2, added=2)
    rust, data = await stored(database)
    assert (rust.title, rust.tags, rust.minutes) == ("Ownership", ("rust", "memory"), 20)
    assert rust.published_at == datetime(2018, 8, 6, tzinfo=UTC).timestamp()
    assert (data.price_minor, data.currency, data.language) == (19900, "CNY", "zh")
    assert data.published_at == NOW.timestamp()


async def test_importing_again_changes_nothing_and_a_new_cell_changes_one(
    database: Database, tmp_path: Path
) -> None:
    content = f"\ufeff{HEADER}\r\n{GOOD}\r\n{PAID}\r\n"
    await bring(database, tmp_path / "c.csv", content)
    before = await stored(database)
    assert await bring(database, tmp_path / "c.csv", content) == ImportReport(read=2, unchanged=2)
    assert await stored(database) == before
    moved = content.replace("ch04,", "ch04/?utm_source=x#y,").replace("Ownership", "Owning")
    assert await bring(database, tmp_path / "c.csv", moved) == ImportReport(
        read=2, changed=1, unchanged=1
    )
    assert [one.title for one in await stored(database)] == ["Owning", "数据分析"]


async def test_an_empty_cell_leaves_what_is_there_and_a_hyphen_empties_it(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "c.csv"
    await bring(database, path, f"{HEADER}\n{GOOD}\n")
    await bring(
        database, path, "kind,title,url\narticle,Owning,https://doc.rust-lang.org/book/ch04\n"
    )
    (kept,) = await stored(database)
    assert (kept.title, kept.summary, kept.minutes) == ("Owning", "What owns what", 20)
    await bring(
        database,
        path,
        "kind,title,url,summary\narticle,Owning,https://doc.rust-lang.org/book/ch04,-\n",
    )
    assert (await stored(database))[0].summary == ""


async def test_json_is_read_with_tags_as_a_list_or_a_text(
    database: Database, tmp_path: Path
) -> None:
    items = [
        {
            "kind": "tool",
            "title": "uv",
            "url": "https://docs.astral.sh/uv",
            "tags": ["Python", "打包"],
        },
        {
            "kind": "tool",
            "title": 42,
            "url": "https://b.org",
            "tags": "a;b",
            "minutes": 5,
            "summary": None,
        },
    ]
    assert await bring(database, tmp_path / "c.json", items) == ImportReport(read=2, added=2)
    one, two = await stored(database)
    assert one.tags == ("python", "打包")
    assert (two.title, two.tags, two.minutes) == ("42", ("a", "b"), 5)


BAD_LINES = [
    (GOOD.replace("article", "podcast"), "kind", "article, course"),
    (GOOD.replace("Ownership", ""), "title", "must be filled in"),
    (GOOD.replace("https://", "htp://"), "url", "https:// or http://"),
    (GOOD.replace(",20,", ",soon,"), "minutes", "1 to 100,000"),
    (PAID.replace("19900", "199.00"), "price", "such as 4990"),
    (PAID.replace("cny", ""), "currency", "USD or CNY"),
    (GOOD.replace("2018-08-06", "last year"), "published", "2026-03-31"),
    (GOOD.replace("2018-08-06", "2199-01-01"), "published", "still to come"),
    (GOOD.replace("2018-08-06", "2026-03-03T09:00:01"), "published", "still to come"),
    (GOOD + ",extra", "", "13 cells but the header has 12"),
    (GOOD.replace(",20,", f",{'9' * 100_000},"), "minutes", "1 to 100,000"),
    (GOOD.replace(",20,", ",١٢,"), "minutes", "1 to 100,000"),
    (GOOD.replace(",20,", ",1e5,"), "minutes", "1 to 100,000"),
    (PAID.replace("19900", "-1"), "price", "such as 4990"),
    ("article,Short", "", "2 cells"),
]


@pytest.mark.parametrize(("line", "column", "says"), BAD_LINES)
async def test_a_bad_line_is_reported_by_file_line_and_column(
    database: Database, tmp_path: Path, line: str, column: str, says: str
) -> None:
    other = GOOD.replace("ch04", "ch05")
    report = await bring(database, tmp_path / "list.csv", f"{HEADER}\n{line}\n{other}\n")
    (problem,) = report.problems
    assert (problem.file, problem.line, problem.column) == ("list.csv", 2, column)
    assert str(problem).startswith("list.csv, line 2" + (f", {column}: " if column else ": "))
    assert says in str(problem)
    assert problem.sentence(Texts("zh-CN")).startswith("list.csv 第 2 行")
    assert (report.read, report.added) == (2, 1)


async def test_a_line_number_counts_lines_inside_quotes(database: Database, tmp_path: Path) -> None:
    first = GOOD.replace("What owns what", '"What\nowns\nwhat"')
    report = await bring(database, tmp_path / "c.csv", f"{HEADER}\n{first}\n{GOOD}\nx\n")
    assert [(problem.line, problem.column) for problem in report.problems] == [(5, "url"), (6, "")]
    assert "line 2" in str(report.problems[0])
    assert (await stored(database))[0].summary == "What owns what"


async def test_a_day_that_has_begun_elsewhere_is_no_day_to_come(
    database: Database, tmp_path: Path
) -> None:
    report = await bring(
        database, tmp_path / "c.csv", f"{HEADER}\n{GOOD.replace('2018-08-06', '2026-03-03')}\n"
    )
    assert report.added == 1


async def test_a_file_that_is_all_wrong_is_counted_and_its_first_problems_are_told(
    database: Database, tmp_path: Path
) -> None:
    report = await bring(database, tmp_path / "c.csv", f"{HEADER}\n" + "x,y,z\n" * 50)
    assert len(report.problems) == importer.PROBLEMS_HELD < report.n_problems == 50
    assert report.problems[0].line == 2


async def test_strict_writes_nothing_if_any_line_is_bad(database: Database, tmp_path: Path) -> None:
    content = f"{HEADER}\n{GOOD}\n{PAID.replace('19900', 'x')}\n"
    report = await bring(database, tmp_path / "c.csv", content, strict=True)
    assert (report.read, report.added, len(report.problems)) == (2, 0, 1)
    assert await stored(database) == []


BAD_FILES: list[tuple[str, str | bytes, int, str]] = [
    ("c.csv", f"{HEADER},编号\n{PAID},1\n".encode("gb18030"), 1, "save the file as UTF-8"),
    ("c.csv", f"{HEADER}\n{PAID}\n".encode("utf-16")[:-1], 2, "save the file as UTF-8"),
    ("c.csv", "title,url\nx,https://x.org\n", 1, "Missing: kind"),
    ("c.csv", f"{GOOD}\n{PAID}\n", 1, "must name the columns (kind, title, url)"),
    ("c.csv", f"{HEADER},stars\n", 1, "Unknown: stars"),
    ("c.csv", "kind,title,url,kind\n", 1, "Repeated: kind"),
    ("c.csv", f'{HEADER}\n{GOOD}\narticle,"open', 3, "quote"),
    ("c.csv", "", 0, "is empty"),
    ("c.csv", f"{HEADER}\n", 0, "no resource"),
    ("c.json", "[]", 0, "no resource"),
    ("c.json", "{}", 0, "list of objects"),
    ("c.json", "[\n{,}]", 2, "read as JSON"),
    ("c.json", "[" * 100_000, 0, "nested too deeply"),
    ("c.json", "[NaN]", 0, "NaN is no number"),
    ("c.txt", "hello", 0, ".csv, .tsv or .json"),
]


@pytest.mark.parametrize(("name", "content", "line", "says"), BAD_FILES)
async def test_a_file_that_cannot_be_read_gives_one_clear_problem(
    database: Database, tmp_path: Path, name: str, content: str | bytes, line: int, says: str
) -> None:
    report = await bring(database, tmp_path / name, content)
    (problem,) = report.problems
    assert (report.read, report.added, problem.line) == (0, 0, line)
    assert says in str(problem)
    for language in LANGUAGES:
        assert name in problem.sentence(Texts(language))


@pytest.mark.parametrize(
    "content",
    [
        f"sep=;\n{HEADER}\n{GOOD}\n{PAID}\n".replace(";m", " m").replace(";p", " p"),
        f"{HEADER}\n{GOOD}\n{PAID}\n".encode("utf-16"),
        f"{HEADER}\n{GOOD}\n{PAID}\n".encode("utf-16-le"),
        f"\n{HEADER}\n{GOOD}\n{PAID}\n".replace(",", "\t"),
    ],
    ids="sep utf16 utf16le tabs".split(),
)
async def test_any_dialect_is_read(
    database: Database, tmp_path: Path, content: str | bytes
) -> None:
    if isinstance(content, str) and content.startswith("sep"):
        content = content.replace(",", ";")
    report = await bring(database, tmp_path / "c.csv", content)
    assert (report.added, report.problems) == (2, ())
    assert [one.title for one in await stored(database)] == ["Ownership", "数据分析"]


async def test_a_line_in_another_encoding_spoils_itself_only(
    database: Database, tmp_path: Path
) -> None:
    content = f"{HEADER}\n".encode() + f"{PAID}\n".encode("gb18030") + f"{GOOD}\n".encode()
    report = await bring(database, tmp_path / "c.csv", content)
    assert [str(problem) for problem in report.problems] == [
        "c.csv, line 2: This is not UTF-8 text; save the file as UTF-8 and try again."
    ]
    assert report.added == 1


async def test_a_missing_file_is_one_clear_problem(database: Database, tmp_path: Path) -> None:
    report = await import_catalog(
        database, lambda: NOW, tmp_path / "none.csv", guild_id=GUILD, strict=True
    )
    assert str(report.problems[0]).startswith("none.csv: This file cannot be read (No such file")


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (5, "c.json, item 2: This is not an object"),
        ({"kind": "tool", "title": "x", "link": "y"}, "item 2: Unknown: link"),
        ({"kind": "tool", "title": "x"}, "item 2, url: "),
        (
            {"kind": "tool", "title": "x", "url": "https://y.org", "minutes": 10**4000},
            "item 2, minutes: “1000",
        ),
        (
            {"kind": "tool", "title": True, "url": "https://y.org"},
            "item 2, title: This must be text",
        ),
        ({"kind": "tool", "title": "x", "url": "https://y.org", "tags": [1]}, "item 2, tags"),
    ],
)
async def test_a_bad_json_item_is_reported_by_its_number(
    database: Database, tmp_path: Path, item: Any, says: str
) -> None:
    good = {"kind": "tool", "title": "uv", "url": "https://docs.astral.sh/uv"}
    report = await bring(database, tmp_path / "c.json", [good, item])
    assert says in "\n".join(map(str, report.problems))
    assert report.added == 1


async def test_progress_counts_every_line(database: Database, tmp_path: Path) -> None:
    path, told = tmp_path / "c.csv", list[tuple[int, int]]()
    write(path, f"{HEADER}\n{GOOD}\nx\n")
    await import_catalog(
        database,
        lambda: NOW,
        path,
        guild_id=GUILD,
        strict=False,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]


MANY = f"{HEADER}\n" + "".join(
    f"article,Part {n},https://example.org/{n},,rust,en,,,,,,\n"
    for n in range(2 * bringing.WRITTEN_AT_ONCE + 50)
)


async def test_others_write_between_the_portions_of_a_big_file(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "c.csv"
    working = asyncio.create_task(bring(database, path, MANY))
    seen = set[int]()
    while not working.done():
        seen.add(len(await database.write(lambda conn: catalog.live(conn, GUILD))))
        await asyncio.sleep(0)
    n_all = 2 * bringing.WRITTEN_AT_ONCE + 50
    assert (await working).added == n_all
    assert {bringing.WRITTEN_AT_ONCE, 2 * bringing.WRITTEN_AT_ONCE} & seen


async def test_a_stopped_file_is_gone_on_with_by_bringing_it_again(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "c.csv"
    working = asyncio.create_task(bring(database, path, MANY))
    async with asyncio.timeout(patient(60)):
        while not await stored(database):
            pass
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    there = await database.write(lambda conn: catalog.live(conn, GUILD))  # what was under way, too
    n_left = 2 * bringing.WRITTEN_AT_ONCE + 50 - len(there)
    assert n_left > 0
    again = await bring(database, path, MANY)
    assert (again.added, again.changed) == (n_left, 0)


async def test_a_retired_resource_stays_retired(database: Database, tmp_path: Path) -> None:
    await bring(database, tmp_path / "c.csv", f"{HEADER}\n{GOOD}\n")
    (one,) = await stored(database)
    retired = replace(one, state="retired", role_id=5)
    await database.write(lambda conn: catalog.change(conn, retired, rules.url_key(one.url)))
    report = await bring(
        database, tmp_path / "c.csv", f"{HEADER}\n{GOOD.replace(',20,', ',25,')}\n"
    )
    assert report.changed == 1
    async with database.read() as conn:
        known = await catalog.resource(conn, GUILD, one.resource_id)
    assert known is not None and (known.state, known.role_id) == ("retired", 5)


_line = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
_entry = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(rules.KINDS),
        "title": _line.filter(lambda text: any(c.isprintable() and not c.isspace() for c in text)),
        "url": st.integers(0, 10**6).map("https://example.org/{}".format),
        "summary": _line,
        "tags": st.lists(st.text("abcé数据学 ", min_size=1, max_size=20), max_size=10).map(
            ";".join
        ),
        "language": st.sampled_from(["en", "zh", "fr"]),
        "level": st.sampled_from(rules.LEVELS),
        "minutes": st.integers(1, 100_000).map(str),
        "price": st.integers(0, most("CNY")).map(str),
        "currency": st.sampled_from(["USD", "CNY", "JPY"]),
        "creator": _line,
        "published": st.dates().map(str),
    }
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_entry, min_size=1, max_size=5, unique_by=lambda entry: entry["url"]))
def test_what_is_written_as_csv_is_read_back(entries: list[dict[str, str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS[:12])
    writer.writeheader()
    writer.writerows(entries)
    rows = list(importer._csv_rows(file.getvalue().encode()))
    assert [row.cells for row in rows] == entries
    checked, problems, n_problems = importer._checked(
        importer._Read(rows, is_item=False), None, math.inf
    )
    assert problems == [] and n_problems == 0 and len(checked) == len(entries)
    for entry, found in zip(entries, checked, strict=True):
        described = bringing._new(GUILD, found.values, 0.0)
        assert described.title == " ".join(entry["title"].split())
        assert described.minutes == int(entry["minutes"])
        assert described.price_minor == int(entry["price"])

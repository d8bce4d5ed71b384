import gzip
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.activity.history import ImportReport, import_interactions
from bot.activity.interactions import Preset, Problem, read_rows
from bot.catalog.rules import url_key
from bot.errors import StartError
from storage import catalog, members
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind, Resource
from storage.schema import events as table
from storage.schema import ledger

GUILD = 5
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEADER = "timestamp,kind,resource,member,title,url"
DESKDROP = Path(__file__).parents[3] / "shared/data/deskdrop/users_interactions.csv.zip"


def written(path: Path, *lines: str, header: str = HEADER) -> Path:
    path.write_text("\n".join((header, *lines)) + "\n", "utf-8")
    return path


async def imported(
    database: Database,
    path: Path,
    preset: Preset = "generic",
    *,
    with_consent: bool = False,
    strict: bool = False,
) -> ImportReport:
    return await import_interactions(
        database,
        lambda: NOW,
        path,
        guild_id=GUILD,
        preset=preset,
        with_consent=with_consent,
        strict=strict,
    )


async def stored(database: Database) -> list[Event]:
    names = [column for column in table.c if column.name in Event.__slots__]
    async with database.read() as conn:
        rows = await conn.execute(select(*names).order_by(table.c.event_id))
        return [Event(**row._mapping) for row in rows]


async def test_a_generic_file_becomes_events_and_resources(
    database: Database, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "past.csv",
        "1700000000,open,https://example.org/ada/,123456789012345678,Ada,",
        "2023-11-14T22:13:30Z,LIKE,book-7,mei,深度学习,https://example.org/book",
        '1700000020,dismiss,book-7,mei,"A title, with a comma",',
    )
    report = await imported(database, path)
    assert (report.read, report.imported, report.resources_made, report.members_seen) == (
        (3, 3, 2, 2)
    )
    first, second, third = await stored(database)
    assert (first.kind, first.user_id) == (EventKind.OPEN, 123456789012345678)
    assert (second.kind, second.occurred_at) == (EventKind.REACTION, 1700000010.0)
    assert third.kind == EventKind.DISMISS
    assert second.user_id == third.user_id > 0
    assert second.resource_id == third.resource_id != first.resource_id
    async with database.read() as conn:
        book = await catalog.by_url_key(conn, GUILD, url_key("https://example.org/book"))
        recorded = (await conn.execute(select(table.c.recorded_at).distinct())).scalars().all()
    assert book is not None
    assert (book.title, book.published_at) == ("深度学习", 1700000010.0)
    assert recorded == [NOW.timestamp()]


async def test_resources_of_the_catalogue_are_found_by_number_and_by_address(
    database: Database, tmp_path: Path
) -> None:
    address = "https://example.org/ada"
    number = await database.write(
        lambda conn: catalog.add(
            conn,
            Resource(guild_id=GUILD, kind="article", title="Ada", url=address),
            url_key(address),
        )
    )
    path = written(
        tmp_path / "past.csv",
        f"1700000000,open,{number},1,,",
        "1700000001,open,HTTPS://EXAMPLE.org/ada/?utm_source=x,1,,",
        "1700000002,open,99999,1,,",
    )
    report = await imported(database, path)
    assert report.resources_made == 1
    found = [event.resource_id for event in await stored(database)]
    assert found[0] == found[1] == number != found[2]


async def test_importing_twice_adds_nothing_yet_equal_lines_are_all_kept(
    database: Database, tmp_path: Path
) -> None:
    path = written(tmp_path / "past.csv", *["1700000000,open,a,b,,"] * 3)
    first, second = await imported(database, path), await imported(database, path)
    assert (first.imported, first.already_there) == (3, 0)
    assert (second.imported, second.already_there, second.resources_made) == (0, 3, 0)
    assert [event.qualifier for event in await stored(database)] == [0, 1, 2]


BAD = (
    ("yesterday,open,a,b,,", "1 (timestamp)", "ISO 8601"),
    ("nan,open,a,b,,", "1 (timestamp)", "ISO 8601"),
    ("1700000000000,open,a,b,,", "1 (timestamp)", "unix seconds"),
    ("2026-04-01,open,a,b,,", "1 (timestamp)", "until now"),
    ("1700000000,opened,a,b,,", "2 (kind)", "open, like, save, comment, follow, dismiss"),
    ("1700000000,open, ,b,,", "3 (resource)", "a web address, a number or a name"),
    ("1700000000,open,ftp://a,b,,", "3 (resource)", "http or https"),
    ("1700000000,open,a,,,", "4 (member)", "a Discord user id or a name"),
    ("1700000000,open,a,b,,javascript:alert(1)", "6 (url)", "http or https"),
    ("1700000000,open,a", "", "3 cells but the header has 6"),
    ("1700000000,open,a,b,,,", "", "7 cells but the header has 6"),
    ('1700000000,open,"a"x,b,,', "", "can't be read as CSV"),
    ("1.7E+09,open,a,b,,", "1 (timestamp)", "unix seconds or ISO 8601"),
    ("1700000000,open,1.23457E+17,b,,", "3 (resource)", "rounded by a spreadsheet"),
    (f"1700000000,open,{'数' * 100},b,,", "3 (resource)", "a shorter name"),
    ("1700000000,open,a,1.23457E+17,,", "4 (member)", "was rounded by a spreadsheet"),
    ("1700000000,open,a,123456789012345678.0,,", "4 (member)", "was rounded by a spreadsheet"),
    ("1700000000,open,a,0,,", "4 (member)", "another number"),
    ("1700000000,open,a,-5,,", "4 (member)", "another number"),
    ("1700000000,open,a,1e5000,,", "4 (member)", "rounded"),
    ("1700000000,open,a,12.5,,", "4 (member)", "another number"),
    ("1700000000,open,a,١٢,,", "4 (member)", "another number"),
    (f"1700000000,open,a,{2**63},,", "4 (member)", "another number"),
    (f"1700000000,open,a,<@{2**64}>,,", "4 (member)", "another number"),
    (f"1700000000,open,a,{'9' * 100_000},,", "4 (member)", "another number"),
)


@pytest.mark.parametrize(("line", "column", "accepted"), BAD)
async def test_a_bad_line_names_file_line_column_and_what_is_accepted(
    database: Database, tmp_path: Path, line: str, column: str, accepted: str
) -> None:
    path = written(tmp_path / "past.csv", "1700000000,open,a,b,,", line, "1700000001,save,a,b,,")
    report = await imported(database, path)
    (problem,) = report.problems
    assert (problem.file, problem.line, problem.column) == ("past.csv", 3, column)
    assert accepted in problem.accepted
    where = f", column {column}" if column else ""
    assert str(problem).startswith(f"past.csv, line 3{where}: ")
    assert report.imported == 2


async def test_bytes_that_are_no_text_spoil_their_line_only(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "past.csv"
    path.write_bytes(
        b"\xef\xbb\xbftimestamp,kind,resource,member\n"
        b"1700000000,open,caf\xe9,b\n"
        b"1700000000,open,\xe4\xbd\xa0\xe5\xa5\xbd,b\n"
    )
    report = await imported(database, path)
    assert report.imported == 1
    assert [str(problem) for problem in report.problems] == [
        "past.csv, line 2: This is not UTF-8 text; save the file as UTF-8 and try again."
    ]


async def test_a_member_is_one_however_the_id_is_kept_as_text(
    database: Database, tmp_path: Path
) -> None:
    people = ["123456789012345678", "<@123456789012345678>", "'123456789012345678"]
    lines = [f"170000000{n},save,a,{who},," for n, who in enumerate(people)]
    assert (await imported(database, written(tmp_path / "past.csv", *lines))).imported == 3
    assert {event.user_id for event in await stored(database)} == {123456789012345678}


async def _described(database: Database, *titles: str) -> list[int]:
    async def job(conn: Connection) -> list[int]:
        return [
            await catalog.add(
                conn,
                Resource(guild_id=GUILD, kind="article", title=title, url=address),
                url_key(address),
            )
            for title in titles
            for address in [f"https://example.org/{title.lower()}"]
        ]

    return await database.write(job)


@pytest.mark.parametrize("says", ["{title},https://example.org/{name}", "{title},"])
async def test_a_files_own_numbers_are_not_taken_for_the_catalogues(
    database: Database, tmp_path: Path, says: str
) -> None:
    known = await _described(database, "Rust", "Go")
    assert known == [1, 2]
    lines = [
        f"1700000000,save,{number},77,{says.format(title=title, name=title.lower())}"
        for number, title in enumerate(["Sourdough", "Go", "Knots"], 1)
    ]
    path = written(tmp_path / "past.csv", *lines, "1700000009,open,1,77,,")
    report = await imported(database, path)
    assert any("numbers of resources in it are its own" in line for line in report.summary())
    first, second, third, again = (event.resource_id for event in await stored(database))
    assert first == again not in known
    assert third not in known
    assert (second == 2) == says.endswith("{name}")  # by its address, and never by its number
    more = written(tmp_path / "more.csv", "1700000010,open,1,77,Sourdough,", *lines)
    assert (await imported(database, more)).imported == 1
    assert (await stored(database))[-1].resource_id == first


async def test_numbers_are_the_catalogues_where_titles_and_addresses_agree(
    database: Database, tmp_path: Path
) -> None:
    await _described(database, "Rust", "Go")
    path = written(
        tmp_path / "past.csv",
        "1700000000,save,1,77,rust ,",
        "1700000000,save,2,77,An old title,HTTPS://example.org/go/",
    )
    report = await imported(database, path)
    assert (report.resources_made, report.numbers_are_own) == (0, False)
    assert [event.resource_id for event in await stored(database)] == [1, 2]


async def test_one_name_for_two_pages_is_refused_by_line(
    database: Database, tmp_path: Path
) -> None:
    lines = [f"1700000000,save,1,77,,https://example.org/{page}" for page in ("a", "b", "a/")]
    report = await imported(database, written(tmp_path / "past.csv", *lines))
    assert [str(problem) for problem in report.problems] == [
        "past.csv, line 3, column 6 (url): the resource '1' is https://example.org/a above"
    ]


async def test_strict_takes_all_lines_or_none(database: Database, tmp_path: Path) -> None:
    path = written(tmp_path / "past.csv", "1700000000,open,a,b,,", "1700000000,nap,a,b,,")
    report = await imported(database, path, strict=True)
    assert report.is_refused
    assert "Nothing was imported" in report.summary()[-1]
    assert await stored(database) == []
    async with database.read() as conn:
        assert await catalog.live(conn, GUILD) == []


async def test_only_the_first_problems_are_shown_but_all_are_counted(
    database: Database, tmp_path: Path
) -> None:
    report = await imported(database, written(tmp_path / "past.csv", *["nonsense"] * 50))
    assert (len(report.problems), report.n_problems) == (20, 50)
    assert "… and 30 more refused lines." in report.summary()


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".zip"])
def test_packed_files_read_as_plain_ones_do(tmp_path: Path, suffix: str) -> None:
    content = f"{HEADER}\n1700000000,open,a,b,,\n".encode()
    path = tmp_path / f"past{suffix}"
    if suffix == ".csv":
        path.write_bytes(content)
    elif suffix == ".csv.gz":
        path.write_bytes(gzip.compress(content))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("past.csv", content)
            archive.writestr("__MACOSX/._past.csv", b"noise")
    (row,) = read_rows(path, "generic")
    assert not isinstance(row, Problem)
    assert (row.line, row.kind, row.resource) == (2, EventKind.OPEN, "a")


def _two_tables(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("absent.csv", lambda path: None, "cannot be read"),
        ("table.xlsx", lambda path: path.write_bytes(b"x"), "must be a .csv, a .csv.gz or a .zip"),
        ("broken.csv.gz", lambda path: path.write_bytes(b"no gzip"), "cannot be read"),
        ("broken.zip", lambda path: path.write_bytes(b"no zip"), "cannot be read"),
        ("two.zip", _two_tables, "exactly one .csv, not 2"),
        ("empty.csv", lambda path: path.write_bytes(b""), "is empty"),
        (
            "other.csv",
            lambda path: path.write_text("kind,member\n"),
            "Missing: timestamp, resource",
        ),
        ("none.csv", lambda path: path.write_text("1,open,a,b\n"), "must name the columns"),
        ("quote.csv", lambda path: path.write_text(f'{HEADER}\n"1'), "line 2: A quote that opens"),
        (
            "rounded.csv",
            lambda path: path.write_text(f"{HEADER}\n1700000000,open,a,123456789012345000,,\n"),
            "column member: The ID 123456789012345000 ends in zeros",
        ),
    ],
)
async def test_a_file_that_cannot_be_used_is_refused_in_one_line(
    database: Database, tmp_path: Path, name: str, make: object, reason: str
) -> None:
    path = tmp_path / name
    assert callable(make)
    make(path)
    with pytest.raises(StartError) as refused:
        await imported(database, path)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_without_the_flag_nobodys_consent_is_assumed(
    database: Database, tmp_path: Path
) -> None:
    path = written(tmp_path / "past.csv", "1700000000,open,a,77,,")
    report = await imported(database, path)
    said = "These events train nothing unless their members agree, earlier ones included."
    assert said in report.summary()
    async with database.read() as conn:
        assert (await members.member(conn, GUILD, 77)).consent == "unknown"


async def test_the_flag_grants_for_the_unasked_and_overrides_no_answer(
    database: Database, tmp_path: Path
) -> None:
    async def answers(conn: object) -> None:
        await members.change_member(conn, GUILD, 78, 1.0, consent="declined")  # type: ignore[arg-type]
        await members.change_member(conn, GUILD, 79, 1.0, is_tracked=False)  # type: ignore[arg-type]

    await database.write(answers)
    lines = [f"1700000000,open,a,{member},," for member in (77, 78, 79)]
    report = await imported(database, written(tmp_path / "past.csv", *lines), with_consent=True)
    assert (report.imported, report.untracked) == (2, 1)
    assert any("not tracked" in line for line in report.summary())
    async with database.read() as conn:
        found = [(await members.member(conn, GUILD, user)).consent for user in (77, 78, 79)]
    assert found == ["granted", "declined", "unknown"]
    assert {event.user_id for event in await stored(database)} == {77, 78}


async def test_deskdrop_ids_are_folded_into_63_bits(database: Database, tmp_path: Path) -> None:
    header = "timestamp,eventType,contentId,personId,sessionId,userAgent,userRegion,userCountry"
    path = written(
        tmp_path / "users_interactions.csv",
        "1465413032,VIEW,-3499919498720038879,-8845298781299428018,1,,,",
        "1465413046,COMMENT CREATED,310515487419366995,-1130272294246983140,1,,,",
        "1465413046,WATCH,310515487419366995,12.5,1,,,",
        "1465413046,LIKE,310515487419366995,12.5,1,,,",
        header=header,
    )
    report = await imported(database, path, "deskdrop")
    first, second = await stored(database)
    assert first.user_id == -8845298781299428018 & (2**63 - 1)
    assert [first.kind, second.kind] == [EventKind.OPEN, EventKind.COMMENT]
    assert [problem.column for problem in report.problems] == ["2 (eventType)", "4 (personId)"]
    async with database.read() as conn:
        assert (await members.member(conn, GUILD, first.user_id)).consent == "granted"


@pytest.mark.slow
@pytest.mark.skipif(
    not DESKDROP.exists(), reason="the Deskdrop data set does not lie beside the repository"
)
async def test_all_of_deskdrop_comes_in_once_and_earns_nothing(database: Database) -> None:
    steps: list[tuple[int, int]] = []
    report = await import_interactions(
        database,
        lambda: NOW,
        DESKDROP,
        guild_id=GUILD,
        preset="deskdrop",
        strict=True,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert (report.read, report.imported, report.n_problems) == (72_312, 72_312, 0)
    assert (report.resources_made, report.members_seen) == (2_987, 1_895)
    assert (steps[0], steps[-1]) == ((0, 72_312), (72_312, 72_312))
    assert steps == sorted(steps)
    again = await imported(database, DESKDROP, "deskdrop")
    assert (again.imported, again.already_there, again.resources_made) == (0, 72_312, 0)
    kinds = Counter(event.kind for event in await stored(database))
    assert kinds == {
        EventKind.OPEN: 61_086,
        EventKind.REACTION: 5_745,
        EventKind.SAVE: 2_463,
        EventKind.COMMENT: 1_611,
        EventKind.FOLLOW: 1_407,
    }
    async with database.read() as conn:
        assert (await conn.execute(select(ledger.c.entry_id))).first() is None

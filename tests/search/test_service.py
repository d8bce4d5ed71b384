import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.search import building
from bot.search.index import Index
from bot.search.service import Asked, SearchService
from storage import catalog, events
from storage.connection import Connection
from storage.database import Database, open_database
from storage.records import Event, EventKind, Filters, Resource
from tests.beginnings import begin

GUILD, OTHER = 5, 6
WORDS = ("Rust", "索引 优化", "don't panic", "C++ và Ω", "x" * 90, "机器学习入门")


def resource(title: str, guild_id: int = GUILD, **fields: object) -> Resource:
    values: dict[str, object] = {"kind": "article", "url": f"https://example.org/{title}"}
    return Resource(guild_id=guild_id, title=title, **(values | fields))  # type: ignore[arg-type]


async def add(database: Database, *new: Resource) -> list[int]:
    async def job(conn: Connection) -> list[int]:
        return [await catalog.add(conn, one) for one in new]

    return await database.write(job)


async def titles(database: Database, service: SearchService, text: str, **how: object) -> list[str]:
    async with database.read() as conn:
        asked = Asked(guild_id=GUILD, text=text, **how)  # type: ignore[arg-type]
        found = await service.resources(conn, asked, 1e9)
    return [one.title for one in found.resources]


@pytest.fixture
async def database(tmp_path: Path):  # type: ignore[no-untyped-def]
    async with open_database(begin(tmp_path / "db.sqlite3")) as opened:
        yield opened


async def test_every_change_is_found_at_once(database: Database) -> None:
    service = SearchService()
    (first, _) = await add(database, resource("Rust"), resource("Rust there", OTHER))
    assert await titles(database, service, "rust") == ["Rust"]
    await add(database, resource("Rust again"))
    assert await titles(database, service, "rust") == ["Rust", "Rust again"]
    renamed = resource("Go", url="https://example.org/go", resource_id=first)
    await database.write(lambda conn: catalog.change(conn, renamed))
    assert await titles(database, service, "rust") == ["Rust again"]
    assert await titles(database, service, "go") == ["Go"]


async def test_whoever_writes_to_the_file_is_noticed(database: Database) -> None:
    service = SearchService()
    await add(database, resource("Rust"))
    assert await titles(database, service, "rust") == ["Rust"]
    async with open_database(database.path) as another:
        await add(another, resource("Rust from elsewhere"))
    assert len(await titles(database, service, "rust")) == 2


async def test_many_changes_build_the_index_again(database: Database) -> None:
    service = SearchService(recent_max=3)
    for n in range(9):
        await add(database, resource(f"Rust {n}"))
        assert len(await titles(database, service, "rust")) == n + 1


async def test_what_asks_for_a_role_is_found_by_those_who_have_it(database: Database) -> None:
    service = SearchService()
    await add(database, resource("Rust for all"), resource("Rust for some", role_id=9))
    await add(database, resource("Rust gone", state="retired"))
    assert await titles(database, service, "rust", role_ids=()) == ["Rust for all"]
    assert len(await titles(database, service, "rust", role_ids=(9,))) == 2
    assert len(await titles(database, service, "rust", states=("live", "retired"))) == 3


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(kind="course"), ["Rust course"]),
        (Filters(level="advanced"), ["Rust course"]),
        (Filters(language="zh"), ["Rust course"]),
        (Filters(minutes_max=30), ["Rust article"]),
        (Filters(is_free=True), ["Rust article"]),
        (Filters(is_free=False), ["Rust course"]),
        (Filters(kind="course", is_free=True), []),
    ],
)
async def test_filters_find_what_is_known_to_be_so(
    database: Database, filters: Filters, expected: list[str]
) -> None:
    service = SearchService()
    await add(
        database,
        resource("Rust article", minutes=30, is_free=True),
        resource(
            "Rust course",
            kind="course",
            level="advanced",
            language="zh-CN",
            minutes=31,
            price_minor=100,
            currency="USD",
        ),
        resource("Rust tool", kind="tool"),
    )
    assert await titles(database, service, "rust", filters=filters) == expected
    assert await titles(database, service, "", filters=filters) == expected


async def test_many_who_ask_at_once_share_one_index(database: Database) -> None:
    service = SearchService()
    await add(database, resource("Rust"))

    async def ask() -> Index:
        async with database.read() as conn:
            return await service.index(conn, GUILD)

    first, *others = await asyncio.gather(*(ask() for _ in range(4)))
    assert all(other is first for other in others)


async def test_indexes_of_servers_that_nobody_asks_are_forgotten(database: Database) -> None:
    service = SearchService(kept_max=2)
    async with database.read() as conn:
        first = await service.index(conn, 1)
        for guild_id in (2, 3):
            assert await service.index(conn, guild_id) is await service.index(conn, guild_id)
        assert await service.index(conn, 1) is not first


async def test_of_what_fits_as_well_a_member_sees_first_what_suits_them(
    database: Database,
) -> None:
    service = SearchService()
    await add(
        database,
        resource("Rust", language="en", url="https://a.example"),
        resource("Rust 语言圣经", language="zh-CN"),
        resource("Rust by example", language="en"),
        resource("Ownership", language="en", tags=("rust",)),
        resource("所有权", language="zh-CN", tags=("rust",)),
    )
    english = await titles(database, service, "rust", language="en")
    chinese = await titles(database, service, "rust", language="zh-CN")
    assert english == ["Rust", "Rust by example", "Rust 语言圣经", "Ownership", "所有权"]
    assert chinese == ["Rust", "Rust 语言圣经", "Rust by example", "所有权", "Ownership"]


async def test_what_a_member_turned_to_counts_and_what_they_took_back_does_not(
    database: Database,
) -> None:
    service = SearchService()
    first, *_ = await add(
        database,
        resource("Rust one", tags=("web",)),
        resource("Rust two", tags=("games",)),
        resource("Liked", tags=("games",)),
    )
    assert (await titles(database, service, "rust", user_id=7))[0] == "Rust two"
    web = Event(
        guild_id=GUILD,
        source_id=1,
        kind=EventKind.SAVE,
        user_id=7,
        occurred_at=1.0,
        resource_id=first,
    )
    await database.write(lambda conn: events.append(conn, web, 1.0))
    assert (await titles(database, service, "rust", user_id=7))[0] == "Rust one"
    back = replace(web, kind=EventKind.UNSAVE, source_id=2, occurred_at=2.0)
    await database.write(lambda conn: events.append(conn, back, 2.0))
    assert (await titles(database, service, "rust", user_id=7))[0] == "Rust two"
    assert (await titles(database, service, "rust", user_id=8))[0] == "Rust two"


async def test_words_to_try_give_away_nothing_that_may_not_be_shown(database: Database) -> None:
    service = SearchService()
    await add(database, resource("Kubernetes"), resource("Kubernates", role_id=9))
    await add(database, resource("Kubernites", state="retired"))

    async def nearest(*role_ids: int) -> list[str]:
        asked = Asked(guild_id=GUILD, text="kubernutes", role_ids=role_ids)
        async with database.read() as conn:
            return await service.nearest(conn, asked, 3, 1e9)

    assert await nearest() == ["kubernetes"]
    assert await nearest(9) == ["kubernates", "kubernetes"]


async def test_what_follows_where_few_fit_is_in_the_language_of_who_asks(
    database: Database,
) -> None:
    service = SearchService()
    await add(database, resource("Pods deployed", tags=("kubernetes",)))
    for n in range(12):
        await add(database, resource(f"Pods {n}", language="en", tags=("kubernetes",)))
    for n in range(12):
        await add(database, resource(f"容器组 {n}", language="zh-CN", tags=("kubernetes",)))
    found = await titles(database, service, "deployed k8s", language="en")
    assert len(found) == 10
    assert all("Pods" in title for title in found)
    assert (
        sum(
            "Pods" in title
            for title in await titles(database, service, "部署 k8s", language="zh-CN")
        )
        == 1
    )


# --------------------------------------------------------------- built beside the bot


async def whole(database: Database, service: SearchService) -> Index:
    async with database.read() as conn:
        return await service.index(conn, GUILD)


async def is_ready(database: Database, service: SearchService) -> bool:
    async with database.read() as conn:
        return await service.is_ready(conn, GUILD)


async def test_an_index_from_a_process_of_its_own_is_the_same_to_the_last_bit(
    database: Database,
) -> None:
    await add(database, *(resource(f"{one} {n}", tags=("sql", one)) for n, one in enumerate(WORDS)))
    await add(database, resource("Rust there", OTHER))
    apart, here = SearchService(database=database, large=3), SearchService()
    (made,) = (await whole(database, apart)).segments
    (ours,) = (await whole(database, here)).segments
    for name in ("ids", "bounds", "docs", "weights"):
        mine, its = getattr(ours, name), getattr(made, name)
        assert its.dtype == mine.dtype and np.array_equal(its, mine), name
    assert (made.titles, made.rows, made._sorted, made._pairs) == (
        ours.titles,
        ours.rows,
        ours._sorted,
        ours._pairs,
    )
    assert made.vocabulary == ours.vocabulary
    await add(database, resource("Rust after all"))
    assert "Rust after all" in await titles(database, apart, "rust")


async def test_a_large_index_is_ready_once_it_was_prepared_and_until_it_is_outgrown(
    database: Database,
) -> None:
    service = SearchService(database=database, large=3, recent_max=2)
    assert await is_ready(database, service)  # nothing is there: it is small
    await add(database, *(resource(f"Rust {n}") for n in range(4)))
    assert not await is_ready(database, service)
    await service.prepare(datetime.now(UTC))
    assert await is_ready(database, service)
    await add(database, resource("Rust 5"), resource("Rust 6"))
    assert await is_ready(database, service)
    await add(database, resource("Rust 7"))
    assert not await is_ready(database, service)
    await service.prepare(datetime.now(UTC))
    assert await is_ready(database, service)
    assert len(await titles(database, service, "rust")) == 7


async def test_a_process_that_dies_or_cannot_start_is_done_without(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(database, *(resource(f"Rust {n}") for n in range(4)))
    half = "import sys; sys.stdout.buffer.write(b'\\x00\\x09\\0\\0\\0short'); sys.exit(3)"
    for code in ("import os; os.kill(os.getpid(), 9)", "", half):
        monkeypatch.setattr(building, "_COMMAND", (sys.executable, "-c", code))
        service = SearchService(database=database, large=3)
        assert len(await titles(database, service, "rust")) == 4

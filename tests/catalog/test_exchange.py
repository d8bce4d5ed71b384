"""The catalogue as a file, and back; and other programs' files."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.catalog.exporter import FORMS, Form, export_catalog
from bot.catalog.importer import import_catalog
from storage import catalog, prerequisites
from storage.connection import Connection
from storage.database import Database
from storage.records import Prerequisite, Resource
from tests.discord_sim import World, texts_of

HERE, THERE = 1, 2
NOW = datetime(2026, 4, 1, tzinfo=UTC)
ODD = ("=1+1", "'=quoted", "-", "@x", "Ünï “图” \u202e", '"quote", comma; tab', "''")


def resources() -> list[Resource]:
    blank = Resource(
        guild_id=HERE,
        kind="course",
        title="Graphs",
        url="https://a.example/1",
        summary="About <b>graphs</b>",
        tags=("graphs", "图论"),
        language="en",
        level="advanced",
        minutes=90,
        price_minor=4_990,
        currency="USD",
        creator="Ada",
        creator_id=2**60,
        role_id=2**60 + 1,
        published_at=1_700_000_000.25,
        is_gem=True,
    )
    free = replace(blank, url="https://a.example/2", price_minor=0, currency=None, is_free=True)
    bare = Resource(guild_id=HERE, kind="tool", title="学习", url="https://a.example/3")
    odd = [
        replace(
            bare,
            title=title if title.strip("-' ") else f"{title}x",
            summary=title.strip("-"),
            url=url,
        )
        for title, url in ((one, f"https://odd.example/{n}") for n, one in enumerate(ODD))
    ]
    return [blank, free, bare, *odd]


async def stored(database: Database, guild_id: int) -> list[Resource]:
    async with database.read() as conn:
        found = await catalog.keyed(conn, guild_id)
    urls = {one.resource_id: one.url for one in found.values()}
    return [
        replace(
            one,
            guild_id=0,
            resource_id=0,
            created_at=0,
            updated_at=0,
            edition_of=len(urls.get(one.edition_of or 0, "")) or None,
            moved_to=len(urls.get(one.moved_to or 0, "")) or None,
        )
        for _, one in sorted(found.items())
    ]


async def ordered(database: Database, guild_id: int) -> list[tuple[str, str]]:
    async with database.read() as conn:
        known = {one.resource_id: one.url for one in (await catalog.keyed(conn, guild_id)).values()}
        needs = await prerequisites.said(conn, guild_id)
    return sorted((known[n], known[each]) for n, first in needs.items() for each in first)


@pytest.mark.parametrize("form", FORMS)
async def test_the_whole_catalogue_comes_back_without_loss(
    database: Database, tmp_path: Path, form: Form
) -> None:
    async def job(conn: Connection) -> None:
        ids = [await catalog.add(conn, one) for one in resources()]
        known = await catalog.by_ids(conn, HERE, ids)
        await catalog.change(conn, replace(known[ids[1]], edition_of=ids[0]))
        gone = replace(known[ids[2]], state="retired", moved_to=ids[0], is_merged=True)
        await catalog.change(conn, gone)
        for first, then in ((ids[0], ids[1]), (ids[3], ids[1]), (ids[1], ids[4])):
            said = Prerequisite(
                guild_id=HERE, resource_id=then, needs_id=first, added_by=7, created_at=1
            )
            await prerequisites.add(conn, said)

    await database.write(job)
    content, n = await export_catalog(database, HERE, form)
    path = tmp_path / f"c.{form}"
    path.write_bytes(content)
    report = await import_catalog(database, lambda: NOW, path, guild_id=THERE, strict=True)
    assert (report.problems, report.added, n) == ((), n, len(resources()))
    assert await stored(database, THERE) == await stored(database, HERE)
    assert await ordered(database, THERE) == await ordered(database, HERE) != []
    again = await import_catalog(database, lambda: NOW, path, guild_id=THERE, strict=True)
    assert (again.added, again.changed, again.unchanged) == (0, 0, n)
    if form == "csv":
        lines = content.decode("utf-8-sig").splitlines()
        cells = [cell for line in lines for cell in line.split(",")]
        assert not [cell for cell in cells if cell.strip('" ').startswith(("=", "+", "-", "@"))]


FOREIGN: dict[str, tuple[str, dict[str, Any]]] = {
    "bookmarks.html": (
        '<!DOCTYPE NETSCAPE-Bookmark-file-1><META CHARSET="UTF-8"><DL><DT><H3>图论</H3><DL><p>'
        '<DT><A HREF="https://x.example/a" ADD_DATE="1700000000" TAGS="graphs,data">A &amp; B</A>'
        '<DT><A HREF="javascript:alert(1)">no</A></DL></DL>',
        {"title": "A & B", "tags": ("graphs", "data", "图论"), "published_at": 1_699_920_000.0},
    ),
    "pocket.csv": (
        "title,url,time_added,tags,status\nOne,https://x.example/a,1700000000,a|b,unread\n",
        {"title": "One", "tags": ("a", "b")},
    ),
    "raindrop.csv": (
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n"
        "1,One,,About it,https://youtu.be/abcdefgh,Unsorted,"
        '"a, b",2024-01-02T03:04:05.000Z,,,false\n',
        {"kind": "video", "summary": "About it", "tags": ("a", "b")},
    ),
    "instapaper.csv": (
        "URL,Title,Selection,Folder,Timestamp\nhttps://x.example/a,One,,Reading,1700000000\n",
        {"title": "One", "tags": ("reading",)},
    ),
    "zotero.csv": (
        '"Key","Item Type","Publication Year","Author","Title","DOI","Url","Abstract Note","Date",'
        '"Language","Manual Tags","Automatic Tags"\n'
        '"K","book","2020","Lovelace, Ada; Li, Bo","Graphs","10.1/x","","About","2020-05-06",'
        '"en","g","h"\n',
        {"kind": "ebook", "creator": "Ada Lovelace & Bo Li", "url": "https://doi.org/10.1/x"},
    ),
    "refs.bib": (
        '@comment{x} @article{k, title = {{G}raphs \\& {\\"o}ther $x$}, author={Lovelace, Ada and'
        ' Bo Li}, year = 2020, month = may, url = "https://x.example/a", keywords={g; h}}',
        {"title": "Graphs & öther $x$", "creator": "Ada Lovelace & Bo Li", "tags": ("g", "h")},
    ),
    "feeds.opml": (
        '<opml><body><outline text="One" htmlUrl="https://x.example/a" category="/t/graphs"/>'
        "</body></opml>",
        {"title": "One", "tags": ("graphs",)},
    ),
}


@pytest.mark.parametrize("name", sorted(FOREIGN))
async def test_other_programs_files_are_read(database: Database, tmp_path: Path, name: str) -> None:
    content, wanted = FOREIGN[name]
    path = tmp_path / name
    path.write_text(content, "utf-8")
    report = await import_catalog(database, lambda: NOW, path, guild_id=HERE, strict=True)
    assert (report.problems, report.added) == ((), 1)
    async with database.read() as conn:
        (found,) = await catalog.live(conn, HERE)
    assert {key: getattr(found, key) for key in wanted} == wanted
    mine = replace(found, title="Mine", minutes=5)
    await database.write(lambda conn: catalog.change(conn, mine))
    again = await import_catalog(database, lambda: NOW, path, guild_id=HERE, strict=True)
    assert (again.added, again.changed) == (0, 0)


@pytest.mark.parametrize("name", ["x.html", "x.bib", "x.opml", "x.xml"])
@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"{{{{", b"<" * 9_999, b"@a{" * 999])
async def test_what_holds_no_links_is_refused_in_one_sentence(
    database: Database, tmp_path: Path, name: str, body: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    report = await import_catalog(database, lambda: NOW, path, guild_id=HERE, strict=False)
    assert report.added == 0 and report.n_problems > 0


async def test_moderators_take_the_catalogue_out_and_in(world: World) -> None:
    body = b"kind,title,url\ntool,One,https://x.example/1\ntool,,https://x.example/2\n"
    done = await world.moderator.slash(world.channel, "resource import", file=("mine.csv", body))
    said = texts_of(done.response)
    assert "2 lines read: 1 added" in said and "line 3" in said
    out = await world.moderator.slash(world.channel, "resource export", form="json")
    assert "One resource" in texts_of(out.response)

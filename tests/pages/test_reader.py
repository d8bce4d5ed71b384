"""The reading process: no page stops it, and none reaches further than its own fork."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from bot.errors import UserError
from bot.pages.fetch import Answer
from bot.pages.reader import Reader
from bot.pages.service import PagesService
from tests.pages.hostile import Hostile, hostile_server
from tests.patience import patient

URL = "https://site.example/a"


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    opened = Reader()
    yield opened
    await opened.close()


def answer(body: bytes) -> Answer:
    return Answer(url=URL, content_type="text/html", charset="", language="", body=body)


HONEST = answer(b"<html><head><title>Graphs</title></head></html>")
KILLERS = {
    "nested": b"<title>t</title>" + b"<div>" * 200_000,
    "nested tables": b"<table><tr><td>" * 60_000,
    "attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(120_000)) + b">",
    "formatting": b"<b><i><a href=x><font><u>" * 40_000 + b"<p>" * 1_000,
    "entities": b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + b"&b;" * 99,
    "zeros": b"\0" * 1_000_000,
    "one word": b"<title>" + b"a" * 1_000_000,
    "brackets": b"<" * 1_000_000,
    "dates": b"<span class=date>2024-</span>" * 30_000,
    "headings": b"<h1>" + b"a | " * 200_000,
}


@pytest.mark.parametrize("name", sorted(KILLERS))
async def test_no_page_stops_the_reader(reader: Reader, name: str) -> None:
    try:
        await reader.read(answer(KILLERS[name]))
    except UserError as error:
        assert error.key == "error-pages-unreadable"
    assert (await reader.read(HONEST)).title == "Graphs"


async def test_many_pages_are_read_by_one_process(reader: Reader) -> None:
    pages = await asyncio.gather(*(reader.read(HONEST) for _ in range(5)))
    assert {page.title for page in pages} == {"Graphs"}


async def test_a_process_that_was_killed_is_begun_again(reader: Reader) -> None:
    await reader.read(HONEST)
    assert reader._process is not None
    reader._process.kill()
    with pytest.raises(UserError):
        await reader.read(HONEST)
    assert (await reader.read(HONEST)).title == "Graphs"


async def test_it_ends_where_nothing_is_to_be_read(reader: Reader) -> None:
    reader = Reader(idle_s=0.05)
    await reader.read(HONEST)
    process = reader._process
    assert process is not None
    assert await asyncio.wait_for(process.wait(), patient(5)) == 0
    assert (await reader.read(HONEST)).title == "Graphs"
    await reader.close()


async def test_it_knows_nothing_of_the_bot(reader: Reader) -> None:
    await reader.read(HONEST)
    assert reader._process is not None
    with open(f"/proc/{reader._process.pid}/environ", "rb") as file:  # noqa: ASYNC230
        known = {each.split(b"=")[0] for each in file.read().split(b"\0") if each}
    assert known <= {b"PYTHONPATH", b"LC_CTYPE"} and os.environ


async def test_a_page_is_looked_at_from_end_to_end(reader: Reader) -> None:
    async with hostile_server() as hostile:
        service = PagesService(hostile.fetcher(), reader)
        hostile.says("/more", '{"title": "T", "author_name": "Ada"}', headers=_type("text/json"))
        url = hostile.says(
            "/a",
            "<title>Graphs</title>"
            f'<link rel="alternate" type="application/json+oembed" href="{hostile.url("/more")}">',
        )
        page = await service.look(url)
        assert (page.title, page.author) == ("Graphs", "Ada")


@pytest.mark.parametrize(
    ("content_type", "key"),
    [
        ("application/pdf", None),
        ("image/png", "error-pages-type"),
        ("application/zip", "error-pages-type"),
        ("application/octet-stream", "error-pages-type"),
    ],
)
async def test_what_is_no_page_is_said_so(
    reader: Reader, content_type: str, key: str | None
) -> None:
    async with hostile_server() as hostile:
        url = hostile.says("/a", b"%PDF", headers=_type(content_type))
        assert await _look(hostile, reader, url) == key


async def test_it_can_be_turned_off(reader: Reader) -> None:
    async with hostile_server() as hostile:
        service = PagesService(hostile.fetcher(), reader, is_on=False)
        with pytest.raises(UserError) as caught:
            await service.look(hostile.says("/a", "<title>A</title>"))
        assert caught.value.key == "error-pages-off" and hostile.asked == []


async def _look(hostile: Hostile, reader: Reader, url: str) -> str | None:
    try:
        await PagesService(hostile.fetcher(), reader).look(url)
    except UserError as error:
        return error.key
    return None


def _type(content_type: str) -> dict[str, str]:
    return {"Content-Type": content_type}

"""Looks at a page for somebody: fetches it, has it read, and asks its site what it left out."""

from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.pages.fetch import Answer as Answer
from bot.pages.fetch import Asking, Fetcher
from bot.pages.reader import Reader
from bot.pages.rules import Entry as Entry
from bot.pages.rules import Feed as Feed
from bot.pages.rules import Page as Page

_SAME = 304
_SAID_MAX = 64 * 2**10
_HTML = ("text/html", "application/xhtml+xml")
_DOCUMENTS = ("application/pdf", "application/epub+zip", "text/plain", "text/markdown")


@dataclass(frozen=True, slots=True)
class PagesService:
    """Reads pages; ``is_on`` is the operator's setting."""

    fetcher: Fetcher
    reader: Reader
    is_on: bool = True

    async def look(self, url: str) -> Page:
        """Return what the page at an address says of itself.

        Raises
        ------
        UserError
            Why nobody can tell.
        """
        if not self.is_on:
            raise UserError("error-pages-off")
        answer = await self.fetcher.fetch(url)
        if answer.content_type in _DOCUMENTS:
            return Page(url=answer.url)
        if answer.content_type not in _HTML:
            raise UserError("error-pages-type")
        page = await self.reader.read(answer)
        is_lacking = not page.author or not page.title
        return await self._asked_more(page) if page.oembed and is_lacking else page

    async def feed(
        self, url: str, *, etag: str = "", modified: str = "", is_list: bool = False
    ) -> tuple[Answer, Feed | None]:
        """Return what a feed holds, or a list of links; None where it is the version that is known.

        A feed is put up to be fetched by programs, so only for a list its site's robots are asked.

        Raises
        ------
        UserError
            Why nobody can tell.
        """
        if not self.is_on:
            raise UserError("error-pages-off")
        asking = Asking(etag=etag, modified=modified, minds_robots=is_list)
        answer = await self.fetcher.fetch(url, asking)
        if answer.status == _SAME:
            return answer, None
        return answer, await self.reader.feed(answer)

    async def touched(self, url: str, *, etag: str = "", modified: str = "") -> Answer:
        """Return what is said of a page without the page; raises as `look`."""
        if not self.is_on:
            raise UserError("error-pages-off")
        return await self.fetcher.fetch(url, Asking(method="HEAD", etag=etag, modified=modified))

    async def said(self, url: str) -> Answer:
        """Return what a program answers to programs; raises as `look`."""
        if not self.is_on:
            raise UserError("error-pages-off")
        return await self.fetcher.fetch(url, Asking(limit=_SAID_MAX, minds_robots=False))

    async def parsed(self, body: bytes) -> Feed:
        """Return what a file that somebody brought holds; raises where it cannot be read."""
        brought = Answer(url="", content_type="", charset="", language="", body=body)
        return await self.reader.feed(brought)

    async def close(self) -> None:
        """End what reads."""
        await self.reader.close()

    async def _asked_more(self, page: Page) -> Page:
        try:
            said = await self.reader.read(await self.fetcher.fetch(page.oembed))
        except UserError:
            return page
        return replace(
            page,
            title=page.title or said.title,
            author=page.author or said.author,
            kind=page.kind or said.kind,
        )

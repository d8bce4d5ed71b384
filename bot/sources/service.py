"""Keeping sources: added after a first look, changed, paused, removed; many at once from OPML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.catalog.service import checked
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.pages.service import Feed, PagesService
from bot.sources import rules
from bot.sources.looking import Looking, Post
from bot.submissions.service import SubmissionsService
from storage import audit, members, sources
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, Source, SourceTrust

EVERY_H = rules.EVERY_H
EVERY_H_MAX = rules.EVERY_H_MAX
DAILY = rules.DAILY
EACH = "each"
DAILY_MAX = rules.DAILY_MAX
SAMPLE = 3
_HOPS = 2
"""Pages that name a feed, which is followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a source is treated: None for what stays as it is, or as it usually is.

    ``makes`` is the kind of what comes of it, `EACH` for what each entry says of itself.
    """

    tags: str | None = None
    makes: str | None = None
    trust: SourceTrust | None = None
    every_h: int | None = None
    daily_max: int | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A source after its first look; ``sample`` are titles of what it shows."""

    source: Source
    n_shown: int
    n_taken: int
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a list of sources: how many are new, known already, refused, and too many."""

    n_added: int
    n_known: int
    n_refused: int
    n_beyond: int


@dataclass(frozen=True, slots=True)
class SourcesService:
    """Keeps a guild's sources; ``looking`` looks at them."""

    database: Database
    clock: Clock
    pages: PagesService
    looking: Looking

    @classmethod
    def of(cls, submissions: SubmissionsService) -> "SourcesService":
        """Put the parts together, of what submissions are made of."""
        database, clock, pages = submissions.database, submissions.clock, submissions.pages
        looking = Looking(
            database=database,
            clock=clock,
            pages=pages,
            catalog=submissions.catalog,
            deciding=submissions.deciding,
            rng=submissions.rng,
        )
        return cls(database=database, clock=clock, pages=pages, looking=looking)

    async def add(self, guild_id: int, actor_id: int, url: str, terms: Terms) -> Added:
        """Look at an address, and keep it as a source; what it shows begins to be taken.

        Raises
        ------
        UserError
            Nothing comes from there, why, or it is a source already.
        """
        kept, _, _ = await self.looking.catalog.at(guild_id, url)
        place = rules.place_of(kept)
        place, feed = await self._found(place)
        key = (await self.looking.catalog.at(guild_id, place.url))[1]
        title = feed.title or place.title or place.url
        fresh = self._fresh(guild_id, actor_id, terms, title)
        source = await self._keep(
            replace(fresh, kind=place.kind, url=place.url, url_key=key), actor_id
        )
        n_taken = await self.looking.take_feed(source, feed, is_first=True)
        await self.looking.went(source, len(feed.entries), n_taken)
        sample = tuple(entry.title for entry in feed.entries[:SAMPLE])
        return Added(source=source, n_shown=len(feed.entries), n_taken=n_taken, sample=sample)

    async def add_forum(
        self,
        guild_id: int,
        actor_id: int,
        channel_id: int,
        name: str,
        posts: Sequence[Post],
        terms: Terms,
    ) -> Added:
        """Keep a forum of the server as a source: the threads that it has now, and new ones."""
        fresh = self._fresh(guild_id, actor_id, terms, name)
        forum = replace(fresh, kind="forum", channel_id=channel_id, url_key=f"forum {channel_id}")
        source = await self._keep(forum, actor_id)
        n_taken = await self.looking.take_posts(source, posts, is_first=True)
        await self.looking.went(source, len(posts), n_taken)
        sample = tuple(post.title for post in posts[:SAMPLE])
        return Added(source=source, n_shown=len(posts), n_taken=n_taken, sample=sample)

    async def bring(self, guild_id: int, actor_id: int, body: bytes) -> Brought:
        """Keep the feeds of an OPML file as sources; each is looked at when its turn comes.

        Raises
        ------
        UserError
            It is no OPML file.
        """
        feed = await self.pages.parsed(body)
        if feed.form != "opml" or not feed.entries:
            raise UserError("error-sources-no-opml")
        now, fresh = self.clock().timestamp(), self._fresh(guild_id, actor_id, Terms(), "")
        wanted: dict[str, Source] = {}
        n_refused = 0
        for place, entry in enumerate(feed.entries):
            try:
                url, _, _ = await self.looking.catalog.at(guild_id, entry.url)
                place_of = rules.place_of(url)
                url, key, _ = await self.looking.catalog.at(guild_id, place_of.url)
            except UserError:
                n_refused += 1
                continue
            at = now + 2.0 * place
            wanted[key] = replace(
                fresh, title=entry.title, url=url, url_key=key, kind=place_of.kind, next_at=at
            )

        async def job(conn: Connection) -> tuple[int, int]:
            room = rules.SOURCES_MAX - await sources.count(conn, guild_id)
            known = {one.url_key for one in await sources.of_guild(conn, guild_id)}
            new = [one for key, one in wanted.items() if key not in known]
            for one in new[: max(0, room)]:
                await sources.add(conn, one)
            n_added = min(len(new), max(0, room))
            if n_added:
                await self._audit(conn, actor_id, "source.import", fresh, n=n_added)
            return n_added, len(new) - n_added

        n_added, n_beyond = await self.database.write(job)
        n_known = len(feed.entries) - n_refused - n_added - n_beyond
        return Brought(n_added=n_added, n_known=n_known, n_refused=n_refused, n_beyond=n_beyond)

    async def all_of(self, guild_id: int) -> list[Source]:
        """Return a guild's sources, by title."""
        async with self.database.read() as conn:
            return await sources.of_guild(conn, guild_id)

    async def one(self, guild_id: int, source_id: int) -> Source:
        """Return a source, as it is now."""
        async with self.database.read() as conn:
            return await self._existing(conn, guild_id, source_id)

    async def staff_channel(self, guild_id: int) -> int | None:
        """Return the channel in which moderators are notified."""
        async with self.database.read() as conn:
            return (await members.guild(conn, guild_id)).staff_channel_id

    async def edit(
        self,
        guild_id: int,
        actor_id: int,
        source_id: int,
        terms: Terms,
        is_paused: bool | None = None,
    ) -> Source:
        """Change how a source is treated; going on looks at it soon and forgets its failures."""
        changes = _changes(terms)
        if is_paused is not None:
            changes |= {"state": "paused" if is_paused else "live", "told_at": None}
        if is_paused is False:
            changes |= {"next_at": self.clock().timestamp(), "n_failures": 0}
        if not changes:
            raise UserError("error-catalog-nothing")

        async def job(conn: Connection) -> Source:
            known = await self._existing(conn, guild_id, source_id)
            await sources.change(conn, source_id, **changes)
            named = sorted(
                changes.keys() & {"tags", "makes", "trust", "every_s", "daily_max", "state"}
            )
            await self._audit(conn, actor_id, "source.edit", known, fields=named)
            return await self._existing(conn, guild_id, source_id)

        return await self.database.write(job)

    async def remove(self, guild_id: int, actor_id: int, source_id: int) -> Source:
        """Forget a source; what came of it stays in the catalogue."""

        async def job(conn: Connection) -> Source:
            known = await self._existing(conn, guild_id, source_id)
            await sources.remove(conn, source_id)
            await self._audit(conn, actor_id, "source.remove", known)
            return known

        return await self.database.write(job)

    async def _found(self, place: rules.Place) -> tuple[rules.Place, Feed]:
        """Return where the entries are in the end, and what is there."""
        for _ in range(_HOPS):
            feed = await self.looking.fetched(place.kind, place.url)
            if place.kind == "list" or not feed.feed_url:
                break
            place = rules.Place("feed", feed.feed_url, place.title)
        if feed.form == "page" and len(feed.entries) >= rules.LIST_MIN:
            place = rules.Place("list", place.url, place.title)
        if not feed.entries or (place.kind == "feed" and feed.form != "feed"):
            raise UserError("error-sources-no-feed")
        return place, feed

    async def _keep(self, source: Source, actor_id: int) -> Source:
        async def job(conn: Connection) -> Source:
            if await sources.count(conn, source.guild_id) >= rules.SOURCES_MAX:
                raise UserError("error-sources-many", limit=rules.SOURCES_MAX)
            number = await sources.add(conn, source)
            if number is None:
                raise UserError("error-sources-known")
            await self._audit(conn, actor_id, "source.add", source)
            return replace(source, source_id=number)

        return await self.database.write(job)

    def _fresh(self, guild_id: int, actor_id: int, terms: Terms, title: str) -> Source:
        now = self.clock().timestamp()
        usual: dict[str, Any] = {"every_s": EVERY_H * int(rules.HOUR_S), "daily_max": DAILY}
        usual |= _changes(terms)
        return Source(
            guild_id=guild_id,
            kind="feed",
            title=title[:200],
            url_key="",
            added_by=actor_id,
            created_at=now,
            next_at=now + usual["every_s"],
            **usual,
        )

    async def _existing(self, conn: Connection, guild_id: int, source_id: int) -> Source:
        known = await sources.one(conn, guild_id, source_id)
        if known is None:
            raise StaleError("error-sources-gone")
        return known

    async def _audit(
        self, conn: Connection, actor_id: int, action: AuditAction, source: Source, **details: Any
    ) -> None:
        row = AuditRow(
            guild_id=source.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(source.source_id or ""),
            details=details | {"title": source.title},
        )
        await audit.append(conn, row)


def _changes(terms: Terms) -> dict[str, Any]:
    """Return the fields that terms set; raises UserError for tags that are refused."""
    given: Mapping[str, Any] = {
        "tags": checked({"tags": terms.tags})["tags"] if terms.tags is not None else None,
        "makes": terms.makes,
        "trust": terms.trust,
        "every_s": terms.every_h * int(rules.HOUR_S) if terms.every_h else None,
        "daily_max": terms.daily_max,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    return changes | ({"makes": None} if terms.makes == EACH else {})

"""Looking at sources: fetched with what is known of their last version, and taken a bit a day.

Every entry is remembered by what it calls itself before anything is made of it, so that nothing
comes twice, whatever is interrupted. A page that the catalogue has, that waits, or that moderators
rejected is passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot import dates
from bot.addresses import page_key
from bot.catalog.service import CatalogService, accepted, checked
from bot.clock import Clock
from bot.errors import UserError
from bot.pages.service import Entry, Feed, PagesService
from bot.sources import rules
from bot.submissions.service import Deciding, is_trusted_source, lacking, without_blank
from storage import catalog, sources, submissions
from storage.connection import Connection
from storage.database import Database
from storage.records import Source, SourceEntry, SourceKind, Submission
from storage.schema import ERASED

AT_ONCE = 8
DUE_MAX = 200
SAMPLED_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Post:
    """A thread of a forum: what it is called, its link, its tags and when it was begun."""

    title: str
    url: str
    tags: tuple[str, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Looking:
    """What ticks do with sources."""

    database: Database
    clock: Clock
    pages: PagesService
    catalog: CatalogService
    deciding: Deciding
    rng: np.random.Generator

    async def due(self) -> list[Source]:
        """Return the sources whose turn it is."""
        async with self.database.read() as conn:
            return await sources.due(conn, self.clock().timestamp(), DUE_MAX)

    async def fetched(self, kind: SourceKind, url: str) -> Feed:
        """Return what is at an address now.

        Raises
        ------
        UserError
            Why nothing is.
        """
        _, feed = await self.pages.feed(url, is_list=kind == "list")
        assert feed is not None  # nothing was said of a version we know
        return feed

    async def look(self, source: Source) -> None:
        """Look at a source on the web, take what is its turn, and write down how it went."""
        known = {"etag": source.etag, "modified": source.modified}
        try:
            answer, feed = await self.pages.feed(source.url, is_list=source.kind == "list", **known)
            if feed is not None and not _is_of(source.kind, feed):
                raise UserError("error-sources-no-feed")
        except UserError as error:
            await self._failed(source, error)
            return
        if feed is None:
            await self.take_waiting(source)
            await self._went(source, "sources-result-same", {})
            return
        n_taken = await self.take_feed(source, feed, is_first=source.looked_at is None)
        known = {"etag": answer.etag[:500], "modified": answer.modified[:100]}
        await self.went(source, len(feed.entries), n_taken, **known)

    async def look_at_forum(self, source: Source, posts: Sequence[Post] | None) -> None:
        """Take what a forum shows; None where it may not be shown to everybody any more."""
        if posts is None:
            await self._failed(source, UserError("error-sources-forum"))
            return
        n_taken = await self.take_posts(source, posts, is_first=source.looked_at is None)
        await self.went(source, len(posts), n_taken)

    async def take_feed(self, source: Source, feed: Feed, *, is_first: bool) -> int:
        """Note what a feed shows, and take what is its turn; return how much was taken."""
        entries = [(each.token, _fields(each), each.published) for each in feed.entries]
        return await self._take(source, entries, is_first=is_first)

    async def take_posts(self, source: Source, posts: Sequence[Post], *, is_first: bool) -> int:
        """Do the same with threads of a forum."""
        entries = [
            (
                each.url,
                {
                    "title": each.title,
                    "url": each.url,
                    "kind": "thread",
                    "tags": ";".join(each.tags),
                    "published": each.day,
                },
                each.day,
            )
            for each in posts
        ]
        return await self._take(source, entries, is_first=is_first)

    async def take_waiting(self, source: Source) -> int:
        """Take what waits for its day, up to what is left of today's."""
        is_sampled = self.rng.random(rules.DAILY_MAX) < SAMPLED_SHARE

        async def job(conn: Connection) -> int:
            now = self.clock().timestamp()
            n_today = await sources.count_taken(conn, source.source_id, now - dates.DAY_S)
            room, n_taken = source.daily_max - n_today, 0
            for entry in await sources.waiting(conn, source.source_id, rules.WAITING_MAX):
                if n_taken >= room:
                    break
                is_taken = await self._propose(conn, source, entry, bool(is_sampled[n_taken]))
                await sources.settle(conn, entry, "taken" if is_taken else "passed", now)
                n_taken += is_taken
            return n_taken

        return await self.database.write(job)

    async def thread_gone(self, guild_id: int, channel_id: int, url: str) -> None:
        """Take a deleted thread out again: retired, or no longer proposed."""
        _, key, known = await self.catalog.at(guild_id, url)

        async def job(conn: Connection) -> None:
            if await sources.of_channel(conn, guild_id, channel_id) is None:
                return
            waiting = await sources.waiting_at(conn, guild_id, key)
            if waiting is not None:
                await sources.withdraw(conn, waiting.submission_id)
            if known is not None and known.state == "live":
                number = known.resource_id
                await self.catalog.set_state_in(conn, guild_id, ERASED, number, "retired")

        await self.database.write(job)

    async def to_announce(self) -> list[Source]:
        """Return sources in quarantine of which moderators do not know."""
        async with self.database.read() as conn:
            return await sources.unannounced(conn)

    async def announced(self, source: Source) -> None:
        """Remember that they do."""
        now = self.clock().timestamp()
        await self.database.write(lambda conn: sources.change(conn, source.source_id, told_at=now))

    async def _take(
        self, source: Source, shown: Sequence[tuple[str, dict[str, str], str]], *, is_first: bool
    ) -> int:
        """Note what is new; a first look takes the newest and passes over the rest."""
        named = {rules.token(name): (fields, day) for name, fields, day in reversed(shown)}
        async with self.database.read() as conn:
            known = await sources.seen(conn, source.source_id, list(named))
            n_waiting = await sources.count_waiting(conn, source.source_id)
        new = [(token, *said) for token, said in named.items() if token not in known]
        if rules.is_flood(len(new), is_first) and source.kind != "list":
            await self._quarantine(source, "error-sources-flood", {"count": len(new)})
            return 0
        room = max(0, rules.WAITING_MAX - n_waiting)
        kept = set(range(len(new))[:room])
        if is_first and source.kind != "list":
            kept = set(rules.first_taken([day for _, _, day in new], source.daily_max))
        now = self.clock().timestamp()
        noted = [
            SourceEntry(
                source_id=source.source_id,
                guild_id=source.guild_id,
                token=token,
                state="waiting" if place in kept else "passed",
                seen_at=now,
                fields=fields if place in kept else None,
            )
            for place, (token, fields, _) in enumerate(new)
        ]
        await self.database.write(lambda conn: sources.note(conn, noted))
        return await self.take_waiting(source)

    async def _propose(
        self, conn: Connection, source: Source, entry: SourceEntry, is_sampled: bool
    ) -> bool:
        """Propose an entry, or publish it; False where there is nothing to propose."""
        said = dict(entry.fields or {}) | ({"kind": source.makes} if source.makes else {})
        fields = accepted(without_blank(said))
        tags = [*filter(None, fields.get("tags", "").split(";")), *source.tags]
        if tags:
            fields["tags"] = ";".join(list(dict.fromkeys(tags))[:10])
        if "url" not in fields or lacking(fields):
            return False
        values = checked(fields)
        key = page_key(values["url"])
        there = await catalog.by_url_key(conn, source.guild_id, key)
        if there is not None or await sources.has_been_proposed(conn, source.guild_id, key):
            return False
        now = self.clock().timestamp()
        proposed = Submission(
            guild_id=source.guild_id,
            user_id=ERASED,
            url_key=key,
            creator=fields.pop("creator", ""),
            fields=fields,
            state="waiting",
            created_at=now,
            submitted_at=now,
            source_id=source.source_id,
        )
        number = await submissions.add(conn, proposed)
        if await self._is_published(conn, source, fields):
            stored = await submissions.one(conn, source.guild_id, number)
            assert stored is not None
            seen = is_sampled and source.trust == "earned"
            await self.deciding.publish_at_once(conn, stored, values, seen)
        return True

    async def _is_published(self, conn: Connection, source: Source, fields: dict[str, str]) -> bool:
        if source.trust == "review":
            return False
        found = await sources.outcomes(conn, source.guild_id, source.source_id, 20)
        return is_trusted_source(source.trust == "publish", fields, found)

    async def went(self, source: Source, n_shown: int, n_taken: int, **more: Any) -> None:
        """Write down that a look went well, unless the source was put into quarantine by it."""
        told = {"shown": n_shown, "taken": n_taken}
        await self._went(source, "sources-result-ok", told, n_found=n_shown, **more)

    async def _went(self, source: Source, key: str, told: dict[str, Any], **more: Any) -> None:
        now = self.clock().timestamp()
        pause = rules.rest_s(source.every_s, 0, 0.0, float(self.rng.random()))
        changes = {"result": key, "result_params": told, "n_failures": 0}
        changes |= {"looked_at": now, "next_at": now + pause} | more

        async def job(conn: Connection) -> None:
            known = await sources.one(conn, source.guild_id, source.source_id)
            if known is not None and known.state != "quarantined":
                await sources.change(conn, source.source_id, **changes)

        await self.database.write(job)

    async def _failed(self, source: Source, error: UserError) -> None:
        now, n_failures = self.clock().timestamp(), source.n_failures + 1
        asked_s = float(error.params.get("retry_s") or 0)
        status = int(error.params.get("status") or 0)
        pause = rules.rest_s(source.every_s, n_failures, asked_s, float(self.rng.random()))
        changes: dict[str, Any] = {
            "result": error.key,
            "result_params": dict(error.params),
            "n_failures": n_failures,
            "next_at": now + pause,
        }
        if rules.is_quarantined(error.key, n_failures, status):
            changes |= {"state": "quarantined", "told_at": None}
        await self.database.write(lambda conn: sources.change(conn, source.source_id, **changes))

    async def _quarantine(self, source: Source, key: str, told: dict[str, Any]) -> None:
        changes = {"state": "quarantined", "told_at": None, "result": key, "result_params": told}
        await self.database.write(lambda conn: sources.change(conn, source.source_id, **changes))


def _is_of(kind: SourceKind, feed: Feed) -> bool:
    return feed.form == "feed" if kind == "feed" else feed.form in ("links", "page")


def _fields(entry: Entry) -> dict[str, str]:
    """Return an entry as the catalogue's texts."""
    return {
        "title": entry.title,
        "url": entry.url,
        "kind": entry.kind,
        "summary": entry.summary,
        "creator": entry.author,
        "language": entry.language,
        "minutes": str(entry.minutes or ""),
        "published": entry.published,
        "tags": ";".join(entry.tags),
    }

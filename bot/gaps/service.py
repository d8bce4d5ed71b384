"""Wishing, seconding, fulfilling; what is missing, for those who can do something about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.catalog.service import CatalogService
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.gaps import rules
from bot.gaps.rules import BEHIND_MIN as BEHIND_MIN
from bot.gaps.rules import TEXT_MAX as TEXT_MAX
from bot.search.service import Asked, SearchService
from storage import audit, catalog, gaps, members, search
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, Resource, TopicGap, Wish

PAGE_SIZE = 10
SHOWN_MAX = 10
_LOOKED_AT = 30
_OF_GUILD_MAX = 200
"""Open wishes of a guild that a tick compares with its catalogue, the most wanted."""
_FORGOTTEN_MAX = 5_000
COUNT_EVERY_S = 6 * 3_600.0


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of open wishes; ``mine`` are the ids of those the member stands behind."""

    wishes: tuple[Wish, ...]
    mine: frozenset[int]
    number: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Gaps:
    """What at least `BEHIND_MIN` members miss; ``n_small`` counts wishes of fewer."""

    wished: tuple[Wish, ...]
    missed: tuple[Wish, ...]
    topics: tuple[TopicGap, ...]
    n_small: int


@dataclass(frozen=True, slots=True)
class GapsService:
    """Keeps wishes, and says what is missing."""

    database: Database
    clock: Clock
    catalog: CatalogService
    words: SearchService
    _counted: dict[int, float] = field(default_factory=dict, repr=False)
    _looked: dict[int, int] = field(default_factory=dict, repr=False)

    async def ask(self, guild_id: int, user_id: int, text: str) -> Wish:
        """Wish for something, or stand behind whoever wished for it before.

        Raises
        ------
        UserError
            It says nothing, moderators put it aside, or the member wishes for too much, or is not
            tracked.
        """
        wanted = rules.wish_text(text)
        if not wanted:
            raise UserError("error-gaps-empty", limit=rules.TEXT_MAX)
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Wish:
            if await members.untracked(conn, guild_id, {user_id}):
                raise UserError("error-gaps-untracked")
            known = await gaps.wish_at(conn, guild_id, wanted)
            if known is not None and known.state == "dropped":
                raise UserError("error-gaps-dropped")
            n_mine = await gaps.count_of_member(conn, guild_id, user_id, "wished")
            if n_mine >= rules.WISHES_MAX:
                raise UserError("error-gaps-many", limit=rules.WISHES_MAX)
            number = await gaps.speak(conn, guild_id, user_id, wanted, "wished", now)
            return await self._existing(conn, guild_id, number)

        return await self.database.write(job)

    async def toggle(self, guild_id: int, user_id: int, wish_id: int) -> tuple[Wish, bool]:
        """Stand behind a wish, or no more; return it and whether the member does now."""
        now = self.clock().timestamp()

        async def job(conn: Connection) -> tuple[Wish, bool]:
            known = await self._existing(conn, guild_id, wish_id)
            mine = await gaps.of_member(conn, guild_id, user_id)
            if wish_id in mine:
                await gaps.fall_silent(conn, wish_id, user_id, "wished")
                return known, False
            if known.state != "open":
                raise StaleError("error-gaps-gone")
            if await members.untracked(conn, guild_id, {user_id}):
                raise UserError("error-gaps-untracked")
            if len(mine) >= rules.WISHES_MAX:
                raise UserError("error-gaps-many", limit=rules.WISHES_MAX)
            await gaps.speak(conn, guild_id, user_id, known.text, "wished", now)
            return await self._existing(conn, guild_id, wish_id), True

        return await self.database.write(job)

    async def listed(self, guild_id: int, user_id: int, number: int = 1) -> Listed:
        """Return a page of open wishes, the most wanted first."""
        async with self.database.read() as conn:
            found = await gaps.wished(
                conn, guild_id, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE
            )
            mine = await gaps.of_member(conn, guild_id, user_id)
        return Listed(
            wishes=tuple(found[:PAGE_SIZE]),
            mine=frozenset(mine),
            number=number,
            has_more=len(found) > PAGE_SIZE,
        )

    async def suggested(self, guild_id: int, typed: str, limit: int) -> list[Wish]:
        """Return open wishes with what was typed in them, the most wanted first."""
        async with self.database.read() as conn:
            found = await gaps.wished(conn, guild_id, limit=_OF_GUILD_MAX)
        words = typed.strip().casefold()
        return [each for each in found if words in each.text.casefold()][:limit]

    async def must_see(self, guild_id: int, user_id: int, *, is_moderator: bool) -> None:
        """Refuse whoever neither moderates nor made something of the catalogue."""
        async with self.database.read() as conn:
            if not is_moderator and not await gaps.is_creator(conn, guild_id, user_id):
                raise UserError("error-gaps-not-creator")

    async def missing(self, guild_id: int) -> Gaps:
        """Return what at least five members stand behind, as the catalogue is now."""
        async with self.database.read() as conn:
            wished = await gaps.wished(conn, guild_id, at_least=rules.BEHIND_MIN, limit=SHOWN_MAX)
            missed = await gaps.missed(conn, guild_id, at_least=rules.BEHIND_MIN, limit=_LOOKED_AT)
            known = {one.wish_id for one in wished}
            others = (one for one in missed if one.wish_id not in known)
            return Gaps(
                wished=tuple(wished),
                missed=tuple(await self._still_missing(conn, others)),
                topics=tuple(await gaps.topics(conn, guild_id, SHOWN_MAX)),
                n_small=await gaps.count_wished(conn, guild_id, rules.BEHIND_MIN),
            )

    async def fulfil(
        self, guild_id: int, actor_id: int, wish_id: int, resource: Resource, *, is_moderator: bool
    ) -> Wish:
        """Say that a resource is what was wished for; whoever wished is notified once.

        Raises
        ------
        UserError
            The wish is not open, or the member neither moderates nor made the resource.
        """
        if not is_moderator and resource.creator_id != actor_id:
            raise UserError("error-gaps-not-yours")

        async def job(conn: Connection) -> Wish:
            known = await self._existing(conn, guild_id, wish_id)
            if known.state != "open":
                raise StaleError("error-gaps-gone")
            await self._come_true(conn, known, resource, actor_id)
            return await self._existing(conn, guild_id, wish_id)

        return await self.database.write(job)

    async def drop(self, guild_id: int, actor_id: int, wish_id: int) -> Wish:
        """Put a wish aside: it is shown no more, and nobody can ask for the same again."""

        async def job(conn: Connection) -> Wish:
            known = await self._existing(conn, guild_id, wish_id)
            if known.state != "open":
                raise StaleError("error-gaps-gone")
            now = self.clock().timestamp()
            await gaps.change(conn, wish_id, state="dropped", decided_by=actor_id, decided_at=now)
            await self._audit(conn, actor_id, "wish.drop", known)
            return known

        return await self.database.write(job)

    # ---------------------------------------------------------------- what a tick does

    async def look(self, now: datetime) -> None:
        """Find wishes that came true by themselves, count topics, forget what is long ago."""
        moment = now.timestamp()
        await self.database.write(
            lambda conn: gaps.forget_missed(conn, moment - rules.MISSED_FOR_S, _FORGOTTEN_MAX)
        )
        async with self.database.read() as conn:
            wishing, all_ = await gaps.guilds_with_wishes(conn), await gaps.guilds(conn)
        for guild_id in wishing:
            await self._match(guild_id)
        for guild_id in all_:
            if abs(moment - self._counted.get(guild_id, -COUNT_EVERY_S)) >= COUNT_EVERY_S:
                await self.count(guild_id)
                self._counted[guild_id] = moment

    async def count(self, guild_id: int) -> None:
        """Count each topic's readers, resources and questions."""
        now, enough = self.clock().timestamp(), rules.BEHIND_MIN
        async with self.database.read() as conn:
            since = now - rules.READ_FOR_S
            found = rules.topics(
                await gaps.readers_by_tag(conn, guild_id, since, enough),
                await gaps.resources_by_tag(conn, guild_id),
                await gaps.askers_by_tag(conn, guild_id, since, now - rules.UNANSWERED_S, enough),
                await gaps.hard_by_tag(conn, guild_id, since, enough),
            )
        await self.database.write(lambda conn: gaps.replace_topics(conn, guild_id, found))

    async def to_tell(self) -> list[tuple[Wish, int, Resource | None]]:
        """Return wishes that came true with a member who does not know, and what it is."""
        async with self.database.read() as conn:
            found = await gaps.untold(conn)
            return [
                (wish, user_id, await catalog.standing(conn, wish.guild_id, wish.resource_id or 0))
                for wish, user_id in found
            ]

    async def told(self, wish: Wish, user_id: int) -> bool:
        """Claim that a member has heard; False where they have, or wish for it no more."""
        now = self.clock().timestamp()
        return await self.database.write(
            lambda conn: gaps.mark_told(conn, wish.wish_id, user_id, now)
        )

    async def not_told(self, wish: Wish, user_id: int) -> None:
        """Take that back, for it was not sent."""
        await self.database.write(lambda conn: gaps.mark_told(conn, wish.wish_id, user_id, None))

    async def _match(self, guild_id: int) -> None:
        """Fulfil wishes of which something new names all that was asked."""
        async with self.database.read() as conn:
            version = (await search.version(conn, guild_id)).n_changes
            if self._looked.get(guild_id) == version:
                return
            wishes = await gaps.wished(conn, guild_id, limit=_OF_GUILD_MAX)
            fitting = [(one, await self._new_for(conn, one)) for one in wishes]

        async def job(conn: Connection) -> None:
            for one, resource in fitting:
                known = await gaps.wish(conn, guild_id, one.wish_id)
                if resource is not None and known is not None and known.state == "open":
                    await self._come_true(conn, known, resource, None)

        if any(resource for _, resource in fitting):
            await self.database.write(job)
        self._looked[guild_id] = version

    async def _new_for(self, conn: Connection, wish: Wish) -> Resource | None:
        """Return the best of what came after a wish and names all of it."""
        matches = await self.words.find(conn, wish.guild_id, wish.text)
        whole = [int(i) for i in matches.ids[matches.covered >= 0.999][:_LOOKED_AT]]
        known = await catalog.by_ids(conn, wish.guild_id, whole)
        fitting = (known[i] for i in whole if i in known and known[i].state == "live")
        return next((one for one in fitting if one.created_at > wish.created_at), None)

    async def _still_missing(self, conn: Connection, missed: Iterable[Wish]) -> list[Wish]:
        found: list[Wish] = []
        for one in missed:
            if len(found) == SHOWN_MAX:
                break
            asked = Asked(guild_id=one.guild_id, text=one.text, limit=5)
            seen = await self.words.resources(conn, asked, self.clock().timestamp())
            if not seen.is_good:
                found.append(one)
        return found

    async def _come_true(
        self, conn: Connection, wish: Wish, resource: Resource, actor_id: int | None
    ) -> None:
        now = self.clock().timestamp()
        await gaps.change(
            conn,
            wish.wish_id,
            state="fulfilled",
            resource_id=resource.resource_id,
            decided_by=actor_id,
            decided_at=now,
        )
        if actor_id is not None:
            await self._audit(conn, actor_id, "wish.fulfil", wish)

    async def _existing(self, conn: Connection, guild_id: int, wish_id: int) -> Wish:
        known = await gaps.wish(conn, guild_id, wish_id)
        if known is None or not known.text:
            raise StaleError("error-gaps-gone")
        return known

    async def _audit(
        self, conn: Connection, actor_id: int, action: AuditAction, wish: Wish
    ) -> None:
        row = AuditRow(
            guild_id=wish.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(wish.wish_id),
        )
        await audit.append(conn, row)

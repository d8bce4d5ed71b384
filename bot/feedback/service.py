"""Saying what a resource was: marks that toggle, ratings, sentences, and what others see."""

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.feedback import rules
from bot.feedback.deciding import Deciding, existing
from bot.feedback.deciding import Spoken as Spoken
from bot.feedback.rules import SENTENCE_MAX as SENTENCE_MAX
from bot.feedback.rules import SHOWN_MIN as SHOWN_MIN
from bot.feedback.rules import mean_stars as mean_stars
from bot.feedback.rules import shown_marks as shown_marks
from bot.legible import is_blank
from bot.links.service import LinksService, RolesIn, may_use, require_use
from storage import (
    catalog,
    deeds,
    events,
    feedback,
    impressions,
    keepings,
    members,
    prerequisites,
)
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind, Mark, Rating, Resource, Said, Voices


@dataclass(frozen=True, slots=True)
class About:
    """All there is to know of a resource, for one member.

    ``mean`` is None where too few rated it; ``sentences`` are those a moderator let through;
    ``first`` is what comes before it, each with whether the member has finished that.
    """

    resource: Resource
    said: Said
    voices: Voices
    mean: float | None
    sentences: tuple[Rating, ...]
    note: str = ""
    is_saved: bool = False
    first: tuple[tuple[Resource, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackService:
    """Keeps what members say of resources, one voice each."""

    database: Database
    clock: Clock
    links: LinksService
    deciding: Deciding = field(init=False)

    def __post_init__(self) -> None:
        """Have what moderators decide, by the same clock."""
        object.__setattr__(self, "deciding", Deciding(self.database, self.clock))

    async def shown(
        self, user_id: int, impression_id: int, guild_id: int | None
    ) -> tuple[int, int]:
        """Return guild and resource of what a member was shown.

        Raises
        ------
        UserError
            It was shown to somebody else.
        """
        async with self.database.read() as conn:
            seen = await impressions.impression(conn, impression_id)
        is_here = seen is not None and guild_id in (None, seen.guild_id)
        if seen is None or seen.user_id != user_id or not is_here:
            raise UserError("error-links-not-yours")
        return seen.guild_id, seen.resource_id

    async def about(
        self, guild_id: int, user_id: int, resource_id: int, *, roles_in: RolesIn
    ) -> About:
        """Return what is known and said of a resource.

        Raises
        ------
        UserError
            It is not in the catalogue any more, or for a role that the member does not have.
        """
        resource_id = await self._require(guild_id, user_id, resource_id, roles_in)
        async with self.database.read() as conn:
            known = await existing(conn, guild_id, resource_id)
            (resource,) = await self.links.as_seen(conn, guild_id, user_id, [known])
            is_saved = await deeds.is_saved(conn, guild_id, user_id, resource_id)
            kept = await keepings.one(conn, guild_id, user_id, resource_id)
            said = await feedback.said(conn, guild_id, user_id, resource_id)
            voices = await feedback.voices(conn, guild_id, resource_id)
            everywhere = await feedback.mean_stars(conn, guild_id)
            sentences = await feedback.said_of(conn, guild_id, resource_id, rules.SENTENCES_SHOWN)
            first = await _first(conn, guild_id, user_id, resource_id)
        return About(
            resource=resource,
            said=said,
            voices=voices,
            mean=rules.mean_stars(voices.n_ratings, voices.stars, *everywhere),
            sentences=tuple(sentences),
            note=kept.note,
            is_saved=is_saved,
            first=first,
        )

    async def toggle(
        self,
        guild_id: int,
        user_id: int,
        resource_id: int,
        mark: Mark,
        source_id: int,
        *,
        roles_in: RolesIn,
    ) -> Said:
        """Say something of a resource, or take it back.

        Raises
        ------
        UserError
            The member is not tracked, made it themself, has not opened it, or may not use it.
        """
        resource_id = await self._require(guild_id, user_id, resource_id, roles_in)

        async def job(conn: Connection) -> Said:
            key = (guild_id, user_id, resource_id)
            before = await feedback.marks_of(conn, *key)
            if mark in before:
                await self._take_back(conn, key, mark, source_id)
            else:
                await self._may_say(conn, key, mark)
                other = rules.replaced(mark)
                if other is not None and other in before:
                    await self._take_back(conn, key, other, source_id)
                await feedback.mark(conn, *key, mark, self._now)
                await self._log(conn, key, rules.EVENTS[mark], source_id)
            await self._look_at_link(conn, guild_id, resource_id)
            return await feedback.said(conn, *key)

        return await self.database.write(job)

    async def rate(
        self,
        guild_id: int,
        user_id: int,
        resource_id: int,
        stars: int,
        source_id: int,
        *,
        roles_in: RolesIn,
    ) -> Said:
        """Rate a resource from 1 to 5, in the place of what was said before; 0 takes it back.

        Raises
        ------
        UserError
            As `toggle`.
        """
        if not 0 <= stars <= rules.STARS_MAX:
            raise UserError("error-component-unknown")
        resource_id = await self._require(guild_id, user_id, resource_id, roles_in)

        async def job(conn: Connection) -> Said:
            key = (guild_id, user_id, resource_id)
            before = await feedback.rating_of(conn, *key)
            if stars:
                await self._may_say(conn, key, None)
            if before is not None and before.stars != stars:
                was = rules.kind_of(before.stars)
                await self._log(conn, key, EventKind.RETRACTED, source_id, int(was))
            if not stars:
                await feedback.unrate(conn, *key)
            elif before is None or before.stars != stars:
                await self._store(conn, key, before, stars)
                await self._log(conn, key, rules.kind_of(stars), source_id, stars)
            return await feedback.said(conn, *key)

        return await self.database.write(job)

    async def rating(self, guild_id: int, user_id: int, resource_id: int) -> Rating:
        """Return a member's rating, to write a sentence beside.

        Raises
        ------
        StaleError
            They have taken it back.
        """
        async with self.database.read() as conn:
            number = (await existing(conn, guild_id, resource_id)).resource_id
            return await self._rated(conn, guild_id, user_id, number)

    async def say(self, guild_id: int, user_id: int, resource_id: int, sentence: str) -> Said:
        """Write a sentence beside a rating; an empty one takes it away.

        Others read it when a moderator has.
        """
        written = "" if is_blank(sentence) else " ".join(sentence.split())
        if rules.has_address(written):
            raise UserError("error-feedback-address")
        if len(written) > rules.SENTENCE_MAX:
            raise UserError("error-feedback-long", limit=rules.SENTENCE_MAX)

        async def job(conn: Connection) -> Said:
            await _require_tracked(conn, guild_id, user_id)
            number = (await existing(conn, guild_id, resource_id)).resource_id
            known = await self._rated(conn, guild_id, user_id, number)
            state = rules.state_of(written, known.sentence, known.state)
            if state != known.state or written != known.sentence:
                blank = {"posted_at": None, "decided_by": None} if state == "waiting" else {}
                await feedback.change_rating(
                    conn, known.rating_id, sentence=written, state=state, **blank
                )
            return await feedback.said(conn, guild_id, user_id, number)

        return await self.database.write(job)

    # ----------------------------------------------------------------------------- inside

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _require(
        self, guild_id: int, user_id: int, resource_id: int, roles_in: RolesIn
    ) -> int:
        """Return what stands for a resource now, refusing who may not use it.

        Roles are asked of Discord, outside transactions.
        """
        async with self.database.read() as conn:
            await _require_tracked(conn, guild_id, user_id)
            resource = await existing(conn, guild_id, resource_id)
        if resource.role_id is not None:
            roles: Collection[int] | None = await roles_in(guild_id, user_id)
            require_use(resource, roles)
        return resource.resource_id

    async def _may_say(
        self, conn: Connection, key: tuple[int, int, int], mark: Mark | None
    ) -> None:
        guild_id, user_id, resource_id = key
        resource = await existing(conn, guild_id, resource_id)
        if resource.creator_id == user_id and not rules.may_creator(mark):
            raise UserError("error-feedback-own")
        if rules.needs_opening(mark) and not await feedback.has_met(conn, *key):
            raise UserError("error-feedback-unopened")

    async def _store(
        self, conn: Connection, key: tuple[int, int, int], before: Rating | None, stars: int
    ) -> None:
        guild_id, user_id, resource_id = key
        given = Rating(
            guild_id=guild_id,
            resource_id=resource_id,
            user_id=user_id,
            stars=stars,
            sentence=before.sentence if before else "",
            state=before.state if before else "none",
            rated_at=self._now,
            posted_at=before.posted_at if before else None,
            decided_by=before.decided_by if before else None,
        )
        await feedback.rate(conn, given)

    async def _take_back(
        self, conn: Connection, key: tuple[int, int, int], mark: Mark, source_id: int
    ) -> None:
        await feedback.unmark(conn, *key, [mark])
        kind = int(rules.EVENTS[mark])
        await self._log(conn, key, EventKind.RETRACTED, source_id, kind)

    async def _log(
        self,
        conn: Connection,
        key: tuple[int, int, int],
        kind: EventKind,
        source_id: int,
        qualifier: int = 0,
    ) -> None:
        guild_id, user_id, resource_id = key
        event = Event(
            guild_id=guild_id,
            source_id=source_id,
            kind=kind,
            user_id=user_id,
            occurred_at=self._now,
            resource_id=resource_id,
            qualifier=qualifier,
        )
        await events.append(conn, event, self._now)

    async def _look_at_link(self, conn: Connection, guild_id: int, resource_id: int) -> None:
        """Have a link looked at that enough members say is broken; not any more, otherwise."""
        if rules.needs_check(await feedback.voices(conn, guild_id, resource_id)):
            await feedback.ask_check(conn, guild_id, resource_id, self._now)
        else:
            await feedback.drop_check(conn, guild_id, resource_id)

    async def _rated(
        self, conn: Connection, guild_id: int, user_id: int, resource_id: int
    ) -> Rating:
        found = await feedback.rating_of(conn, guild_id, user_id, resource_id)
        if found is None:
            raise StaleError("error-feedback-unrated")
        return found


async def _first(
    conn: Connection, guild_id: int, user_id: int, resource_id: int
) -> tuple[tuple[Resource, bool], ...]:
    """Return what comes before a resource, of what is shown to everybody."""
    needed = (await prerequisites.of(conn, guild_id)).get(resource_id, frozenset())
    if not needed:
        return ()
    found = await catalog.by_ids(conn, guild_id, sorted(needed))
    done = {
        deed.resource_id
        for deed in await deeds.of(conn, guild_id, user_id)
        if deed.stands and deed.kind in (EventKind.DONE, EventKind.KNOWN)
    }
    return tuple((one, one.resource_id in done) for one in found.values() if may_use(one, ()))


async def _require_tracked(conn: Connection, guild_id: int, user_id: int) -> None:
    if await members.untracked(conn, guild_id, {user_id}):
        raise UserError("error-feedback-untracked")

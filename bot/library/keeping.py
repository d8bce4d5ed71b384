"""A member's library: what they keep of resources beside having saved them, listed and exported."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import get_args

from bot.clock import Clock
from bot.errors import UserError
from bot.legible import is_blank
from bot.library import rules
from bot.library.rules import NOTE_MAX as NOTE_MAX
from bot.library.rules import SHELVES as SHELVES
from bot.library.rules import Entry as Entry
from bot.library.rules import Shelf
from bot.links.service import LinksService, RolesIn, Shown, may_use, require_use
from storage import access, catalog, deeds, events, feedback, keepings, members, paths
from storage.connection import Connection
from storage.database import Database
from storage.records import (
    Deed,
    Event,
    EventKind,
    Keeping,
    KeepingState,
    Resource,
    ResourceKind,
    Said,
)

PAGE_SIZE = 7
_GOING_ON = ("all", "started", "bought")
"""Shelves that begin with what to go on with."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One resource of a library, as it is listed."""

    shown: Shown
    entry: Entry
    lessons: tuple[int, int] | None = None
    """How many lessons of a course are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What to go on with, and the course whose next lesson that is."""

    shown: Shown
    course: Resource | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A library as it can be shown now, the member's deeds, and the lessons of courses."""

    pairs: list[tuple[Entry, Resource]]
    deeds: list[Deed]
    lessons: Mapping[int, tuple[Resource, ...]]

    def progress(self, course_id: int) -> tuple[int, int] | None:
        """Return how many lessons of a course are done, and how many there are."""
        steps = self.lessons.get(course_id)
        if not steps:
            return None
        done = rules.finished(self.deeds)
        return sum(step.resource_id in done for step in steps), len(steps)

    def onward(self) -> tuple[Resource, Resource | None] | None:
        """Return what to go on with, and its course."""
        ids = {course: [one.resource_id for one in s] for course, s in self.lessons.items()}
        on = rules.onward([entry for entry, _ in self.pairs], ids, self.deeds)
        if on is None:
            return None
        known = {one.resource_id: one for _, one in self.pairs}
        known |= {one.resource_id: one for steps in self.lessons.values() for one in steps}
        return known[on.resource_id], known.get(on.course_id or 0)


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """One page of a library; pages count from 1, ``counts`` says what is on each shelf."""

    kept: tuple[Kept, ...]
    shelf: Shelf
    kind: ResourceKind | None
    page: int
    n_pages: int
    counts: Mapping[Shelf, int]
    onward: GoingOn | None = None


@dataclass(frozen=True, slots=True)
class Keepings:
    """Keeps notes and progress, and lists them with what was saved."""

    database: Database
    clock: Clock
    links: LinksService

    async def page(
        self,
        guild_id: int,
        user_id: int,
        shelf: Shelf = "all",
        kind: ResourceKind | None = None,
        page: int = 1,
        *,
        role_ids: Collection[int] | None = None,
    ) -> LibraryPage:
        """Return a page of the library, what was touched last first.

        A page beyond the last is taken as the last. ``role_ids`` None stands for a member who
        may use everything.
        """
        _require_known(shelf, kind)
        library = await self._found(guild_id, user_id, kind, role_ids)
        found = library.pairs
        counts = Counter(each for entry, _ in found for each in entry.shelves)
        on_shelf = [pair for pair in found if shelf in pair[0].shelves]
        n_pages = max(1, -(-len(on_shelf) // PAGE_SIZE))
        page = min(max(1, page), n_pages)
        on_page = on_shelf[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        onward = library.onward() if page == 1 and kind is None and shelf in _GOING_ON else None

        async def job(conn: Connection) -> list[Shown]:
            wanted = [resource for _, resource in on_page]
            wanted += [onward[0]] if onward else []
            return await self.links.show(conn, guild_id, user_id, wanted, "search", arm="saved")

        shown = await self.database.write(job) if on_page else []
        going_on = GoingOn(shown[-1], onward[1]) if onward and shown else None
        kept = [
            Kept(one, entry, library.progress(entry.resource_id))
            for one, (entry, _) in zip(shown, on_page, strict=False)
        ]
        return LibraryPage(
            kept=tuple(kept),
            shelf=shelf,
            kind=kind,
            page=page,
            n_pages=n_pages,
            counts={each: counts[each] for each in SHELVES},
            onward=going_on,
        )

    async def everything(
        self,
        guild_id: int,
        user_id: int,
        shelf: Shelf = "all",
        kind: ResourceKind | None = None,
        *,
        role_ids: Collection[int] | None = None,
    ) -> list[tuple[Entry, Resource]]:
        """Return the whole library, for a file; nothing of it counts as shown."""
        _require_known(shelf, kind)
        found = (await self._found(guild_id, user_id, kind, role_ids)).pairs
        wanted = [resource for _, resource in found]
        async with self.database.read() as conn:
            seen = await self.links.as_seen(conn, guild_id, user_id, wanted, role_ids)
        # What has to be bought first keeps its address to itself.
        open_to_all = [replace(one, url="") if one.is_sold else one for one in seen]
        found = [(entry, one) for (entry, _), one in zip(found, open_to_all, strict=True)]
        return [pair for pair in found if shelf in pair[0].shelves]

    async def turn(
        self,
        guild_id: int,
        user_id: int,
        resource_id: int,
        pressed: KeepingState,
        source_id: int,
        *,
        roles_in: RolesIn,
    ) -> Said:
        """Say that a member is at something, or has done it, or take that back.

        Raises
        ------
        UserError
            The member is not tracked, or may not use it (any more).
        """
        number = await self._require(guild_id, user_id, resource_id, roles_in)

        async def job(conn: Connection) -> Said:
            before = await keepings.one(conn, guild_id, user_id, number)
            state = rules.turned(before.state, pressed)
            # Whoever has finished has begun: only a step back takes something back.
            is_step_back = state is None or before.state == "done"
            if before.state is not None and is_step_back:
                taken = int(rules.EVENTS[before.state])
                await self._log(conn, before, EventKind.RETRACTED, source_id, taken)
            if state is not None:
                await self._log(conn, before, rules.EVENTS[state], source_id)
            await keepings.keep(conn, replace(before, state=state, changed_at=self._now))
            return await feedback.said(conn, guild_id, user_id, number)

        return await self.database.write(job)

    async def kept(self, guild_id: int, user_id: int, resource_id: int) -> tuple[Keeping, Resource]:
        """Return what a member keeps of a resource, and the resource.

        Raises
        ------
        UserError
            There is no such resource any more.
        """
        async with self.database.read() as conn:
            resource = await _resource(conn, guild_id, resource_id)
            return await keepings.one(conn, guild_id, user_id, resource.resource_id), resource

    async def note(
        self,
        guild_id: int,
        user_id: int,
        resource_id: int,
        written: str,
        *,
        roles_in: RolesIn,
    ) -> tuple[Said, str]:
        """Write a member's private note; an empty one takes it away. Return it as it is kept.

        Raises
        ------
        UserError
            As `turn`; or it is too long.
        """
        note = written.strip()
        if note and is_blank(note):
            raise UserError("error-library-note-blank")
        if len(note) > NOTE_MAX:
            raise UserError("error-library-note-long", limit=NOTE_MAX)
        number = await self._require(guild_id, user_id, resource_id, roles_in)

        async def job(conn: Connection) -> Said:
            before = await keepings.one(conn, guild_id, user_id, number)
            await keepings.keep(conn, replace(before, note=note, changed_at=self._now))
            return await feedback.said(conn, guild_id, user_id, number)

        return await self.database.write(job), note

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _found(
        self,
        guild_id: int,
        user_id: int,
        kind: ResourceKind | None,
        role_ids: Collection[int] | None,
    ) -> _Found:
        """Return what of a library can be shown now: live, of the kind, for the member's roles."""
        async with self.database.read() as conn:
            done = await deeds.of(conn, guild_id, user_id)
            bought = await self._bought(conn, guild_id, user_id, role_ids)
            entries = rules.entries(done, await keepings.of(conn, guild_id, user_id), bought)
            courses = {
                path.course_id: path.steps
                for path in reversed(await paths.live(conn, guild_id))
                if path.course_id is not None
            }
            wanted = {each.resource_id for each in entries}
            wanted |= {step for course in wanted & courses.keys() for step in courses[course]}
            known = await catalog.by_ids(conn, guild_id, sorted(wanted))
        usable = {
            number: one
            for number, one in known.items()
            if one.state == "live" and may_use(one, role_ids)
        }
        pairs = [(e, usable[e.resource_id]) for e in entries if e.resource_id in usable]
        lessons = {
            course: tuple(usable[step] for step in steps if step in usable)
            for course, steps in courses.items()
            if course in usable
        }
        return _Found([pair for pair in pairs if kind in (None, pair[1].kind)], done, lessons)

    async def _bought(
        self, conn: Connection, guild_id: int, user_id: int, role_ids: Collection[int] | None
    ) -> dict[int, float]:
        """Return what a member owns now, with since when, 0 where nobody knows."""
        owned = await access.owned(conn, guild_id, user_id, role_ids, self._now)
        since = await access.since(conn, guild_id, user_id, self._now) if owned else {}
        return {number: since.get(number, 0.0) for number in owned}

    async def _require(
        self, guild_id: int, user_id: int, resource_id: int, roles_in: RolesIn
    ) -> int:
        """Return what stands for a resource now, refusing who may not use it."""
        async with self.database.read() as conn:
            if await members.untracked(conn, guild_id, {user_id}):
                raise UserError("error-library-untracked")
            resource = await _resource(conn, guild_id, resource_id)
        if resource.role_id is not None:
            require_use(resource, await roles_in(guild_id, user_id))
        return resource.resource_id

    async def _log(
        self,
        conn: Connection,
        kept: Keeping,
        kind: EventKind,
        source_id: int,
        qualifier: int = 0,
    ) -> None:
        event = Event(
            guild_id=kept.guild_id,
            source_id=source_id,
            kind=kind,
            user_id=kept.user_id,
            occurred_at=self._now,
            resource_id=kept.resource_id,
            qualifier=qualifier,
        )
        await events.append(conn, event, self._now)


async def _resource(conn: Connection, guild_id: int, resource_id: int) -> Resource:
    resource = await catalog.standing(conn, guild_id, resource_id)
    if resource is None or resource.state != "live":
        raise UserError("error-library-gone")
    return resource


def _require_known(shelf: str, kind: str | None) -> None:
    """Refuse what no menu of ours offers."""
    if shelf not in SHELVES or kind not in (None, *get_args(ResourceKind)):
        raise UserError("error-component-unknown")

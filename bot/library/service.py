"""Saving what one was shown, listing it, and taking what one does not want out of one's sight."""

from collections.abc import Collection
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.errors import UserError
from bot.library import rules
from bot.library.keeping import Keepings
from bot.links.service import LinksService, RolesIn, Shown, may_use, require_use
from bot.points.service import PointsService
from storage import catalog, deeds, events, impressions, members
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, EventKind, Impression, Resource

PAGE_SIZE = 5


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One page of what a member saved; pages count from 1."""

    shown: tuple[Shown, ...]
    page: int
    n_pages: int
    n_saved: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of a card: its guild and resource, and whether that is saved now."""

    guild_id: int
    resource: Resource
    is_saved: bool


@dataclass(frozen=True, slots=True)
class LibraryService:
    """Keeps what members save, and remembers what they do not want."""

    database: Database
    clock: Clock
    links: LinksService
    points: PointsService
    keeping: Keepings = field(init=False)

    def __post_init__(self) -> None:
        """Have what `/library` lists, by the same clock."""
        object.__setattr__(self, "keeping", Keepings(self.database, self.clock, self.links))

    async def saved(
        self,
        guild_id: int,
        user_id: int,
        page: int = 1,
        *,
        role_ids: Collection[int] | None = None,
    ) -> SavedPage:
        """Return a page of what the member saved and may use, the last save first.

        A page beyond the last is taken as the last. ``role_ids`` None stands for a member who
        may use everything.
        """
        async with self.database.read() as conn:
            ids = rules.saved(await deeds.of(conn, guild_id, user_id))
            known = await catalog.by_ids(conn, guild_id, ids)
        found = [known[i] for i in ids if i in known and known[i].state == "live"]
        kept = [resource for resource in found if may_use(resource, role_ids)]
        n_pages = max(1, -(-len(kept) // PAGE_SIZE))
        page = min(max(1, page), n_pages)
        on_page = kept[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]

        async def job(conn: Connection) -> list[Shown]:
            # Not a recommendation: the surface of what a member looked up themself.
            return await self.links.show(conn, guild_id, user_id, on_page, "search", arm="saved")

        shown = await self.database.write(job) if on_page else []
        return SavedPage(shown=tuple(shown), page=page, n_pages=n_pages, n_saved=len(kept))

    async def toggle_save(
        self,
        user_id: int,
        impression_id: int,
        source_id: int,
        guild_id: int | None,
        *,
        roles_in: RolesIn,
    ) -> Choice:
        """Save or unsave what a member was shown; letting go is always possible.

        Parameters
        ----------
        source_id
            Of the interaction that asked for it.
        guild_id
            Where it was pressed; None in a direct message.
        roles_in
            Says which roles the member has now where it was shown.

        Raises
        ------
        UserError
            The member is not tracked, it was shown to somebody else, is not in the catalogue any
            more, or is for another role by now.
        """
        role_ids = await self._roles(user_id, impression_id, guild_id, roles_in)

        async def job(conn: Connection) -> Choice:
            shown, resource = await self._shown(conn, impression_id, user_id, guild_id)
            if not await deeds.is_saved(conn, shown.guild_id, user_id, resource.resource_id):
                _require_open(resource, role_ids)
            is_saved = await self._toggle(conn, shown.guild_id, user_id, resource, source_id)
            return Choice(shown.guild_id, resource, is_saved)

        return await self.database.write(job)

    async def toggle_shared(
        self,
        guild_id: int,
        user_id: int,
        resource_id: int,
        source_id: int,
        *,
        role_ids: Collection[int] | None = None,
    ) -> Choice:
        """Save or unsave the resource of a card posted in a channel; see `toggle_save`."""

        async def job(conn: Connection) -> Choice:
            await _require_tracked(conn, guild_id, user_id)
            resource = await catalog.standing(conn, guild_id, resource_id)
            if resource is None:
                raise UserError("error-library-gone")
            _require_open(resource, role_ids)
            is_saved = await self._toggle(conn, guild_id, user_id, resource, source_id)
            return Choice(guild_id, resource, is_saved)

        return await self.database.write(job)

    async def dismiss(
        self,
        user_id: int,
        impression_id: int,
        source_id: int,
        guild_id: int | None,
        *,
        roles_in: RolesIn,
        is_undo: bool = False,
    ) -> Choice:
        """Log that a member does not want what they were shown, or that they do after all.

        Both show it as it is now, so both ask as `toggle_save` does.

        Raises
        ------
        UserError
            The member is not tracked, it was shown to somebody else, or is for another role by
            now.
        """
        role_ids = await self._roles(user_id, impression_id, guild_id, roles_in)
        kind = EventKind.UNDISMISS if is_undo else EventKind.DISMISS

        async def job(conn: Connection) -> Choice:
            shown, resource = await self._shown(conn, impression_id, user_id, guild_id)
            require_use(resource, role_ids)
            key = (shown.guild_id, user_id, resource.resource_id)
            await _log(conn, kind, *key, source_id, self._now)
            (seen,) = await self.links.as_seen(conn, shown.guild_id, user_id, [resource])
            return Choice(shown.guild_id, seen, await deeds.is_saved(conn, *key))

        return await self.database.write(job)

    async def _toggle(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        resource: Resource,
        source_id: int,
    ) -> bool:
        """Save or unsave; the event names the creator, whom others' keeping may reward."""
        resource_id, creator_id = resource.resource_id, resource.creator_id
        was_saved = await deeds.is_saved(conn, guild_id, user_id, resource_id)
        if creator_id is not None and await members.untracked(conn, guild_id, {creator_id}):
            creator_id = None
        event = Event(
            guild_id=guild_id,
            source_id=source_id,
            kind=EventKind.UNSAVE if was_saved else EventKind.SAVE,
            user_id=user_id,
            occurred_at=self._now,
            resource_id=resource_id,
            target_id=creator_id,
        )
        await self.points.record(conn, event)
        return not was_saved

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _roles(
        self, user_id: int, impression_id: int, guild_id: int | None, roles_in: RolesIn
    ) -> Collection[int] | None:
        """Return the member's roles where they were shown something, if it is for one."""
        async with self.database.read() as conn:
            shown, resource = await self._shown(conn, impression_id, user_id, guild_id)
        return () if resource.role_id is None else await roles_in(shown.guild_id, user_id)

    async def _shown(
        self, conn: Connection, impression_id: int, user_id: int, guild_id: int | None
    ) -> tuple[Impression, Resource]:
        if guild_id is not None:
            await _require_tracked(conn, guild_id, user_id)
        shown = await impressions.impression(conn, impression_id)
        if shown is None or shown.user_id != user_id:
            raise UserError("error-library-not-yours")
        await _require_tracked(conn, shown.guild_id, user_id)
        resource = await catalog.standing(conn, shown.guild_id, shown.resource_id)
        if resource is None:
            raise UserError("error-library-gone")
        return shown, resource


def _require_open(resource: Resource, role_ids: Collection[int] | None) -> None:
    if resource.state != "live":
        raise UserError("error-library-gone")
    require_use(resource, role_ids)


async def _require_tracked(conn: Connection, guild_id: int, user_id: int) -> None:
    if await members.untracked(conn, guild_id, {user_id}):
        raise UserError("error-library-untracked")


async def _log(
    conn: Connection,
    kind: EventKind,
    guild_id: int,
    user_id: int,
    resource_id: int,
    source_id: int,
    now: float,
) -> None:
    event = Event(
        guild_id=guild_id,
        source_id=source_id,
        kind=kind,
        user_id=user_id,
        occurred_at=now,
        resource_id=resource_id,
    )
    await events.append(conn, event, now)

"""One thing once: two entries made one and parted again, editions, what replaces what, and gems.

Nothing that members did is rewritten. What was merged or replaced is retired and says what stands
for it; whoever reads links, saves and histories follows (`storage.catalog.standing`). So parting
gives everything back, and points stay with whoever earned them.
"""

from dataclasses import dataclass, replace
from typing import Any

from bot.catalog.service import CatalogService
from bot.errors import UserError
from storage import catalog, joins, opened
from storage.connection import Connection
from storage.records import AuditAction, Resource


@dataclass(frozen=True, slots=True)
class Joining:
    """What moderators say of how resources belong together."""

    catalog: CatalogService

    async def merge(
        self, guild_id: int, actor_id: int, resource_id: int, into_id: int
    ) -> tuple[Resource, Resource]:
        """Make two entries one: the first is retired, and the second stands for both.

        Raises
        ------
        UserError
            They are the same, one is gone, or the second is not live.
        """
        return await self._move(guild_id, actor_id, resource_id, into_id, is_merged=True)

    async def replace(
        self, guild_id: int, actor_id: int, resource_id: int, by_id: int
    ) -> tuple[Resource, Resource]:
        """Retire a resource and say what replaces it; raises as `merge`."""
        return await self._move(guild_id, actor_id, resource_id, by_id, is_merged=False)

    async def part(self, guild_id: int, actor_id: int, resource_id: int) -> Resource:
        """Bring back what was merged or replaced, as an entry of its own.

        Raises
        ------
        UserError
            Nothing stands for it.
        """

        async def job(conn: Connection) -> Resource:
            known = await self._one(conn, guild_id, resource_id)
            if known.moved_to is None:
                raise UserError("error-catalog-not-joined", title=known.title)
            return await self.catalog.set_state_in(conn, guild_id, actor_id, resource_id, "live")

        return await self.catalog.database.write(job)

    async def set_edition(
        self, guild_id: int, actor_id: int, resource_id: int, of_id: int | None
    ) -> Resource:
        """Say that a resource is another edition or translation; no list shows two of one work.

        ``of_id`` None: it is a work of its own.
        """

        async def job(conn: Connection) -> Resource:
            known = await self._one(conn, guild_id, resource_id)
            of = await self._one(conn, guild_id, of_id) if of_id is not None else None
            first = None if of is None else of.edition_of or of.resource_id
            if first == resource_id:
                if of is None or of.resource_id == resource_id:
                    raise UserError("error-catalog-same")
                # The other one was an edition of this: now it is the first.
                first = of.resource_id
                await self._keep(conn, replace(of, edition_of=None))
            if first is not None:
                await joins.follow_edition(conn, guild_id, resource_id, first)
            changed = await self._keep(conn, replace(known, edition_of=first))
            await self._audit(conn, actor_id, "resource.edition", changed, of)
            return changed

        return await self.catalog.database.write(job)

    async def set_gem(
        self, guild_id: int, actor_id: int, resource_id: int, is_gem: bool
    ) -> Resource:
        """Mark one of the best, or take the mark away."""

        async def job(conn: Connection) -> Resource:
            known = await self._one(conn, guild_id, resource_id)
            if known.is_gem == is_gem:
                return known
            changed = await self._keep(conn, replace(known, is_gem=is_gem))
            action: AuditAction = "resource.gem" if is_gem else "resource.ungem"
            await self._audit(conn, actor_id, action, changed, None)
            return changed

        return await self.catalog.database.write(job)

    async def _move(
        self, guild_id: int, actor_id: int, resource_id: int, to_id: int, *, is_merged: bool
    ) -> tuple[Resource, Resource]:
        async def job(conn: Connection) -> tuple[Resource, Resource]:
            known = await self._one(conn, guild_id, resource_id)
            to = await self._one(conn, guild_id, to_id)
            if resource_id == to_id:
                raise UserError("error-catalog-same")
            if to.state != "live":
                raise UserError("error-catalog-not-live", title=to.title)
            moved = replace(known, state="retired", moved_to=to_id, is_merged=is_merged)
            await joins.move(conn, guild_id, resource_id, to_id)
            moved, to = await self._keep(conn, moved), await self._one(conn, guild_id, to_id)
            await opened.mark(conn, guild_id, [resource_id, to_id])
            action: AuditAction = "resource.merge" if is_merged else "resource.replace"
            await self._audit(conn, actor_id, action, moved, to)
            return moved, to

        return await self.catalog.database.write(job)

    async def _one(self, conn: Connection, guild_id: int, resource_id: int) -> Resource:
        known = await catalog.resource(conn, guild_id, resource_id)
        if known is None:
            raise UserError("error-catalog-pick", value=str(resource_id))
        return known

    async def _keep(self, conn: Connection, resource: Resource) -> Resource:
        changed = replace(resource, updated_at=self.catalog.clock().timestamp())
        await catalog.change(conn, changed)
        return changed

    async def _audit(
        self,
        conn: Connection,
        actor_id: int,
        action: AuditAction,
        resource: Resource,
        other: Resource | None,
    ) -> None:
        more: dict[str, Any] = {"after": other.title} if other is not None else {}
        await self.catalog.audit(conn, actor_id, action, resource, **more)

"""What comes before what, outside of paths: said by moderators, and by creators of their own."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import UserError
from bot.links.service import may_use
from bot.paths import rules
from storage import audit, catalog, deeds, prerequisites
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, EventKind, Prerequisite, Resource

FINISHED = (EventKind.DONE, EventKind.KNOWN)
"""What a member says of a resource that others may build on."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What comes before a resource, as one member sees it; ``done`` are ids of what they did."""

    resource: Resource
    first: tuple[Resource, ...]
    done: frozenset[int]


@dataclass(frozen=True, slots=True)
class Prerequisites:
    """Keeps what is to be finished before what."""

    database: Database
    clock: Clock

    async def put(
        self, guild_id: int, actor_id: int, first: Resource, then: Resource, *, is_moderator: bool
    ) -> None:
        """Say that one resource is to be finished before another.

        Raises
        ------
        UserError
            They are one, it would run in a circle, there are too many, or it is not theirs to say.
        """
        if first.resource_id == then.resource_id:
            raise UserError("error-catalog-same")
        _may_say(actor_id, then, is_moderator)

        async def job(conn: Connection) -> None:
            known = await prerequisites.of(conn, guild_id)
            if then.resource_id in prerequisites.reached(known, first.resource_id):
                raise UserError("error-paths-circle", first=first.title, then=then.title)
            if len(known.get(then.resource_id, ())) >= rules.NEEDED_MAX:
                raise UserError("error-paths-needed", limit=rules.NEEDED_MAX)
            new = Prerequisite(
                guild_id=guild_id,
                resource_id=then.resource_id,
                needs_id=first.resource_id,
                added_by=actor_id,
                created_at=self.clock().timestamp(),
            )
            await prerequisites.add(conn, new)
            await self._audit(conn, actor_id, "path.before", first, then)

        await self.database.write(job)

    async def take(
        self, guild_id: int, actor_id: int, first: Resource, then: Resource, *, is_moderator: bool
    ) -> None:
        """Say that one does not come before the other; raises UserError where nobody said so."""
        _may_say(actor_id, then, is_moderator)

        async def job(conn: Connection) -> None:
            numbers = then.resource_id, first.resource_id
            if not await prerequisites.remove(conn, guild_id, *numbers):
                raise UserError("error-paths-not-before", first=first.title, then=then.title)
            await self._audit(conn, actor_id, "path.unbefore", first, then)

        await self.database.write(job)

    async def needed(
        self, guild_id: int, user_id: int, resource: Resource, role_ids: Collection[int] | None
    ) -> Needed:
        """Return what comes before a resource, without what the member may not see."""
        async with self.database.read() as conn:
            known = await prerequisites.of(conn, guild_id)
            numbers = known.get(resource.resource_id, frozenset())
            found = await catalog.by_ids(conn, guild_id, sorted(numbers))
            done = await deeds.of(conn, guild_id, user_id)
        return Needed(
            resource=resource,
            first=tuple(one for one in found.values() if may_use(one, role_ids)),
            done=frozenset(d.resource_id for d in done if d.kind in FINISHED and d.stands),
        )

    async def _audit(
        self, conn: Connection, actor_id: int, action: AuditAction, first: Resource, then: Resource
    ) -> None:
        row = AuditRow(
            guild_id=then.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(then.resource_id),
            details={"title": then.title, "after": first.title},
        )
        await audit.append(conn, row)


def _may_say(actor_id: int, then: Resource, is_moderator: bool) -> None:
    if not is_moderator and then.creator_id != actor_id:
        raise UserError("error-paths-not-yours")

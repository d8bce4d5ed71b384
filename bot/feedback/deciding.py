"""What moderators decide: sentences that others may read, links that members report."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import StaleError, UserError
from storage import audit, catalog, feedback, members
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Rating, Resource

WAITING_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence with the resource it is about."""

    rating: Rating
    resource: Resource


@dataclass(frozen=True, slots=True)
class Deciding:
    """Lets sentences through, or not, and settles reports."""

    database: Database
    clock: Clock

    async def waiting(self, guild_id: int) -> list[Spoken]:
        """Return the sentences that wait for a moderator."""
        async with self.database.read() as conn:
            found = await feedback.waiting(conn, guild_id, WAITING_SHOWN)
            return await _spoken(conn, found)

    async def one(self, guild_id: int, rating_id: int) -> Spoken:
        """Return one sentence, whatever was decided on it.

        Raises
        ------
        StaleError
            Its member took it back.
        """
        async with self.database.read() as conn:
            return await self._one(conn, guild_id, rating_id)

    async def decide(self, guild_id: int, actor_id: int, rating_id: int, is_shown: bool) -> Spoken:
        """Let others read a sentence, or not; either can be decided again.

        Raises
        ------
        UserError
            It is the moderator's own.
        """

        async def job(conn: Connection) -> Spoken:
            found = await self._one(conn, guild_id, rating_id)
            if found.rating.user_id == actor_id:
                raise UserError("error-feedback-decide-own")
            state = "shown" if is_shown else "hidden"
            await feedback.change_rating(
                conn, rating_id, state=state, decided_by=actor_id, posted_at=self._now
            )
            row = AuditRow(
                guild_id=guild_id,
                actor_id=actor_id,
                action="feedback.show" if is_shown else "feedback.hide",
                occurred_at=self._now,
                subject=str(rating_id),
                details={"title": found.resource.title},
                about=(found.rating.user_id,),
            )
            await audit.append(conn, row)
            return await self._one(conn, guild_id, rating_id)

        return await self.database.write(job)

    async def reported(self, guild_id: int) -> list[Resource]:
        """Return the resources whose links members report as broken, those that wait longest."""
        async with self.database.read() as conn:
            due = await feedback.checks_due(conn, guild_id, WAITING_SHOWN)
            known = await catalog.by_ids(conn, guild_id, [number for _, number, _ in due])
        return [known[number] for _, number, _ in due if number in known]

    async def works(self, guild_id: int, actor_id: int, resource_id: int) -> Resource:
        """Settle what was reported of a link that a moderator could open.

        Raises
        ------
        UserError
            The resource is not in the catalogue any more.
        """

        async def job(conn: Connection) -> Resource:
            resource = await existing(conn, guild_id, resource_id)
            number = resource.resource_id
            await feedback.checked(conn, guild_id, number, is_alive=True, looked_at=self._now)
            row = AuditRow(
                guild_id=guild_id,
                actor_id=actor_id,
                action="feedback.works",
                occurred_at=self._now,
                subject=str(number),
                details={"title": resource.title},
            )
            await audit.append(conn, row)
            return resource

        return await self.database.write(job)

    async def to_post(self) -> list[Spoken]:
        """Return the sentences that no moderator was shown, of every guild."""
        async with self.database.read() as conn:
            return await _spoken(conn, await feedback.unposted(conn))

    async def posted(self, rating_id: int) -> None:
        """Remember that moderators were shown a sentence."""
        await self.database.write(
            lambda conn: feedback.change_rating(conn, rating_id, posted_at=self._now)
        )

    async def staff_channel(self, guild_id: int) -> int | None:
        """Return the channel in which moderators are shown sentences."""
        async with self.database.read() as conn:
            return (await members.guild(conn, guild_id)).staff_channel_id

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _one(self, conn: Connection, guild_id: int, rating_id: int) -> Spoken:
        known = await feedback.rating(conn, guild_id, rating_id)
        found = await _spoken(conn, [known] if known is not None and known.sentence else [])
        if not found:
            raise StaleError("error-feedback-gone")
        return found[0]


async def _spoken(conn: Connection, found: list[Rating]) -> list[Spoken]:
    about = [
        (each, await catalog.standing(conn, each.guild_id, each.resource_id)) for each in found
    ]
    return [Spoken(each, resource) for each, resource in about if resource is not None]


async def existing(conn: Connection, guild_id: int, resource_id: int) -> Resource:
    """Return a resource of the catalogue, or what stands for it now.

    Raises
    ------
    UserError
        It is not there any more.
    """
    resource = await catalog.standing(conn, guild_id, resource_id)
    if resource is None or resource.state != "live":
        raise UserError("error-links-gone")
    return resource

"""Questions: how a server has them looked after, and what each part of that is done by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.links.service import LinksService
from bot.points.service import PointsService
from bot.questions import rules
from bot.questions.decisions import Decisions
from bot.questions.keeping import Keeping
from bot.questions.looking import Looking
from bot.questions.threads import Threads
from bot.questions.upkeep import Upkeep
from bot.search.service import SearchService
from storage import audit, ledger, question_upkeep, questions
from storage.connection import Connection
from storage.database import Database
from storage.promises import Again
from storage.records import AuditRow, QuestionPlace, QuestionSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsService:
    """A server's questions."""

    database: Database
    clock: Clock
    threads: Threads
    decisions: Decisions
    looking: Looking
    upkeep: Upkeep

    @classmethod
    def of(
        cls,
        database: Database,
        clock: Clock,
        points: PointsService,
        links: LinksService,
        words: SearchService,
        again: Again | None = None,
    ) -> "QuestionsService":
        """Put the parts together."""
        keeping = Keeping(clock, points)
        return cls(
            database=database,
            clock=clock,
            threads=Threads(
                database=database, clock=clock, keeping=keeping, again=again or Again()
            ),
            decisions=Decisions(database=database, clock=clock, keeping=keeping),
            looking=Looking(database=database, clock=clock, links=links, words=words),
            upkeep=Upkeep(database=database, clock=clock, keeping=keeping),
        )

    async def spendable(self, guild_id: int, user_id: int) -> int:
        """Return what a member could stake, in hundredths."""
        async with self.database.read() as conn:
            return await ledger.balance(conn, guild_id, user_id)

    async def setup(self, guild_id: int) -> tuple[QuestionSettings, list[QuestionPlace]]:
        """Return how a guild's questions are looked after, and where they are asked."""
        async with self.database.read() as conn:
            return (
                await questions.settings(conn, guild_id),
                await questions.places(conn, guild_id),
            )

    async def setup_in(
        self, conn: Connection, guild_id: int
    ) -> tuple[QuestionSettings, list[QuestionPlace]]:
        """Return what `setup` does, in the caller's transaction."""
        return await questions.settings(conn, guild_id), await questions.places(conn, guild_id)

    async def change(
        self, guild_id: int, actor_id: int, **changes: Any
    ) -> tuple[QuestionSettings, list[QuestionPlace]]:
        """Change settings by their names."""

        async def job(conn: Connection) -> None:
            before = await questions.settings(conn, guild_id)
            after = replace(before, **changes)
            if after != before:
                await questions.save_settings(conn, after)
                await self._note(conn, guild_id, actor_id, sorted(changes))

        await self.database.write(job)
        return await self.setup(guild_id)

    async def watch(
        self, guild_id: int, actor_id: int, places: Sequence[QuestionPlace]
    ) -> tuple[QuestionSettings, list[QuestionPlace]]:
        """Watch exactly these channels; those that were watched before keep their moment.

        Raises
        ------
        UserError
            They are too many.
        """
        if len(places) > rules.PLACES_MAX:
            raise UserError("error-questions-places", count=rules.PLACES_MAX)

        async def job(conn: Connection) -> None:
            before = {p.channel_id: p for p in await questions.places(conn, guild_id)}
            wanted = {place.channel_id: place for place in places}
            for channel_id in before.keys() - wanted.keys():
                await questions.drop_place(conn, guild_id, channel_id)
            for place in places:
                await questions.save_place(conn, place)
            if before.keys() != wanted.keys():
                await self._note(conn, guild_id, actor_id, ["places"])

        await self.database.write(job)
        return await self.setup(guild_id)

    async def tag(
        self, guild_id: int, actor_id: int, channel_id: int, state: str, tag_id: int
    ) -> None:
        """Choose the forum's tag that says that questions are solved, or stale."""

        async def job(conn: Connection) -> None:
            found = {p.channel_id: p for p in await questions.places(conn, guild_id)}
            if channel_id not in found:
                raise StaleError("error-questions-not-watched")
            name = "solved_tag_id" if state == "solved" else "stale_tag_id"
            await questions.save_place(conn, replace(found[channel_id], **{name: tag_id}))
            await question_upkeep.unshow(conn, guild_id, channel_id)
            await self._note(conn, guild_id, actor_id, [name])

        await self.database.write(job)

    async def retag(self, guild_id: int, channel_id: int, names: Sequence[tuple[int, str]]) -> None:
        """Follow the tags of a watched forum; a tick then sets them on posts that are awake.

        Parameters
        ----------
        names
            The ids and names of all tags that it has now.
        """
        place = await self.threads.place(guild_id, channel_id)
        if place is None or rules.retagged(place, names) == place:
            return

        async def job(conn: Connection) -> None:
            places = {p.channel_id: p for p in await questions.places(conn, guild_id)}
            if channel_id in places:
                await questions.save_place(conn, rules.retagged(places[channel_id], names))
                await question_upkeep.unshow(conn, guild_id, channel_id)

        await self.database.write(job)

    async def _note(
        self, conn: Connection, guild_id: int, actor_id: int, fields: Sequence[str]
    ) -> None:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action="questions.setup",
            occurred_at=self.clock().timestamp(),
            details={"fields": list(fields)},
        )
        await audit.append(conn, row)

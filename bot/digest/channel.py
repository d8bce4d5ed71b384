"""The digest of a channel: where and when moderators want it, claimed once a week, and marked."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot import dates, opening, zones
from bot.clock import Clock
from bot.dates import DAY_S
from bot.digest import roundup, rules
from bot.digest.roundup import Helper, Liked, Roundup
from bot.links.service import may_use
from bot.questions.service import QuestionsService
from storage import audit, catalog, channel_digests, members
from storage.connection import Connection
from storage.database import Database
from storage.records import (
    AuditAction,
    AuditRow,
    ChannelDigest,
    ChannelLetter,
    ChannelLetterState,
    Question,
    Resource,
)

SPAN_S = 7 * DAY_S
NEW_S = 30 * DAY_S
"""For how long somebody is new, counted from the first thing they did."""
NONCE_BYTES = 12
DEEP = 20


@dataclass(frozen=True, slots=True)
class ChannelPost:
    """What a channel's digest shows; ``period`` is its week."""

    period: str
    roundup: Roundup
    resources: dict[int, Resource]
    questions: dict[int, Question]

    @property
    def counts(self) -> dict[int, int]:
        """How many members a resource is for, where so many may be told."""
        all_liked = (*self.roundup.useful, *self.roundup.picks)
        return {
            one.resource_id: one.n_members
            for one in all_liked
            if one.n_members >= roundup.COUNTED_MIN
        }


@dataclass(frozen=True, slots=True)
class ChannelDigests:
    """The digests of channels."""

    database: Database
    clock: Clock
    questions: QuestionsService

    # ------------------------------------------------------------------- moderators

    async def setting(self, guild_id: int) -> ChannelDigest | None:
        """Return where and when a server's digest comes, None where it is off."""
        await self.replan(self.clock())
        async with self.database.read() as conn:
            return await channel_digests.setting(conn, guild_id)

    async def turn_on(
        self, guild_id: int, actor_id: int, channel_id: int, weekday: int, hour: int
    ) -> ChannelDigest:
        """Have the server's digest posted in a channel, once a week."""
        now = self.clock()

        async def job(conn: Connection) -> ChannelDigest:
            wanted = ChannelDigest(
                guild_id=guild_id,
                channel_id=channel_id,
                weekday=weekday,
                hour=hour,
                due_at=0.0,
                due_zone=zones.DEFAULT_ZONE,
            )
            await _audit(conn, guild_id, actor_id, "digest.channel.on", now)
            return await self._plan(conn, wanted, now)

        return await self.database.write(job)

    async def turn_off(self, guild_id: int, actor_id: int) -> bool:
        """Have none posted any more; False where none was."""
        now = self.clock()

        async def job(conn: Connection) -> bool:
            if not await channel_digests.drop(conn, guild_id):
                return False
            await _audit(conn, guild_id, actor_id, "digest.channel.off", now)
            return True

        return await self.database.write(job)

    async def preview(self, guild_id: int) -> ChannelPost:
        """Return what would be posted now."""
        async with self.database.read() as conn:
            return await self._composed(conn, guild_id, self.clock(), "preview")

    # ---------------------------------------------------------------------- posting

    async def due(self, now: datetime) -> list[ChannelDigest]:
        """Return the servers whose moment has come."""
        await self.replan(now)
        async with self.database.read() as conn:
            return await channel_digests.due(conn, now.timestamp())

    async def unfinished(self, now: datetime) -> list[ChannelLetter]:
        """Return what was claimed, and nobody marked for a while."""
        async with self.database.read() as conn:
            found = await channel_digests.claimed(conn)
        return [one for one in found if rules.fate(now.timestamp() - one.claimed_at) != "wait"]

    async def claim(
        self, seen: ChannelDigest, now: datetime
    ) -> tuple[ChannelLetter, ChannelPost] | None:
        """Claim a server's digest of the week; None where there is nothing to post.

        The week is spent either way, and the next moment is found.
        """

        async def job(conn: Connection) -> tuple[ChannelLetter, ChannelPost] | None:
            known = await channel_digests.setting(conn, seen.guild_id)
            if known is None or known.due_at > now.timestamp():
                return None
            due_at = dates.utc(known.due_at)
            period = rules.period(due_at, zones.zone_of(known.due_zone))
            post = await self._composed(conn, known.guild_id, now, period)
            is_late = roundup.is_too_late(known.due_at, now.timestamp())
            letter = ChannelLetter(
                guild_id=known.guild_id,
                period=period,
                state="claimed" if post.roundup.is_worth_posting and not is_late else "skipped",
                channel_id=known.channel_id,
                nonce=secrets.token_hex(NONCE_BYTES),
                claimed_at=now.timestamp(),
            )
            is_ours = await channel_digests.claim(conn, letter)
            await self._plan(conn, known, now)
            return (letter, post) if is_ours and letter.state == "claimed" else None

        return await self.database.write(job)

    async def again(self, letter: ChannelLetter, now: datetime) -> ChannelPost | None:
        """Return what a claimed digest shows by now; None where it is not wanted any more."""
        async with self.database.read() as conn:
            known = await channel_digests.setting(conn, letter.guild_id)
            if known is None or known.channel_id != letter.channel_id:
                return None
            return await self._composed(conn, letter.guild_id, now, letter.period)

    async def mark(
        self, letter: ChannelLetter, state: ChannelLetterState, problem: str | None = None
    ) -> None:
        """Remember what became of a claimed digest, and what is wrong with its channel."""
        sent_at = self.clock().timestamp() if state == "sent" else None

        async def job(conn: Connection) -> None:
            await channel_digests.mark(conn, letter, state, sent_at)
            await channel_digests.set_problem(conn, letter.guild_id, problem)

        await self.database.write(job)

    async def replan(self, now: datetime) -> None:
        """Find the next moment again where the server's zone, or the clock, was changed."""
        at = now.timestamp()
        async with self.database.read() as conn:
            found = await channel_digests.misplanned(conn, at, at + rules.AHEAD_S)
            planned = [await self._planned(conn, one, now) for one in found]
        if planned == found:
            return

        async def job(conn: Connection) -> None:
            for one in await channel_digests.misplanned(conn, at, at + rules.AHEAD_S):
                await self._plan(conn, one, now)

        await self.database.write(job)

    # ----------------------------------------------------------------------- pieces

    async def _plan(self, conn: Connection, one: ChannelDigest, now: datetime) -> ChannelDigest:
        planned = await self._planned(conn, one, now)
        await channel_digests.save(conn, planned)
        return planned

    async def _planned(self, conn: Connection, one: ChannelDigest, now: datetime) -> ChannelDigest:
        """Return it with its next moment whose week is still free."""
        name = (await members.guild(conn, one.guild_id)).time_zone or zones.DEFAULT_ZONE
        zone = zones.zone_of(name)
        last = await channel_digests.sent_at(conn, one.guild_id)
        free_at = last + opening.WEEK_S - 1 if last <= now.timestamp() else 0.0
        due = rules.next_due(max(now, dates.utc(free_at)), zone, one.weekday, one.hour)
        while await channel_digests.is_taken(conn, one.guild_id, rules.period(due, zone)):
            due = rules.next_due(due, zone, one.weekday, one.hour)
        return replace(one, due_at=due.timestamp(), due_zone=name)

    async def _composed(
        self, conn: Connection, guild_id: int, now: datetime, period: str
    ) -> ChannelPost:
        since = now.timestamp() - SPAN_S
        useful = await channel_digests.useful(conn, guild_id, since, DEEP)
        picks = await channel_digests.first_picks(conn, guild_id, now.timestamp() - NEW_S, DEEP)
        found = await catalog.by_ids(conn, guild_id, [i for i, _ in (*useful, *picks)])
        shown_to_all = {
            i: one for i, one in found.items() if one.state == "live" and may_use(one, ())
        }
        solved = await self.questions.looking.public(conn, guild_id, is_solved=True, since=since)
        helpers = await channel_digests.helpers(conn, guild_id, since)
        shown = roundup.compose(
            _liked(useful, shown_to_all),
            [one.question_id for one in solved],
            _liked(picks, shown_to_all),
            [Helper(*row) for row in helpers],
            private=await members.private(conn, guild_id, [row[0] for row in helpers]),
        )
        return ChannelPost(
            period=period,
            roundup=shown,
            resources=shown_to_all,
            questions={one.question_id: one for one in solved},
        )


def _liked(found: list[tuple[int, int]], shown: Collection[int]) -> list[Liked]:
    return [Liked(number, n) for number, n in found if number in shown]


async def _audit(
    conn: Connection, guild_id: int, actor_id: int, action: AuditAction, now: datetime
) -> None:
    row = AuditRow(guild_id=guild_id, actor_id=actor_id, action=action, occurred_at=now.timestamp())
    await audit.append(conn, row)

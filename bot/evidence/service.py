"""What members' acts on each other show, and what moderators do about it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.evidence import rules
from bot.evidence.rules import Edge, Patterns
from bot.evidence.rules import Ring as Ring
from bot.legible import is_blank
from bot.points.service import PointsService
from bot.rewards.kinds import BETWEEN
from bot.rewards.ruleset import DAY_S
from storage import audit, evidence, ledger
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow

_BATCH = 100
"""Entries that one transaction holds, releases or reverses: others write in between."""
Verdict = Literal["hold", "release", "reverse"]
_VERDICTS: Mapping[Verdict, AuditAction] = {
    "hold": "ring.hold",
    "release": "ring.release",
    "reverse": "ring.reverse",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What members' acts on each other show, from a moment on and up to an entry."""

    since: int
    last: int
    found: Patterns


@dataclass(frozen=True, slots=True)
class Handled:
    """What a moderator did about a ring: how many entries of how many."""

    verdict: Verdict
    n_done: int
    n_entries: int
    ring: Ring


@dataclass(frozen=True, slots=True)
class Among:
    """What a few members paid each other since a moment, up to an entry of the ledger."""

    since: int
    last: int
    ring: Ring


@dataclass(frozen=True, slots=True)
class EvidenceService:
    """Looks at who pays whom, and holds, releases and reverses what a group paid itself."""

    database: Database
    clock: Clock
    points: PointsService

    async def evidence(
        self, guild_id: int, days: int = rules.DAYS, *, since: int | None = None, last: int = 0
    ) -> Evidence:
        """Return what the last days' acts show, or what they showed at an earlier look."""
        async with self.database.read() as conn:
            if since is None:
                since = int(self.clock().timestamp()) - days * DAY_S
                last = await ledger.last_entry(conn)
            edges = await self._edges(conn, guild_id, since, last)
        return Evidence(since, last, await asyncio.to_thread(rules.patterns, edges))

    async def among(self, guild_id: int, user_ids: Collection[int], days: int) -> Among:
        """Return what a few members whom a moderator names paid each other in the last days.

        Raises
        ------
        UserError
            They are not two to four different members, or paid each other nothing.
        """
        people = set(user_ids)
        if not 2 <= len(people) < rules.GROUP_MIN:
            raise UserError("error-rulebook-few", high=rules.GROUP_MIN - 1)
        since = int(self.clock().timestamp()) - days * DAY_S
        async with self.database.read() as conn:
            last = await ledger.last_entry(conn)
            edges = await self._edges(conn, guild_id, since, last)
        found = rules.named(people, edges)
        if not found.n_acts:
            raise UserError("error-rulebook-few-none")
        return Among(since, last, found)

    async def ring(self, guild_id: int, key: str, since: int, last: int) -> Ring:
        """Return a ring of an earlier look, found or named.

        Raises
        ------
        UserError
            It is not there any more: its points have been taken back, or somebody was erased.
        """
        few = rules.members_of(key)
        if few:
            async with self.database.read() as conn:
                edges = await self._edges(conn, guild_id, since, last)
            found = rules.named(few, edges)
            if found.n_acts:
                return found
            raise StaleError("error-rulebook-ring")
        seen = await self.evidence(guild_id, since=since, last=last)
        for ring in seen.found.rings:
            if ring.key == key:
                return ring
        raise StaleError("error-rulebook-ring")

    async def _edges(self, conn: Connection, guild_id: int, since: float, last: int) -> list[Edge]:
        return await evidence.given(
            conn, guild_id, BETWEEN, since=since, last=last, quick_s=rules.QUICK_S
        )

    async def handle(
        self,
        guild_id: int,
        actor_id: int,
        key: str,
        since: int,
        last: int,
        *,
        verdict: Verdict,
        reason: str,
    ) -> Handled:
        """Hold, release or reverse what the members of a ring paid each other.

        In batches, so that others can write in between; done again, it does what is left. One
        audit row says so at the end, and every entry names moderator and reason.

        Raises
        ------
        UserError
            The ring is not there any more, or there is no reason.
        """
        if is_blank(reason):
            raise UserError("error-rulebook-reason")
        ring = await self.ring(guild_id, key, since, last)
        async with self.database.read() as conn:
            entries = await evidence.given_within(
                conn, guild_id, BETWEEN, ring.members, since=since, last=last
            )
        n_done = 0
        for start in range(0, len(entries), _BATCH):
            n_done += await self._handle(actor_id, entries[start : start + _BATCH], verdict, reason)
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action=_VERDICTS[verdict],
            occurred_at=self.clock().timestamp(),
            details={"entries": n_done, "members": len(ring.members), "reason": reason},
            about=ring.members,
        )
        await self.database.write(lambda conn: audit.append(conn, row))
        return Handled(verdict=verdict, n_done=n_done, n_entries=len(entries), ring=ring)

    async def _handle(
        self, actor_id: int, entries: Sequence[int], verdict: Verdict, reason: str
    ) -> int:
        async def job(conn: Connection) -> int:
            points = self.points
            if verdict == "hold":
                return len(
                    await points.entries.hold(conn, entries, actor_id=actor_id, reason=reason)
                )
            if verdict == "release":
                return len(
                    await points.entries.release(conn, entries, actor_id=actor_id, reason=reason)
                )
            done = [
                await points.entries.reverse(conn, each, actor_id=actor_id, reason=reason)
                for each in entries
            ]
            return sum(each is not None for each in done)

        return await self.database.write(job)

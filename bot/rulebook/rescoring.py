"""Decisions to re-score: from which day on, what is decided, carried out and taken back."""

from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.legible import is_blank
from bot.points.service import PointsService
from bot.rewards import calendar, ruleset
from bot.rewards.kinds import ACTS
from bot.rulebook import rules
from storage import audit, members, rescores
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, Rescore


@dataclass(slots=True)
class Progress:
    """How far a preview or a count has come; whoever shows it reads it when they like."""

    n_read: int = 0
    n_total: int = 0

    def seen(self, n_read: int, n_total: int) -> None:
        """Take note of how far it is."""
        self.n_read, self.n_total = n_read, n_total


@dataclass(frozen=True, slots=True)
class Rescoring:
    """Every guild's decisions to count again what was earned."""

    database: Database
    clock: Clock
    points: PointsService

    async def days_back(self, guild_id: int) -> list[tuple[str, int]]:
        """Return days that may be counted from, with how many days ago each was."""
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            zone = (await members.guild(conn, guild_id)).time_zone
            first_at = await rescores.first_at(conn, ACTS, guild_id)
        if first_at is None:
            return []
        first = rules.first_day(first_at, zone, now)
        wanted = [(now - days * ruleset.DAY_S, days) for days in rules.BACK_DAYS]
        found = [(calendar.day_written(at, zone), days) for at, days in wanted]
        return [each for each in found if (calendar.day_start(each[0], zone) or 0.0) >= first]

    async def since(self, conn: Connection, guild_id: int, at: float | None) -> float:
        """Return the moment if what was earned from it on may be counted again.

        Raises
        ------
        UserError
            It may not, or there is nothing to count.
        """
        now = self.clock().timestamp()
        zone = (await members.guild(conn, guild_id)).time_zone
        first_at = await rescores.first_at(conn, ACTS, guild_id)
        if first_at is None:
            raise UserError("error-rulebook-no-events")
        first = rules.first_day(first_at, zone, now)
        if at is None or not first <= at <= now:
            raise UserError(
                "error-rulebook-since",
                first=calendar.day_written(first, zone),
                last=calendar.day_written(now, zone),
                days=rules.BACK_DAYS_MAX,
                zone=zone,
            )
        return at

    async def day_of(self, decision: Rescore) -> str:
        """Return the day from which a decision counts, in the guild's time zone."""
        async with self.database.read() as conn:
            zone = (await members.guild(conn, decision.guild_id)).time_zone
        return calendar.day_written(decision.since_at, zone)

    async def carry_out(self, decision: Rescore, progress: Progress) -> Rescore:
        """Carry out a decision, or what is left of it; return it with what it came to."""
        return await self.points.carry_out(decision, progress.seen)

    async def undo(self, guild_id: int, actor_id: int, rescore_id: int, reason: str) -> Rescore:
        """Decide to take a count back, which `carry_out` then does; the rules stay in force.

        Raises
        ------
        UserError
            There is no reason; it was taken back already; a later one has to be taken back
            before it; or something is being counted.
        """
        if is_blank(reason):
            raise UserError("error-rulebook-reason")
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Rescore:
            found = rules.undoable(await rescores.of_guild(conn, guild_id))
            if await rescores.is_running(conn, guild_id):
                raise UserError("error-points-rescoring")
            if found is None or found.rescore_id != rescore_id:
                raise StaleError("error-rulebook-undone")
            wanted = replace(
                found,
                undoes=rescore_id,
                created_by=actor_id,
                reason=reason.strip(),
                created_at=now,
                finished_at=None,
                n_entries=0,
                n_members=0,
                amount=0,
            )
            return await self.decide(conn, wanted, "rules.rescore.undo")

        return await self.database.write(job)

    async def decide(self, conn: Connection, wanted: Rescore, action: AuditAction) -> Rescore:
        """Store a decision, with an audit row, and return it with its number."""
        rescore_id = await self.points.decide(conn, wanted)
        details = {"version": wanted.version, "since": wanted.since_at, "reason": wanted.reason}
        row = AuditRow(
            guild_id=wanted.guild_id,
            actor_id=wanted.created_by,
            action=action,
            occurred_at=wanted.created_at,
            subject=str(wanted.undoes or rescore_id),
            details=details,
        )
        await audit.append(conn, row)
        decided = await rescores.decision(conn, wanted.guild_id, rescore_id)
        assert decided is not None
        return decided

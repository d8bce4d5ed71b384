"""Giving and taking points by hand: limited a day and moderator, audited, and reversible."""

from dataclasses import dataclass, replace

from bot import dates
from bot.awards import rules
from bot.clock import Clock
from bot.errors import UserError
from bot.legible import is_blank
from bot.points.service import PointsService
from storage import audit, ledger, members
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, LedgerEntry

KINDS = ("award", "deduct")
_ACTIONS: tuple[AuditAction, ...] = ("points.award", "points.deduct")


@dataclass(frozen=True, slots=True)
class Given:
    """Points given (or taken, below 0) by hand; ``used`` of ``daily`` is what a day came to.

    ``is_private`` says that the member keeps their points to themselves.
    """

    entry_id: int
    user_id: int
    amount: int
    reason: str
    used: int
    daily: int
    is_private: bool


@dataclass(frozen=True, slots=True)
class AwardsService:
    """Points that no rule pays."""

    database: Database
    clock: Clock
    points: PointsService

    async def give(
        self,
        guild_id: int,
        actor_id: int,
        user_id: int,
        points: float,
        reason: str,
        *,
        source_id: int,
        is_deduction: bool = False,
    ) -> Given:
        """Give a member points, or take them away.

        Parameters
        ----------
        points
            How many, above 0 in both cases.
        source_id
            Of the interaction: it gives once.

        Raises
        ------
        UserError
            There is no reason, the moderator's day is used up, it is themselves, or the member
            has fewer.
        """
        amount = rules.hundredths(points) * (-1 if is_deduction else 1)
        kind, action = KINDS[is_deduction], _ACTIONS[is_deduction]
        reason = " ".join(reason.split())
        if is_blank(reason):
            raise UserError("error-awards-reason")

        async def job(conn: Connection) -> Given:
            case = await self._allowed(conn, guild_id, actor_id, user_id, amount)
            entry_id = await self.points.entries.give(
                conn,
                guild_id,
                user_id,
                kind=kind,
                amount=amount,
                source_id=source_id,
                actor_id=actor_id,
                reason=reason,
            )
            if entry_id is None:
                raise UserError("error-awards-done")
            given = Given(
                entry_id=entry_id,
                user_id=user_id,
                amount=amount,
                reason=reason,
                used=case.used + abs(amount),
                daily=case.daily,
                is_private=bool(await members.private(conn, guild_id, {user_id})),
            )
            await self._audit(conn, guild_id, actor_id, action, given)
            return given

        return await self.database.write(job)

    async def _allowed(
        self, conn: Connection, guild_id: int, actor_id: int, user_id: int, amount: int
    ) -> rules.Case:
        """Return the case of a moderator and a member, refused where it may not be."""
        if await members.untracked(conn, guild_id, {user_id}):
            raise UserError("error-awards-untracked")
        case = rules.Case(
            actor_id=actor_id,
            user_id=user_id,
            amount=amount,
            earned=await ledger.earned(conn, guild_id, user_id),
            used=await self._used(conn, guild_id, actor_id),
            daily=(await self.points.rules_in_force(conn, guild_id))[1].general.by_hand,
        )
        found = rules.refusal(case)
        if found is not None:
            raise UserError(found[0], **found[1])
        return case

    async def undo(self, guild_id: int, actor_id: int, entry_id: int) -> LedgerEntry:
        """Take back what was given, or give back what was taken, exactly and once.

        Raises
        ------
        UserError
            There is nothing (any more) to undo.
        """

        async def job(conn: Connection) -> LedgerEntry:
            found = await ledger.entries(conn, (entry_id,))
            if not found or found[0].guild_id != guild_id or found[0].kind not in KINDS:
                raise UserError("error-awards-undone")
            entry = found[0]
            if (
                await self.points.entries.reverse(
                    conn, entry_id, actor_id=actor_id, reason=entry.reason
                )
                is None
            ):
                raise UserError("error-awards-undone")
            undone = replace(entry, amount=-entry.amount)
            await self._audit(conn, guild_id, actor_id, "points.undo", undone)
            return entry

        return await self.database.write(job)

    async def _used(self, conn: Connection, guild_id: int, actor_id: int) -> int:
        """Return what a moderator gave and took in the last day and that stands."""
        now = self.clock().timestamp()
        return await ledger.given_by(
            conn, guild_id, actor_id, KINDS, since=now - dates.DAY_S, until=now + dates.DAY_S
        )

    async def _audit(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        action: AuditAction,
        given: Given | LedgerEntry,
    ) -> None:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self.clock().timestamp(),
            subject=str(given.entry_id),
            details={"amount": given.amount, "reason": given.reason},
            about=(given.user_id,),
        )
        await audit.append(conn, row)

"""What a member may see, take along, switch off and erase."""

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.privacy import rules
from bot.profile.service import Profile, ProfileService
from storage import audit, consent, members, privacy, shop
from storage.database import Database
from storage.records import AuditAction, AuditRow, Holdings
from storage.schema import ERASED


@dataclass(frozen=True, slots=True)
class Report:
    """What is stored about a member, and what they said about it.

    Until ``used_until`` at most a model serves that has learned what they do not allow any more.
    """

    holdings: Holdings
    profile: Profile
    used_until: float | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows erasing took; and as in `Report`."""

    n_rows: int
    used_until: float | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A file for the member."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PrivacyService:
    """A member's own data."""

    database: Database
    clock: Clock
    profiles: ProfileService

    async def report(self, guild_id: int, user_id: int) -> Report:
        """Return what is stored about a member."""
        async with self.database.read() as conn:
            return await self._report_in(conn, guild_id, user_id)

    async def _report_in(self, conn: AsyncConnection, guild_id: int, user_id: int) -> Report:
        return Report(
            await privacy.holdings(conn, guild_id, user_id),
            await self.profiles.profile_in(conn, guild_id, user_id),
            await consent.used_until(conn, guild_id, user_id, self.clock().timestamp()),
        )

    async def export(self, guild_id: int, user_id: int) -> Export:
        """Return everything stored about a member as a JSON file."""
        async with self.database.read() as conn:
            tables = await privacy.export(conn, guild_id, user_id)
        now = self.clock().isoformat(timespec="seconds")
        return Export(*await asyncio.to_thread(rules.pack, guild_id, user_id, now, tables))

    async def set_learning(
        self, guild_id: int, user_id: int, *, is_on: bool, has_earlier: bool = False
    ) -> Report:
        """Let what a member does train the model, earlier records too or not, or keep it out."""
        await self.profiles.answer_consent(
            guild_id, user_id, is_granted=is_on, has_earlier=has_earlier
        )
        return await self.report(guild_id, user_id)

    async def set_tracking(self, guild_id: int, user_id: int, *, is_on: bool) -> Report:
        """Record what a member does from now on, or record nothing of it."""
        now = self.clock().timestamp()

        async def job(conn: AsyncConnection) -> Report:
            known = await members.member(conn, guild_id, user_id)
            if known.is_tracked != is_on:
                await members.change_member(conn, guild_id, user_id, now, is_tracked=is_on)
                await consent.withdraw(conn, guild_id, now, user_id)
                action: AuditAction = "tracking-resumed" if is_on else "tracking-stopped"
                await audit.append(conn, AuditRow(guild_id, user_id, action, now))
            return await self._report_in(conn, guild_id, user_id)

        return await self.database.write(job)

    async def erase(self, guild_id: int, user_id: int, *, is_tracking_stopped: bool) -> Erased:
        """Erase a member, and give an end to the models that learned from them.

        Of a role that they bought for a time its end is kept, and nothing else, until it is
        taken back: otherwise it would never end.

        Parameters
        ----------
        is_tracking_stopped
            Keep one row that says to record nothing of this id; without it the member is a
            newcomer from then on.
        """
        now = self.clock().timestamp()

        async def job(conn: AsyncConnection) -> Erased:
            ends = await shop.ends_of(conn, guild_id, user_id, now)
            await consent.withdraw(conn, guild_id, now, user_id, is_erased=True)
            until = await consent.used_until(conn, guild_id, user_id, now, is_erased=True)
            touched = await privacy.erase(conn, guild_id, user_id)
            await shop.keep_ends(conn, ends)
            if is_tracking_stopped:
                await members.change_member(conn, guild_id, user_id, now, is_tracked=False)
            await audit.append(conn, AuditRow(guild_id, ERASED, "member-erased", now))
            return Erased(sum(touched.values()), until)

        return await self.database.write(job)

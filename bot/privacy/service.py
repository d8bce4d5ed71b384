"""What a member may see, take along, switch off and erase."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.privacy import rules
from bot.privacy.noting import Noting, Who
from bot.profile.service import Profile, ProfileService
from storage import audit, consent, events, members, orders, privacy, promised
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.promises import Again, Kind, NotesError, Promise, Standing
from storage.records import AuditAction, AuditRow, Holdings
from storage.schema import ERASED

log = logging.getLogger(__name__)

UNMET_AT_ONCE = 200
"""Promises to members whom a restored database does not know, in one transaction."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is stored about a member, and what they said about it.

    Until ``used_until`` at most a model serves that has learned what they do not allow any more.
    Where not ``is_noted``, what they chose just now might not outlive a restored backup.
    """

    holdings: Holdings
    profile: Profile
    used_until: float | None = None
    is_noted: bool = True


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows erasing took; and as in `Report`."""

    n_rows: int
    used_until: float | None = None
    is_noted: bool = True


@dataclass(frozen=True, slots=True)
class Export:
    """A file for the member."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stake:
    """What a member loses by erasing: orders not delivered, codes they could look up."""

    n_owed: int
    n_codes: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the privacy notice of an installation depends on.

    Parameters
    ----------
    groups
        What is stored of members, with the days it is kept; None for as long as the server has
        the bot.
    left_days
        For how long what a server left behind is kept.
    backup_days
        For how long a backup is kept; 0 where none is made.
    """

    groups: Mapping[str, int | None]
    reads_content: bool
    left_days: int
    backup_days: int


@dataclass(frozen=True, slots=True)
class PrivacyService:
    """A member's own data."""

    database: Database
    clock: Clock
    profiles: ProfileService
    noting: Noting
    """What is promised here is noted beside the backups, which hold what is erased afterwards."""

    @classmethod
    def of(
        cls,
        database: Database,
        clock: Clock,
        profiles: ProfileService,
        folder: Path | None = None,
        again: Again | None = None,
    ) -> "PrivacyService":
        """Put the parts together; ``folder`` is the one of backups."""
        noting = Noting(database=database, clock=clock, folder=folder, again=again or Again())
        return cls(database=database, clock=clock, profiles=profiles, noting=noting)

    async def report(self, guild_id: int, user_id: int) -> Report:
        """Return what is stored about a member."""
        async with self.database.read() as conn:
            return await self._report_in(conn, guild_id, user_id)

    async def _report_in(self, conn: Connection, guild_id: int, user_id: int) -> Report:
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
        is_noted = await self.noting.note()
        return replace(await self.report(guild_id, user_id), is_noted=is_noted)

    async def set_tracking(self, guild_id: int, user_id: int, *, is_on: bool) -> Report:
        """Record what a member does from now on, or record nothing of it."""
        now = self.clock().timestamp()
        promise = Promise.to(guild_id, user_id, "tracked" if is_on else "untracked", now)

        async def job(conn: Connection) -> Report:
            known = await members.member(conn, guild_id, user_id)
            if known.is_tracked != is_on:
                await promised.make(conn, promise)
                await members.change_member(conn, guild_id, user_id, now, is_tracked=is_on)
                await consent.withdraw(conn, guild_id, now, user_id)
                action: AuditAction = "tracking-resumed" if is_on else "tracking-stopped"
                await audit.append(
                    conn,
                    AuditRow(guild_id=guild_id, actor_id=user_id, action=action, occurred_at=now),
                )
            return await self._report_in(conn, guild_id, user_id)

        report = await self.database.write(job)
        self._remember(promise)
        return replace(report, is_noted=await self.noting.note())

    def _remember(self, promise: Promise) -> None:
        """Have what is read back after a restore go by this, too."""
        if self.noting.again.promises:
            self.noting.again.promises.append(promise)

    async def stake(self, guild_id: int, user_id: int) -> Stake:
        """Return what a member would lose by erasing."""
        async with self.database.read() as conn:
            return Stake(*await orders.at_stake(conn, guild_id, user_id))

    async def erase(
        self,
        guild_id: int,
        user_id: int,
        *,
        is_tracking_stopped: bool,
        names: Collection[str] = (),
    ) -> Erased:
        """Erase a member, from the bytes too, and give an end to the models that learned from them.

        Of a role that they bought for a time its end is kept, and nothing else, until it is
        taken back: otherwise it would never end.

        Parameters
        ----------
        names
            What they are called: moderators' words with one of them in it are emptied.
        is_tracking_stopped
            Keep one row that says to record nothing of this id; without it the member is a
            newcomer from then on.
        """
        kind: Kind = "erased-untracked" if is_tracking_stopped else "erased"
        promise = Promise.to(guild_id, user_id, kind, self.clock().timestamp())

        async def job(conn: Connection) -> Erased:
            erased = await self._erase(conn, guild_id, user_id, names)
            if is_tracking_stopped:
                await self._stop_tracking(conn, guild_id, user_id)
            await promised.make(conn, promise)
            return erased

        erased = await self.database.write(job)
        self._remember(promise)
        is_noted = await self.noting.note()
        await self.scrub_due(self.clock())
        return replace(erased, is_noted=is_noted)

    async def _erase(
        self, conn: Connection, guild_id: int, user_id: int, names: Collection[str] = ()
    ) -> Erased:
        now = self.clock().timestamp()
        ends = await orders.ends_of(conn, guild_id, user_id, now)
        await consent.withdraw(conn, guild_id, now, user_id, is_erased=True)
        until = await consent.used_until(conn, guild_id, user_id, now, is_erased=True)
        touched = await privacy.erase(conn, guild_id, user_id, names)
        await promised.forget(conn, guild_id, user_id)
        await orders.keep_ends(conn, ends)
        row = AuditRow(guild_id=guild_id, actor_id=ERASED, action="member-erased", occurred_at=now)
        await audit.append(conn, row)
        await stored.ask_for_scrub(conn, now)
        return Erased(sum(touched.values()), until)

    async def _stop_tracking(self, conn: Connection, guild_id: int, user_id: int) -> None:
        now = self.clock().timestamp()
        await members.change_member(conn, guild_id, user_id, now, is_tracked=False)
        await consent.withdraw(conn, guild_id, now, user_id)

    async def keep_promises(self) -> int:
        """Carry out what the backups' folder says was promised and this database does not know.

        Whoever put a backup in its place, by whatever way, need not remember it. Each member is a
        transaction, so a server of many stays responsive and a kill loses nothing. Where the notes
        cannot be read it is said, and tried again by `tick`. Returns how many promises that were.
        """
        try:
            due = await self.noting.due()
        except NotesError:
            return 0
        n_kept = len(due.unmet)
        for who, theirs in due.to.items():
            await self.database.write(
                lambda conn, who=who, theirs=theirs: self._keep(conn, who, theirs)  # type: ignore[misc]
            )
            n_kept += len(theirs)
        for start in range(0, len(due.unmet), UNMET_AT_ONCE):
            some = due.unmet[start : start + UNMET_AT_ONCE]
            await self.database.write(
                lambda conn, some=some: promised.wait_for(conn, some)  # type: ignore[misc]
            )
        await self.noting.note(has_over=due.has_over)
        if n_kept:
            log.warning("%d promises to members from after the backup are kept again", n_kept)
        return n_kept

    async def _keep(self, conn: Connection, who: Who, theirs: Sequence[Promise]) -> None:
        """Carry out what one member was promised since the backup."""
        standing = Standing.after(theirs)
        if standing.is_erased:
            await self._erase(conn, *who)
        if standing.is_untracked:
            await self._stop_tracking(conn, *who)
        if standing.is_unlearned:
            await self.profiles.answer_in(conn, *who, is_granted=False, is_again=True)
        for each in theirs:
            await stored.know_promise(conn, each.salt, each.made_at, is_again=True)

    async def tick(self, now: datetime) -> None:
        """Note and carry out what could not be yet, and take what is erased out of the file."""
        if self.noting.is_read:
            await self.noting.note()
        else:
            await self.keep_promises()
        await self.scrub_due(now)

    async def scrub_due(self, now: datetime) -> None:
        """Take what was erased out of the bytes of the file and its log, as far as that can be now.

        The rest is for the next tick: readers may hold the log, and a large file waits until
        nobody does anything.
        """
        async with self.database.read() as conn:
            wanted, latest_at = await stored.wanted_scrub(conn), await events.latest_at(conn)
        if wanted is None:
            return
        mark, asked_at = wanted
        n_bytes = self.database.path.stat().st_size
        is_whole = rules.may_rewrite(n_bytes, now.timestamp(), asked_at, latest_at)
        problem = await self.database.scrub(is_whole=is_whole)
        if problem:
            log.warning("erased data is still in the file, and is tried again: %s", problem)
        elif is_whole:
            await self.database.write(lambda conn: stored.set_scrubbed(conn, mark))

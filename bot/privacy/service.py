"""What a member may see, take along, switch off and erase."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.privacy import rules
from bot.profile.service import Profile, ProfileService
from storage import audit, consent, erasures, events, members, orders, privacy
from storage import settings as stored
from storage.connection import Connection
from storage.database import Database
from storage.erasures import Again, Erasure
from storage.records import AuditAction, AuditRow, Holdings
from storage.schema import ERASED

log = logging.getLogger(__name__)


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
    folder: Path | None = None
    """Of backups: erasures are noted there, for backups hold what is erased afterwards."""
    again: Again = field(default_factory=Again)
    _noting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(
        cls,
        database: Database,
        clock: Clock,
        profiles: ProfileService,
        folder: Path | None = None,
        again: Again | None = None,
    ) -> "PrivacyService":
        """Put the parts together."""
        return cls(
            database=database,
            clock=clock,
            profiles=profiles,
            folder=folder,
            again=again or Again(),
        )

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
        return await self.report(guild_id, user_id)

    async def set_tracking(self, guild_id: int, user_id: int, *, is_on: bool) -> Report:
        """Record what a member does from now on, or record nothing of it."""
        now = self.clock().timestamp()

        async def job(conn: Connection) -> Report:
            known = await members.member(conn, guild_id, user_id)
            if known.is_tracked != is_on:
                await members.change_member(conn, guild_id, user_id, now, is_tracked=is_on)
                await consent.withdraw(conn, guild_id, now, user_id)
                action: AuditAction = "tracking-resumed" if is_on else "tracking-stopped"
                await audit.append(
                    conn,
                    AuditRow(guild_id=guild_id, actor_id=user_id, action=action, occurred_at=now),
                )
            return await self._report_in(conn, guild_id, user_id)

        return await self.database.write(job)

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
        erasure = Erasure.of(
            guild_id,
            user_id,
            self.clock().timestamp(),
            is_tracking_stopped=is_tracking_stopped,
        )
        await self._note(erasure)

        async def job(conn: Connection) -> Erased:
            erased = await self._erase(conn, erasure, user_id, names)
            await stored.know_erasure(conn, erasure.salt, is_again=False)
            return erased

        erased = await self.database.write(job)
        await self.scrub_due(self.clock())
        return erased

    async def _erase(
        self, conn: Connection, erasure: Erasure, user_id: int, names: Collection[str] = ()
    ) -> Erased:
        guild_id, now = erasure.guild_id, self.clock().timestamp()
        ends = await orders.ends_of(conn, guild_id, user_id, now)
        await consent.withdraw(conn, guild_id, now, user_id, is_erased=True)
        until = await consent.used_until(conn, guild_id, user_id, now, is_erased=True)
        touched = await privacy.erase(conn, guild_id, user_id, names)
        await orders.keep_ends(conn, ends)
        if erasure.is_tracking_stopped:
            await members.change_member(conn, guild_id, user_id, now, is_tracked=False)
        row = AuditRow(guild_id=guild_id, actor_id=ERASED, action="member-erased", occurred_at=now)
        await audit.append(conn, row)
        await stored.ask_for_scrub(conn, now)
        return Erased(sum(touched.values()), until)

    async def _note(self, erasure: Erasure) -> None:
        """Note an erasure beside the backups, before it is carried out."""
        if self.folder is None:
            return
        async with self._noting:
            try:
                await asyncio.to_thread(erasures.note, self.folder, (erasure,), erasure.erased_at)
            except OSError as error:
                log.error("a backup of before an erasure would bring it back: %s", error)

    async def erase_again(self) -> int:
        """Carry out what the backups' folder says was erased and this database does not know.

        Whoever put a backup in its place, by whatever way, need not remember it. Returns how many
        erasures that were.
        """
        noted = [] if self.folder is None else await asyncio.to_thread(erasures.read, self.folder)
        if not noted:
            return 0
        now = self.clock().timestamp()

        async def job(conn: Connection) -> int:
            known = await stored.known_erasures(conn)
            # What is over stands there until the next erasure, and is not to be done once more.
            valid = [each for each in noted if not each.is_over(now)]
            if known:
                await stored.forget_erasures(conn, known.keys() - {each.salt for each in valid})
            new = [each for each in valid if each.salt not in known]
            for erasure in new:
                for user_id in await privacy.known_members(conn, erasure.guild_id):
                    if erasure.is_of(erasure.guild_id, user_id):
                        await self._erase(conn, erasure, user_id)
                await stored.know_erasure(conn, erasure.salt, is_again=True)
            self.again.erasures = [e for e in valid if known.get(e.salt, True)]
            return len(new)

        n_erased = await self.database.write(job)
        if n_erased:
            log.warning("%d erasures from after the backup were carried out again", n_erased)
        return n_erased

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

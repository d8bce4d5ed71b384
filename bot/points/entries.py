"""Entries of no event: what moderators give, what members spend, what is held and taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.errors import UserError
from bot.points import awards
from bot.points import in_force as rules
from bot.rewards import calendar, kinds
from storage import ledger, members
from storage.connection import Connection
from storage.records import LedgerEntry

OPENING = 1
"""The source of a member's first opening entry; one after an undone one counts on."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Appends to a guild's ledger what no rule pays, in the caller's transaction."""

    clock: Clock

    async def give(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        *,
        kind: str,
        amount: int,
        source_id: int,
        actor_id: int = 0,
        reason: str = "",
    ) -> int | None:
        """Append an entry that no rule pays: ``award``, ``deduct`` or ``opening``.

        Parameters
        ----------
        amount
            In hundredths; below zero takes points away.
        source_id
            What it is for: the same source gives once a kind and member.

        Returns
        -------
        int or None
            The entry's id; None if that source gave before.
        """
        if kind not in kinds.GIVEN:
            raise ValueError(f"{kind} is not given by hand")
        entry = await self._entry(conn, guild_id, user_id, kind, amount, source_id)
        return await ledger.append(conn, replace(entry, actor_id=actor_id, reason=reason))

    async def opened(self, conn: Connection, guild_id: int) -> dict[int, LedgerEntry]:
        """Return the opening entries that stand, by member."""
        gone = await ledger.taken_back(conn, guild_id, "opening")
        found = await ledger.openings(conn, guild_id)
        return {n: entry for n, entry in found.items() if entry.entry_id not in gone}

    async def open_accounts(
        self, conn: Connection, guild_id: int, amounts: Mapping[int, int]
    ) -> int:
        """Append an ``opening`` entry for each member without one that stands; return how many.

        What was earned before counting began is on no day, so on no board of a week or month.

        Parameters
        ----------
        amounts
            In hundredths, above 0, by member.
        """
        standing = await self.opened(conn, guild_id)
        before = await ledger.openings(conn, guild_id)
        first = await ledger.next_id(conn)
        blank = replace(await self._entry(conn, guild_id, 0, "opening", 0, OPENING), day=0)
        new = [n for n in amounts if n not in standing]
        await ledger.append_many(
            conn,
            [
                replace(
                    blank,
                    user_id=n,
                    amount=amounts[n],
                    source_id=before[n].source_id + 1 if n in before else OPENING,
                    entry_id=entry_id,
                )
                for entry_id, n in enumerate(new, first)
            ],
        )
        return len(new)

    async def close_accounts(
        self, conn: Connection, guild_id: int, user_ids: Collection[int]
    ) -> int:
        """Take back the opening entries of members, so that they can be opened again."""
        standing = await self.opened(conn, guild_id)
        closed = [standing[n] for n in user_ids if n in standing]
        for entry in closed:
            await self.reverse(conn, entry.entry_id)
        return len(closed)

    async def spend(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        *,
        amount: int,
        source_id: int,
        reason: str = "",
    ) -> int:
        """Take what a member buys from what they may spend; what they earned stays.

        Safe under concurrency: writers follow each other, and the balance is read by the one
        that writes. The same source is taken once; asking again returns the same entry.

        Returns
        -------
        int
            The entry's id; `reverse` refunds it.

        Raises
        ------
        UserError
            The member has less than ``amount``.
        """
        if amount < 0:
            raise ValueError("a price is not below zero")
        before = await ledger.of_source(conn, guild_id, user_id, kind="spend", source_id=source_id)
        if before is not None:
            if await ledger.tip(conn, before) != before:
                raise ValueError("what was refunded is not paid again under the same source")
            return before.entry_id
        have = await ledger.balance(conn, guild_id, user_id)
        if have < amount:
            raise UserError(
                "error-points-short", have=have / kinds.POINT, need=amount / kinds.POINT
            )
        entry = await self._entry(conn, guild_id, user_id, "spend", -amount, source_id)
        entry_id = await ledger.append(conn, replace(entry, reason=reason, is_spending=True))
        assert entry_id is not None
        return entry_id

    async def stake(
        self, conn: Connection, guild_id: int, user_id: int, *, amount: int, source_id: int
    ) -> int:
        """Take what a member stakes on something; `reverse` returns it.

        Raises
        ------
        UserError
            The member has less than ``amount``.
        """
        have = await ledger.balance(conn, guild_id, user_id)
        if have < amount:
            raise UserError(
                "error-points-short", have=have / kinds.POINT, need=amount / kinds.POINT
            )
        entry = await self._entry(conn, guild_id, user_id, "stake", -amount, source_id)
        entry_id = await ledger.append(conn, replace(entry, is_spending=True))
        assert entry_id is not None, "a source is staked on once"
        return entry_id

    async def pass_on(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        *,
        kind: str,
        amount: int,
        source_id: int,
        giver_id: int,
    ) -> None:
        """Give a member what others staked: to be spent, not earned, so no level comes of it.

        What the same source gave before and was taken back is restored as it was, once.
        """
        first = await ledger.of_source(conn, guild_id, user_id, kind=kind, source_id=source_id)
        if first is not None:
            last = await ledger.tip(conn, first)
            if last.amount < 0:
                await ledger.reverse(conn, last, self.clock().timestamp())
            return
        if amount > 0:
            entry = await self._entry(conn, guild_id, user_id, kind, amount, source_id)
            await ledger.append(conn, replace(entry, giver_id=giver_id, is_spending=True))

    async def is_there(self, conn: Connection, guild_id: int, *, kind: str, source_id: int) -> bool:
        """Say whether who was given something for a source has it still, be it held."""
        for entry in await ledger.standing_entries(conn, guild_id, source_id, (kind,)):
            held = await ledger.standing_hold(conn, entry)
            have = await ledger.balance(conn, guild_id, entry.user_id)
            if have - (held.amount if held is not None else 0) < entry.amount:
                return False
        return True

    async def take_back(
        self, conn: Connection, guild_id: int, *, kinds_of: Sequence[str], source_id: int
    ) -> None:
        """Take back what was passed on for a source, from whoever has it."""
        now = self.clock().timestamp()
        for entry in await ledger.standing_entries(conn, guild_id, source_id, kinds_of):
            await ledger.reverse(conn, entry, now)

    async def reverse(
        self, conn: Connection, entry_id: int, *, actor_id: int = 0, reason: str = ""
    ) -> int | None:
        """Take an entry back exactly and release what was held of it; the room it took stays.

        Taking back what took a payment back restores it, unless an event has undone it since.

        Returns
        -------
        int or None
            The reversal's id; None if there is no such entry or it was taken back before.
        """
        for entry in await ledger.entries(conn, (entry_id,)):
            now = self.clock().timestamp()
            done = await ledger.reverse(conn, entry, now, actor_id=actor_id, reason=reason)
            if done is not None and entry.reverses is not None and entry.kind in kinds.KINDS:
                first = await ledger.origin(conn, entry)
                if entry.amount < 0 and first.event_id is not None:
                    await awards.undo_since(conn, entry.guild_id, [first], first.event_id, now)
            return done
        return None

    async def hold(
        self, conn: Connection, entry_ids: Sequence[int], *, actor_id: int, reason: str
    ) -> list[int]:
        """Take away for now what entries paid; return the ids of the holds that this made.

        Entries that do not stand, that took points, or that are held already are left out.
        """
        made = [
            await self._hold(conn, entry, actor_id, reason)
            for entry in await ledger.entries(conn, entry_ids)
        ]
        return [hold_id for hold_id in made if hold_id is not None]

    async def _hold(
        self, conn: Connection, entry: LedgerEntry, actor_id: int, reason: str
    ) -> int | None:
        now = self.clock().timestamp()
        if entry.amount <= 0 or await ledger.tip(conn, entry) != entry:
            return None
        first = await ledger.of_source(
            conn, entry.guild_id, entry.user_id, kind=ledger.HOLD, source_id=entry.entry_id
        )
        if first is not None:
            last = await ledger.tip(conn, first)
            if last.amount < 0:
                return None  # it is held already
            return await ledger.reverse(conn, last, now, actor_id=actor_id, reason=reason)
        made = replace(
            entry,
            kind=ledger.HOLD,
            amount=-entry.amount,
            source_id=entry.entry_id,
            recorded_at=now,
            giver_id=0,
            reverses=None,
            entry_id=0,
            event_id=None,
            actor_id=actor_id,
            reason=reason,
            rescore_id=0,
        )
        return await ledger.append(conn, made)

    async def release(
        self, conn: Connection, entry_ids: Sequence[int], *, actor_id: int, reason: str
    ) -> list[int]:
        """Give back what was held of entries; return the ids of the releases that this made."""
        now = self.clock().timestamp()
        made = []
        for entry in await ledger.entries(conn, entry_ids):
            held = await ledger.standing_hold(conn, entry)
            if held is not None:
                made.append(await ledger.reverse(conn, held, now, actor_id=actor_id, reason=reason))
        return [entry_id for entry_id in made if entry_id is not None]

    async def _entry(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        kind: str,
        amount: int,
        source_id: int,
    ) -> LedgerEntry:
        now = self.clock().timestamp()
        version, in_force = await rules.in_force(conn, guild_id, now)
        zone = calendar.zone_of(in_force, (await members.guild(conn, guild_id)).time_zone)
        day = calendar.day_of(now, zone)
        return LedgerEntry(
            guild_id=guild_id,
            user_id=user_id,
            kind=kind,
            amount=amount,
            source_id=source_id,
            rule_set=version,
            day=day,
            earned_at=now,
            recorded_at=now,
        )

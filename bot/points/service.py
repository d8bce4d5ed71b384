"""Paying for events, taking payments back, and what members and moderators ask about points.

`award` is called for every newly stored event inside the transaction that stored it, so an
event and its points are written together or not at all.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.clock import Clock
from bot.errors import UserError
from bot.points import awards, recount, rescore, statement
from bot.points import in_force as rules
from bot.points.entries import Entries
from bot.points.recount import Effect as Effect
from bot.points.recount import Recount, Seen
from bot.points.recount import Scope as Scope
from bot.points.replaying import replay as replay
from bot.points.statement import Line as Line
from bot.points.statement import Statement as Statement
from bot.rewards import calendar, decisions, formats, kinds, levels
from bot.rewards.example import good_day
from bot.rewards.ruleset import DAY_S, RuleSet
from storage import boards, events, ledger, members, payments, rescores, rewards, rulebook
from storage.connection import Connection
from storage.database import Database
from storage.records import Event, LedgerEntry, Rescore, RuleUse, StoredRuleSet

USED_DAYS = 30
"""Over how many days it is shown what a rule paid and held back."""
VERSIONS_ASKED = 100
"""For older versions than so many it is not shown."""


@dataclass(frozen=True, slots=True)
class Account:
    """A member's points: amounts in hundredths, ``floor`` and ``ceiling`` those of the level.

    ``amount`` was earned, ``spendable`` is what is left of it to spend. ``ceiling`` is None at
    the highest level, ``rank`` for who has no points yet or stays off the boards.
    """

    user_id: int
    amount: int
    spendable: int
    level: int
    floor: int
    ceiling: int | None
    rank: int | None
    is_hidden: bool
    capped_today: int
    daily_cap: int
    entries: tuple[Line, ...]
    helpful_emoji: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointsService:
    """Rewards, standings and the rules behind them."""

    database: Database
    clock: Clock
    _rescoring: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def award(self, conn: Connection, event: Event, event_id: int) -> None:
        """Pay for a newly stored event, or take back what it undoes; see `award_many`."""
        await self.award_many(conn, ((event, event_id),))

    async def award_many(self, conn: Connection, happened: Sequence[tuple[Event, int]]) -> None:
        """Pay for newly stored events, in the order they were stored, in their transaction.

        What deliveries do to order does not matter to what is undone: a message known to be
        deleted pays nothing, nor does a reaction known to be removed.

        Parameters
        ----------
        happened
            Events and the ids they were stored under, rising; all that were stored so far and
            bear on rewards must have been awarded before, or be among them.
        """
        of_guild: defaultdict[int, list[int]] = defaultdict(list)
        for event, event_id in happened:
            of_guild[event.guild_id].append(event_id)
        for guild_id, event_ids in of_guild.items():
            await awards.award(conn, guild_id, event_ids, self.clock().timestamp())

    async def record(self, conn: Connection, event: Event) -> int | None:
        """Store an event and pay for it, in the caller's transaction.

        Returns
        -------
        int or None
            The event's id; None if it was there already.
        """
        event_id = await events.append(conn, event, self.clock().timestamp())
        if event_id is not None:
            await self.award(conn, event, event_id)
        return event_id

    async def standing_of(
        self, conn: Connection, guild_id: int, resource_id: int
    ) -> list[LedgerEntry]:
        """Return what was paid for a resource, or for those who keep it, and stands."""
        return await ledger.standing_entries(
            conn, guild_id, resource_id, sorted(kinds.KINDS_OF_RESOURCES)
        )

    async def share_of_answer(
        self, conn: Connection, guild_id: int, message_id: int
    ) -> float | None:
        """Return what part of an accepted answer's points was paid for it, from 0 to 1.

        Whoever accepts each other's answers again and again gets ever less of them, so what is
        staked goes by the same share. None while the guild is being re-scored; 1 where its rules
        pay nothing for answers.
        """
        if await rescores.is_running(conn, guild_id):
            return None
        full = (await self.rules_in_force(conn, guild_id))[1].answer.points
        if not full:
            return 1.0
        paid = await ledger.standing_entries(conn, guild_id, message_id, ("answer",))
        return min(sum(entry.amount for entry in paid) / full, 1.0)

    # ------------------------------------------------------------------- re-scoring

    def recount(self, guild_id: int, scope: Scope) -> Recount:
        """Return a count of a guild's events by other rules; see `rescore.Recount`."""
        return Recount(guild_id, scope)

    async def effect(self, conn: Connection, count: Recount) -> Effect:
        """Return what writing a count that was run would change."""
        return await recount.effect(conn, count.wanted)

    async def decide(self, conn: Connection, decision: Rescore) -> int:
        """Store a decision to re-score; from now on the guild's events wait for it.

        Raises
        ------
        UserError
            Another one is being carried out there.
        """
        if await rescores.is_running(conn, decision.guild_id):
            raise UserError("error-points-rescoring")
        last = await rescores.last_event(conn)
        return await rescores.add(conn, replace(decision, until_event=last, paid_until=last))

    async def carry_out(self, decision: Rescore, seen: Seen) -> Rescore:
        """Do what a decision says, or what is left of it; see `rescore.carry_out`.

        One at a time, for it is much work: who asks twice gets what was done.
        """
        async with self._rescoring:
            async with self.database.read() as conn:
                found = await rescores.decision(conn, decision.guild_id, decision.rescore_id)
            if found is None or found.finished_at is not None:
                return found or decision
            return await rescore.carry_out(self.database, self.clock, found, seen)

    async def go_on(self) -> None:
        """Carry out the decisions that a stopped process left half done."""
        if self._rescoring.locked():
            return
        async with self.database.read() as conn:
            left = await rescores.unfinished(conn)
        for decision in left:
            await self.carry_out(decision, lambda done, of: None)

    async def standing(self, guild_id: int, user_id: int, n_entries: int = 5) -> Account:
        """Return a member's balance, level, rank, today's capped points and last entries."""
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            _, in_force = await self.rules_in_force(conn, guild_id)
            zone = calendar.zone_of(in_force, (await members.guild(conn, guild_id)).time_zone)
            today = await ledger.paid_on(conn, guild_id, user_id, calendar.day_of(now, zone))
            amount = await ledger.earned(conn, guild_id, user_id)
            level = levels.level_of(in_force.levels, amount)
            return Account(
                user_id=user_id,
                amount=amount,
                spendable=await ledger.balance(conn, guild_id, user_id),
                level=level,
                floor=levels.level_total(in_force.levels, level) or 0,
                ceiling=levels.level_total(in_force.levels, level + 1),
                rank=await boards.rank(conn, guild_id, user_id),
                is_hidden=not (await members.member(conn, guild_id, user_id)).is_on_boards,
                capped_today=_capped(in_force, today),
                daily_cap=in_force.general.daily_cap,
                entries=tuple(await statement.lines(conn, guild_id, user_id, n_entries)),
                helpful_emoji=in_force.helpful.emoji,
            )

    async def level(self, conn: Connection, guild_id: int, user_id: int) -> int:
        """Return the level that a member has by what they earned."""
        _, in_force = await self.rules_in_force(conn, guild_id)
        return levels.level_of(in_force.levels, await ledger.earned(conn, guild_id, user_id))

    async def levels(
        self, conn: Connection, guild_id: int, earned: Mapping[int, int]
    ) -> dict[int, int]:
        """Return the levels of members by what they earned, under the rules in force."""
        _, in_force = await self.rules_in_force(conn, guild_id)
        return {
            user_id: levels.level_of(in_force.levels, amount) for user_id, amount in earned.items()
        }

    async def calendar(
        self, conn: Connection, guild_id: int
    ) -> tuple[str, tuple[int, int | None] | None]:
        """Return the time zone of the guild's days, and the season that today belongs to.

        Returns
        -------
        str, tuple or None
            The season's first day and the first one after it (YYYYMMDD), which is None where
            nobody has said when it ends; None where there is no season now.
        """
        _, in_force = await self.rules_in_force(conn, guild_id)
        zone = calendar.zone_of(in_force, (await members.guild(conn, guild_id)).time_zone)
        today = calendar.day_of(self.clock().timestamp(), zone)
        season = calendar.season_of(in_force.seasons, today)
        return zone, None if season is None else (season.first, season.next)

    async def why(self, guild_id: int, user_id: int, page: int = 1) -> Statement:
        """Return a page of a member's entries, each with why it came to what it did."""
        async with self.database.read() as conn:
            found = await statement.page_of(conn, guild_id, user_id, page)
            if page != 1:
                return found
            return replace(found, day=good_day((await self.rules_in_force(conn, guild_id))[1]))

    async def uses(self, guild_id: int) -> dict[str, RuleUse]:
        """Return what each rule paid and held back in the last `USED_DAYS` days, by kind.

        What was paid nothing is not in it: nobody wrote down how much that would have been.
        """
        async with self.database.read() as conn:
            since = self.clock().timestamp() - USED_DAYS * DAY_S
            first = await rewards.last_before(conn, since)
            known = {0: await self.defaults(conn, guild_id)}
            for each in await rulebook.rule_set_history(conn, guild_id, VERSIONS_ASKED):
                known[each.version] = formats.from_dict(each.rules)
            points = {
                (kind, version): getattr(rules, kind).points
                for version, rules in known.items()
                for kind in kinds.KINDS
            }
            return await payments.uses(conn, guild_id, points, after=first)

    async def show_on_boards(self, guild_id: int, user_id: int, is_shown: bool) -> None:
        """Put a member on the boards, or take them off; their points stay what they are."""
        now = self.clock().timestamp()
        await self.database.write(
            lambda conn: members.change_member(conn, guild_id, user_id, now, is_on_boards=is_shown)
        )

    @property
    def entries(self) -> Entries:
        """What is given, spent, held and taken back by no event."""
        return Entries(self.clock)

    async def rules_in_force(self, conn: Connection, guild_id: int) -> tuple[int, RuleSet]:
        """Return the version and the rules in force now; version 0 are the defaults."""
        return await rules.in_force(conn, guild_id, self.clock().timestamp())

    async def defaults(self, conn: Connection, guild_id: int) -> RuleSet:
        """Return what version 0 says: the defaults, as they were when the guild began."""
        return await rules.defaults(conn, guild_id)

    async def named_roles(self, conn: Connection, guild_id: int) -> frozenset[int]:
        """Return the roles that the rules in force or the newest ones multiply by."""
        in_force, newest = (
            (await self.rules_in_force(conn, guild_id))[1],
            (await rules.newest(conn, guild_id))[1],
        )
        return frozenset(
            role_id for each in (in_force, newest) for role_id, _ in each.multipliers.roles
        )

    async def publish(
        self,
        conn: Connection,
        guild_id: int,
        published: RuleSet,
        *,
        actor_id: int,
        reason: str,
        effective_at: float | None = None,
    ) -> int:
        """Append a new version of the rules, in force from ``effective_at``; return its number.

        Nothing already earned changes: an event is paid by the version in force when it
        occurred, and a moment that has passed counts as now.
        """
        now = self.clock().timestamp()
        version = (await rules.newest(conn, guild_id))[0] + 1
        effective = max(now, effective_at or now)
        await rulebook.append_rule_set(
            conn,
            StoredRuleSet(
                guild_id=guild_id,
                version=version,
                rules=formats.to_dict(published),
                created_by=actor_id,
                created_at=now,
                effective_at=effective,
                reason=reason,
            ),
        )
        return version


def _capped(in_force: RuleSet, paid: dict[str, tuple[int, int]]) -> int:
    capped = decisions.capped_kinds(in_force)
    return sum(amount for kind, (_, amount) in paid.items() if kind in capped)

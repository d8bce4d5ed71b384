"""Paying for events, taking payments back, and what members and moderators ask about points.

`award` is called for every newly stored event inside the transaction that stored it, so an
event and its points are written together or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import UserError
from bot.points import rules
from bot.points.rules import Field, FieldKind, Kind, Paid, Period, RuleError, RuleSet, Value
from storage import events, ledger, members
from storage.database import Database
from storage.records import AuditRow, Event, EventKind, LedgerEntry, Standing, StoredRuleSet

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Account:
    """A member's points: amounts in hundredths, ``floor`` and ``ceiling`` those of the level.

    ``amount`` was earned, ``spendable`` is what is left of it to spend. ``rank`` is None for
    who has no points yet or stays off the boards.
    """

    user_id: int
    amount: int
    spendable: int
    level: int
    floor: int
    ceiling: int
    rank: int | None
    is_hidden: bool
    capped_today: int
    daily_cap: int
    entries: tuple[LedgerEntry, ...]
    helpful_emoji: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The first places of a period, and the place of whoever asked."""

    period: Period
    top: tuple[Standing, ...]
    own: Standing | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One changeable value of the rules."""

    rule: str
    name: str
    kind: FieldKind
    value: Value


@dataclass(frozen=True, slots=True)
class Published:
    """The rules in force; version 0 are the defaults, published by nobody."""

    version: int
    settings: tuple[Setting, ...]
    by: int | None = None
    at: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing a new version changed."""

    version: int
    before: Setting
    after: Setting


@dataclass(frozen=True, slots=True)
class PointsService:
    """Rewards, standings and the rules behind them."""

    database: Database
    clock: Clock

    async def award(self, conn: AsyncConnection, event: Event, event_id: int) -> None:
        """Pay for a newly stored event, or take back what it undoes, in the caller's transaction.

        The order of deliveries does not matter: a message known to be deleted pays nothing, nor
        does a reaction known to be removed.
        """
        match event.kind:
            case EventKind.MESSAGE | EventKind.REACTION:
                await self._pay(conn, event, event_id)
            case EventKind.REACTION_REMOVED:
                await self._take_back_reaction(conn, event, event_id)
            case EventKind.MESSAGE_DELETED:
                await self._take_back_message(conn, event, event_id)

    async def _pay(self, conn: AsyncConnection, event: Event, event_id: int) -> None:
        terms = await ledger.terms(conn, event.guild_id, event.source_id, event.occurred_at)
        ruleset = rules.from_dict(terms.rules) if terms.rules is not None else RuleSet()
        kind = rules.qualifies(ruleset, event)
        if kind is None or terms.is_deleted or not await _still_stands(conn, event):
            return
        zone = terms.time_zone
        is_helpful = kind == "helpful"
        receiver = cast(int, event.target_id) if is_helpful else event.user_id
        giver = event.user_id if is_helpful else 0
        day = rules.day_of(event.occurred_at, zone)
        paid = await _paid(conn, ruleset, kind, event, receiver=receiver, day=day, zone=zone)
        amount = rules.decide(ruleset, kind, paid)
        if amount == 0:
            return
        entry = LedgerEntry(
            event.guild_id,
            receiver,
            kind,
            amount,
            event.source_id,
            terms.version,
            day,
            event.occurred_at,
            self.clock().timestamp(),
            giver,
            event_id=event_id,
        )
        is_new = await ledger.append(conn, entry) is not None
        if is_new and not is_helpful:
            await events.mark_rewarded(conn, event_id)

    async def _take_back_reaction(self, conn: AsyncConnection, event: Event, event_id: int) -> None:
        """Take back what a giver's reactions paid once no helpful one of theirs is left."""
        guild_id, message_id, giver_id = event.guild_id, event.source_id, event.user_id
        left = await events.reactions_of(conn, guild_id, message_id, giver_id)
        for entry in await ledger.standing_entries(
            conn, guild_id, message_id, ("helpful",), giver_id
        ):
            # What counted as helpful is what the rules said when it was paid.
            ruleset = await _version(conn, guild_id, entry.rule_set)
            if not left & rules.helpful_hashes(ruleset):
                await ledger.reverse(conn, entry, self.clock().timestamp(), event_id=event_id)

    async def _take_back_message(self, conn: AsyncConnection, event: Event, event_id: int) -> None:
        """Take back all that a message paid, to its author and for reactions on it."""
        kinds = (*rules.WRITTEN, "helpful")
        for entry in await ledger.standing_entries(conn, event.guild_id, event.source_id, kinds):
            await ledger.reverse(conn, entry, self.clock().timestamp(), event_id=event_id)

    async def standing(self, guild_id: int, user_id: int, n_entries: int = 5) -> Account:
        """Return a member's balance, level, rank, today's capped points and last entries."""
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            _, ruleset = await self.rules_in_force(conn, guild_id)
            zone = (await members.guild(conn, guild_id)).time_zone
            today = await ledger.paid_on(conn, guild_id, user_id, rules.day_of(now, zone))
            place = await ledger.place(conn, guild_id, user_id)
            amount = await ledger.earned(conn, guild_id, user_id)
            percent = ruleset.general.level_percent
            level = rules.level_of(amount, percent)
            return Account(
                user_id=user_id,
                amount=amount,
                spendable=await ledger.balance(conn, guild_id, user_id),
                level=level,
                floor=rules.level_total(level, percent),
                ceiling=rules.level_total(level + 1, percent),
                rank=place.rank if place else None,
                is_hidden=not (await members.member(conn, guild_id, user_id)).is_on_boards,
                capped_today=_capped(ruleset, today),
                daily_cap=ruleset.general.daily_cap,
                entries=tuple(await ledger.history(conn, guild_id, user_id, n_entries)),
                helpful_emoji=ruleset.helpful.emoji,
            )

    async def level(self, conn: AsyncConnection, guild_id: int, user_id: int) -> int:
        """Return the level that a member has by what they earned."""
        _, ruleset = await self.rules_in_force(conn, guild_id)
        earned = await ledger.earned(conn, guild_id, user_id)
        return rules.level_of(earned, ruleset.general.level_percent)

    async def leaderboard(
        self, guild_id: int, user_id: int, period: Period | None = None, limit: int = 10
    ) -> Board:
        """Return the first places of a period and the asker's own, hidden members left out.

        Parameters
        ----------
        period
            None takes the shortest that has anybody on it.
        """
        now = self.clock().timestamp()
        async with self.database.read() as conn:
            zone = (await members.guild(conn, guild_id)).time_zone
            for shown in (period,) if period else rules.PERIODS:
                first = rules.first_day(shown, now, zone)
                top = await ledger.top(conn, guild_id, first, limit)
                if top:
                    break
            own = await ledger.place(conn, guild_id, user_id, first)
            is_hidden = not (await members.member(conn, guild_id, user_id)).is_on_boards
        return Board(shown, tuple(top), own, is_hidden)

    async def history(self, guild_id: int, user_id: int, limit: int = 20) -> list[LedgerEntry]:
        """Return a member's last entries, newest first."""
        async with self.database.read() as conn:
            return await ledger.history(conn, guild_id, user_id, limit)

    async def show_on_boards(self, guild_id: int, user_id: int, is_shown: bool) -> None:
        """Put a member on the boards, or take them off; their points stay what they are."""
        now = self.clock().timestamp()
        await self.database.write(
            lambda conn: members.change_member(conn, guild_id, user_id, now, is_on_boards=is_shown)
        )

    async def published(self, guild_id: int) -> Published:
        """Return the rules in force, every changeable value of them in order."""
        async with self.database.read() as conn:
            stored = await ledger.rule_set(conn, guild_id)
        ruleset = rules.from_dict(stored.rules) if stored else RuleSet()
        settings = tuple(_setting(ruleset, field) for field in rules.FIELDS)
        if stored is None:
            return Published(0, settings)
        return Published(
            stored.version, settings, stored.created_by, stored.created_at, stored.reason
        )

    async def set_rule(
        self, guild_id: int, actor_id: int, *, rule: str, name: str, written: str, reason: str
    ) -> Change:
        """Publish a new version of the rules with one value changed, and an audit row.

        Raises
        ------
        UserError
            No such rule or field, a value outside its bounds, or one that is so already.
        """
        field = _field(rule, name)
        value = _parsed(field, written)
        now = self.clock().timestamp()

        async def job(conn: AsyncConnection) -> Change:
            version, ruleset = await _newest(conn, guild_id)
            changed = rules.with_value(ruleset, field, value)
            if changed == ruleset:
                raise UserError("error-points-unchanged")
            change = Change(version + 1, _setting(ruleset, field), _setting(changed, field))
            await self.publish(
                conn, guild_id, changed, actor_id=actor_id, reason=reason, effective_at=now
            )
            await members.append_audit(conn, _audit(guild_id, actor_id, now, change, reason))
            return change

        return await self.database.write(job)

    async def rules_in_force(self, conn: AsyncConnection, guild_id: int) -> tuple[int, RuleSet]:
        """Return the version and the rules in force now; version 0 are the defaults."""
        stored = await ledger.rule_set_at(conn, guild_id, self.clock().timestamp())
        return (stored.version, rules.from_dict(stored.rules)) if stored else (0, RuleSet())

    async def publish(
        self,
        conn: AsyncConnection,
        guild_id: int,
        ruleset: RuleSet,
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
        version = (await _newest(conn, guild_id))[0] + 1
        effective = max(now, effective_at or now)
        await ledger.append_rule_set(
            conn,
            StoredRuleSet(
                guild_id, version, rules.to_dict(ruleset), actor_id, now, effective, reason
            ),
        )
        return version

    # ------------------------------------------------------------- entries of no event

    async def give(
        self,
        conn: AsyncConnection,
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
        if kind not in rules.GIVEN:
            raise ValueError(f"{kind} is not given by hand")
        entry = await self._entry(conn, guild_id, user_id, kind, amount, source_id)
        return await ledger.append(conn, replace(entry, actor_id=actor_id, reason=reason))

    async def spend(
        self,
        conn: AsyncConnection,
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
            The entry's id; `reverse_entry` refunds it.

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
                "error-points-short", have=have / rules.POINT, need=amount / rules.POINT
            )
        entry = await self._entry(conn, guild_id, user_id, "spend", -amount, source_id)
        entry_id = await ledger.append(conn, replace(entry, reason=reason, is_spending=True))
        assert entry_id is not None
        return entry_id

    async def reverse_entry(
        self, conn: AsyncConnection, entry_id: int, *, actor_id: int = 0, reason: str = ""
    ) -> int | None:
        """Take an entry back exactly and release what was held of it; the room it took stays.

        Returns
        -------
        int or None
            The reversal's id; None if there is no such entry or it was taken back before.
        """
        for entry in await ledger.entries(conn, (entry_id,)):
            now = self.clock().timestamp()
            return await ledger.reverse(conn, entry, now, actor_id=actor_id, reason=reason)
        return None

    async def hold(
        self, conn: AsyncConnection, entry_ids: Sequence[int], *, actor_id: int, reason: str
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
        self, conn: AsyncConnection, entry: LedgerEntry, actor_id: int, reason: str
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
        )
        return await ledger.append(conn, made)

    async def release(
        self, conn: AsyncConnection, entry_ids: Sequence[int], *, actor_id: int, reason: str
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
        conn: AsyncConnection,
        guild_id: int,
        user_id: int,
        kind: str,
        amount: int,
        source_id: int,
    ) -> LedgerEntry:
        now = self.clock().timestamp()
        version, _ = await self.rules_in_force(conn, guild_id)
        day = rules.day_of(now, (await members.guild(conn, guild_id)).time_zone)
        return LedgerEntry(guild_id, user_id, kind, amount, source_id, version, day, now, now)


async def _newest(conn: AsyncConnection, guild_id: int) -> tuple[int, RuleSet]:
    """Return the newest version, in force or scheduled, and its number."""
    stored = await ledger.rule_set(conn, guild_id)
    return (stored.version, rules.from_dict(stored.rules)) if stored else (0, RuleSet())


async def _version(conn: AsyncConnection, guild_id: int, version: int) -> RuleSet:
    stored = await ledger.rule_set(conn, guild_id, version) if version else None
    return rules.from_dict(stored.rules) if stored else RuleSet()


async def _still_stands(conn: AsyncConnection, event: Event) -> bool:
    """Say whether a reaction is not known to be removed: deliveries come in any order."""
    if event.kind != EventKind.REACTION:
        return True
    return event.qualifier in await events.reactions_of(
        conn, event.guild_id, event.source_id, event.user_id
    )


async def _paid(
    conn: AsyncConnection,
    ruleset: RuleSet,
    kind: Kind,
    event: Event,
    *,
    receiver: int,
    day: int,
    zone: str,
) -> Paid:
    """Gather what was paid already, as far as the kind's rule asks for it."""
    at, guild_id = event.occurred_at, event.guild_id
    is_helpful = kind == "helpful"
    around = rules.day_of(at - DAY_S, zone), rules.day_of(at + DAY_S, zone)
    found = await ledger.paid(conn, guild_id, receiver, (day, day) if is_helpful else around)
    today = [paid for paid in found if paid.day == day]
    n_today = sum(paid.n for paid in today if paid.kind == kind)
    capped = rules.capped_kinds(ruleset)
    capped_today = sum(paid.amount for paid in today if paid.kind in capped)
    if is_helpful:
        n_pair_today, n_pair = await ledger.paid_pair(
            conn,
            guild_id,
            event.user_id,
            receiver,
            kind=kind,
            day=day,
            since=at - ruleset.helpful.pair_days * DAY_S,
        )
        return Paid(n_today, capped_today, None, n_pair_today, n_pair)
    written = [paid.earned_at for paid in found if paid.kind in rules.WRITTEN]
    nearest_s = min((abs(at - moment) for moment in written), default=None)
    return Paid(n_today, capped_today, nearest_s)


def _capped(ruleset: RuleSet, paid: dict[str, tuple[int, int]]) -> int:
    capped = rules.capped_kinds(ruleset)
    return sum(amount for kind, (_, amount) in paid.items() if kind in capped)


def _setting(ruleset: RuleSet, field: Field) -> Setting:
    return Setting(field.rule, field.name, field.kind, rules.value_of(ruleset, field))


def _field(rule: str, name: str) -> Field:
    of_rule = [field for field in rules.FIELDS if field.rule == rule]
    if not of_rule:
        raise UserError("error-points-rule")
    for field in of_rule:
        if field.name == name:
            return field
    raise UserError("error-points-field")


def _parsed(field: Field, written: str) -> Value:
    try:
        return rules.parse(field, written)
    except RuleError:
        unit = rules.POINT if field.kind == "points" else 1
        raise UserError(
            f"error-points-{field.kind}", low=field.low // unit, high=field.high // unit
        ) from None


def _audit(guild_id: int, actor_id: int, now: float, change: Change, reason: str) -> AuditRow:
    before, after = change.before, change.after
    return AuditRow(
        guild_id,
        actor_id,
        "rules.set",
        now,
        f"{after.rule}.{after.name}",
        {
            "version": change.version,
            "before": before.value,
            "after": after.value,
            "reason": reason,
        },
    )

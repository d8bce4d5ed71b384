"""The rules applied to events in the order of the log: what each pays, and what it takes back.

`Fold` keeps only what later decisions may ask for; awarding as events arrive and replaying a whole
log are the same fold, from state loaded for the occasion or from nothing. Windows (a day, a
cooldown, a pair's days) are measured in the moments when things happened, so a late event finds the
room that its own day has left.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from bot.rewards import calendar
from bot.rewards.decisions import (
    ANSWER,
    DELETED,
    HOUR_S,
    INDEX,
    IS_CLICKED,
    IS_WRITTEN,
    MESSAGE,
    REACTION,
    REPLY,
    SAVERS,
    amount_of,
    by_kind,
    capped_kinds,
    claimed,
    helpful_hashes,
    is_newcomer,
    multiplier,
)
from bot.rewards.kinds import CLICKED, KINDS, WRITTEN, Kind
from bot.rewards.ruleset import DAY_S, GIVER_DAYS, Multipliers, Rule, RuleSet
from storage.records import EventKind, Logged

T = TypeVar("T")
_DATE_S = 2 * DAY_S
"""No date of any time zone lasts so long, not even where a clock is set back by a day."""
_QUARTER_S = 900
"""No time zone's midnight lies inside a quarter of an hour of the clock."""


class InForce(NamedTuple):
    """A version of the rules, the moment it takes effect, and the time zone of its days."""

    effective_at: float
    version: int
    rules: RuleSet
    time_zone: str


@dataclass(slots=True, eq=False)
class Payment:
    """One payment while the fold may still need it; ``entry_id`` is 0 until it is stored.

    ``is_back`` says that an event took it back, ``is_void`` that a moderator did: nothing of it
    is left to take, and it is not earned anew.
    """

    kind: Kind
    user_id: int
    giver_id: int
    amount: int
    source_id: int
    day: int
    earned_at: float
    event_id: int
    rule_set: int
    entry_id: int = 0
    is_back: bool = False
    is_void: bool = False


class Claim(NamedTuple):
    """Who could be paid for an event, by whose act, and which days and moments bear on it."""

    kind: Kind
    user_id: int
    giver_id: int
    days: tuple[int, ...]
    since: float


class Move(NamedTuple):
    """A payment made, or taken back, and the event that did it."""

    payment: Payment
    event_id: int
    is_back: bool


@dataclass(slots=True)
class Day:
    """What stands of a member's day: how often each kind paid, how much, when for writing."""

    counts: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    amounts: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    written: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Mark:
    """What stands on a source for one payment: qualifiers set and removed, and the payment."""

    standing: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    paid: Payment | None = None
    n_seen: int = 0


class _Ready(NamedTuple):
    """What a rule set comes to, worked out once."""

    rules: tuple[Rule, ...]
    capped: tuple[int, ...]
    has_multipliers: bool
    daily_cap: int
    reach_s: int
    lock_s: int


@dataclass(slots=True)
class Fold:
    """Decides on events in the order of the log.

    Parameters
    ----------
    versions
        The rules, the newest version last; an event is decided by the last of them that had
        taken effect when it occurred, by the defaults where none had.
    time_zone
        The guild's own.
    keeps_all
        Keep every payment for what may undo it. A replay need not: each row of the log says
        whether anything will undo it, so what is kept stays small.

    Attributes
    ----------
    days
        What stands, by day and member.
    pairs
        Moments of what stands between two members, for each kind by giver and receiver.
    accepted
        Moments of the answers that each member accepted and that were paid.
    first_at
        When each member was first seen to write or react.
    open, marks
        What may be undone: payments by source, and what rests on reactions and the like.
    savers, blocks
        Who keeps a resource, and what was paid for that.
    past
        Further versions of the rules, by which something was paid that may be undone.
    """

    versions: Sequence[InForce]
    time_zone: str = "UTC"
    keeps_all: bool = False
    days: dict[int, dict[int, Day]] = field(default_factory=dict)
    pairs: tuple[dict[tuple[int, int], list[float]], ...] = field(
        default_factory=lambda: tuple({} for _ in KINDS)
    )
    accepted: dict[int, list[float]] = field(default_factory=dict)
    first_at: dict[int, float] = field(default_factory=dict)
    open: dict[int, list[Payment]] = field(default_factory=dict)
    marks: dict[tuple[int, int, int], Mark] = field(default_factory=dict)
    savers: dict[int, set[int]] = field(default_factory=dict)
    blocks: dict[int, list[Payment]] = field(default_factory=dict)
    past: dict[int, RuleSet] = field(default_factory=dict)
    _defaults: InForce = field(init=False)
    _dates: dict[str, dict[int, int]] = field(default_factory=dict)
    _ready: dict[int, _Ready] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._defaults = InForce(float("-inf"), 0, RuleSet(), self.time_zone)

    def step(self, row: Logged) -> list[Move]:
        """Return what an event pays or takes back, having taken note of it."""
        kind = row.kind
        if kind == MESSAGE or kind == REACTION:
            seen = self.first_at.get(row.user_id)
            if seen is None or row.occurred_at < seen:
                self.first_at[row.user_id] = row.occurred_at
            if row.gone_id and row.gone_id < row.event_id:
                return []
            return self._written(row) if kind == MESSAGE else self._reacted(row)
        if kind == DELETED:
            return self._take_back(self.open.pop(row.source_id, ()), row.event_id)
        return self._rest(row)

    def _written(self, row: Logged) -> list[Move]:
        paid = self._pay(row, row.user_id)
        if paid is None:
            return []
        if row.gone_id or self.keeps_all:
            self.open.setdefault(row.source_id, []).append(paid)
        return [Move(paid, row.event_id, False)]

    def _reacted(self, row: Logged) -> list[Move]:
        """One giver pays once for a message, whatever the emoji, and never again."""
        mark = self._mark_of(row, REACTION, row.user_id)
        if row.undone_id and row.undone_id < row.event_id:
            return []
        if mark is not None:
            mark.standing.add(row.qualifier)
            if mark.paid is not None:
                return []
        paid = self._pay(row, row.target_id)
        if paid is None:
            return []
        if mark is not None:
            mark.paid = paid
        if row.gone_id or self.keeps_all:
            self.open.setdefault(row.source_id, []).append(paid)
        return [Move(paid, row.event_id, False)]

    def _mark_of(self, row: Logged, kind: int, giver_id: int) -> Mark | None:
        """Return what stands on a source, None where this event is all there will ever be."""
        if row.n_same <= 1 and not self.keeps_all:
            return None
        key = (kind, row.source_id, giver_id)
        mark = self.marks.setdefault(key, Mark())
        mark.n_seen += 1
        if mark.n_seen >= row.n_same and not self.keeps_all:
            del self.marks[key]
        return mark

    def _rest(self, row: Logged) -> list[Move]:
        match row.kind:
            case EventKind.REACTION_REMOVED:
                return self._unreacted(row)
            case EventKind.ACCEPTED | EventKind.PUBLISHED:
                return self._set(row)
            case EventKind.UNACCEPTED:
                return self._unset(row, int(EventKind.ACCEPTED))
            case EventKind.RETIRED:
                blocks = self._take_back(self.blocks.pop(row.resource_id or 0, ()), row.event_id)
                return self._unset(row, int(EventKind.PUBLISHED)) + blocks
            case EventKind.SAVE | EventKind.UNSAVE:
                return self._saved(row)
            case EventKind.REVIEWED:
                paid = self._pay(row, row.target_id)
            case EventKind.CHECKIN:
                paid = self._pay(row, row.user_id)
            case _:
                return []
        return [] if paid is None else [Move(paid, row.event_id, False)]

    def _unreacted(self, row: Logged) -> list[Move]:
        """Take back what a giver's reactions paid once no helpful one of theirs is left."""
        mark = self._mark_of(row, REACTION, row.user_id)
        if mark is None:
            return []
        mark.standing.discard(row.qualifier)
        if mark.paid is None or mark.paid.is_back:
            return []
        # What counted as helpful is what the rules said when it was paid.
        if mark.standing & helpful_hashes(self.rules_of(mark.paid.rule_set).helpful.emoji):
            return []
        return self._take_back((mark.paid,), row.event_id)

    def _set(self, row: Logged) -> list[Move]:
        """Pay for an answer or a resource while it is accepted or published by anybody."""
        mark = self._mark_of(row, row.kind, 0) or Mark()
        if row.qualifier in mark.removed:
            return []
        mark.standing.add(row.qualifier)
        is_paid = mark.paid is not None and not mark.paid.is_back
        if is_paid or (row.gone_id and row.gone_id < row.event_id):
            return []
        mark.paid = self._pay(row, row.target_id)
        if mark.paid is None:
            return []
        if row.kind == EventKind.ACCEPTED and (row.gone_id or self.keeps_all):
            self.open.setdefault(row.source_id, []).append(mark.paid)
        return [Move(mark.paid, row.event_id, False)]

    def _unset(self, row: Logged, kind: int) -> list[Move]:
        mark = self._mark_of(row, kind, 0) or Mark()
        mark.standing.discard(row.qualifier)
        mark.removed.add(row.qualifier)
        if mark.standing or mark.paid is None:
            return []
        return self._take_back((mark.paid,), row.event_id)

    def _saved(self, row: Logged) -> list[Move]:
        """Pay a resource's creator for every so many who keep it, while they do."""
        resource_id = row.resource_id
        if resource_id is None or row.target_id in (None, 0, row.user_id):
            return []
        savers = self.savers.setdefault(resource_id, set())
        blocks = self.blocks.setdefault(resource_id, [])
        standing = [paid for paid in blocks if not paid.is_back]
        step = self._terms(row.occurred_at).rules.savers.step
        if row.kind == EventKind.UNSAVE:
            savers.discard(row.user_id)
            left = [paid for paid in standing if not paid.is_void]
            is_due = len(savers) // step < len(left)
            return self._take_back(left[-1:], row.event_id) if is_due else []
        savers.add(row.user_id)
        paid = self._pay(row, row.target_id) if len(savers) // step > len(standing) else None
        if paid is None:
            return []
        blocks.append(paid)
        return [Move(paid, row.event_id, False)]

    # ------------------------------------------------------------- one payment

    def _pay(self, row: Logged, user_id: int | None) -> Payment | None:
        at = row.occurred_at
        terms = self._terms(at)
        ready = self._ready.get(terms.version) or self._ready_for(terms)
        index = claimed(ready.rules, row)
        if index is None or user_id is None:
            return None
        giver_id = row.user_id if row.user_id != user_id else 0
        if index == REPLY:
            giver_id = row.target_id or 0
        day = self.day_of(at, terms.time_zone)
        of_day = self.days.get(day)
        own = of_day.get(user_id) if of_day is not None else None
        n_today = capped = n_pair_today = n_pair = n_giver = 0
        if own is not None:
            n_today, amounts = own.counts[index], own.amounts
            for each in ready.capped:
                capped += amounts[each]
        nearest_s, is_locked, percent = None, False, 100
        if index in IS_WRITTEN:
            nearest_s = self._nearest_s(terms, ready.reach_s, at, user_id, own)
        if giver_id:
            n_pair_today, n_pair = self._paid_pair(terms, ready, index, at, day, giver_id, user_id)
            if index in IS_CLICKED:
                is_locked, percent = self._clicked(terms, ready, at, giver_id, user_id)
                n_giver = self._n_accepted(giver_id, at) if index == ANSWER else 0
        if ready.has_multipliers:
            percent = percent * self._multiplier(terms, row, user_id) // 100
        amount = amount_of(
            ready.rules[index],
            ready.daily_cap,
            n_today,
            capped,
            nearest_s,
            n_pair_today,
            n_pair,
            n_giver,
            is_locked,
            percent,
        )
        if amount == 0:
            return None
        source_id = row.source_id if index != SAVERS else row.resource_id or 0
        return self._note_new(
            index,
            own,
            Payment(
                KINDS[index],
                user_id,
                giver_id,
                amount,
                source_id,
                day,
                at,
                row.event_id,
                terms.version,
            ),
        )

    def _note_new(self, index: int, own: Day | None, paid: Payment) -> Payment:
        """Take note of a payment just decided; ``own`` is what is known of the member's day."""
        if own is None:
            own = self.days.setdefault(paid.day, {})[paid.user_id] = Day()
        own.counts[index] += 1
        own.amounts[index] += paid.amount
        if index in IS_WRITTEN:
            insort(own.written, paid.earned_at)
        if paid.giver_id:
            pair = paid.giver_id, paid.user_id
            insort(self.pairs[index].setdefault(pair, []), paid.earned_at)
            if index == ANSWER:
                insort(self.accepted.setdefault(paid.giver_id, []), paid.earned_at)
        return paid

    def _paid_pair(
        self,
        terms: InForce,
        ready: _Ready,
        index: int,
        at: float,
        day: int,
        giver_id: int,
        user_id: int,
    ) -> tuple[int, int]:
        """Count what stands from a giver to a receiver: on the day, and within the window."""
        n_today = n_pair = 0
        since = at - ready.rules[index].pair_days * DAY_S
        if index == ANSWER:
            back = self.pairs[index].get((user_id, giver_id), ())
            n_pair = len(back) - bisect_right(back, since)
        known = self.pairs[index].get((giver_id, user_id))
        if known:
            n_pair += len(known) - bisect_right(known, since)
            for moment in known[bisect_right(known, at - _DATE_S) :]:
                n_today += self.day_of(moment, terms.time_zone) == day
        return n_today, n_pair

    def _clicked(
        self, terms: InForce, ready: _Ready, at: float, giver_id: int, user_id: int
    ) -> tuple[bool, int]:
        """Return whether a click is locked by one the other way, and by what it is damped."""
        newcomer = terms.rules.newcomer
        is_locked = False
        for index in IS_CLICKED:
            for moment in self.pairs[index].get((user_id, giver_id), ()):
                is_locked |= abs(moment - at) < ready.lock_s
        is_new = is_newcomer(newcomer, giver_id, at, self.first_at.get(giver_id, at))
        return is_locked, newcomer.percent if is_new else 100

    def _n_accepted(self, giver_id: int, at: float) -> int:
        """Count what a member accepted within `GIVER_DAYS` and was paid."""
        known = self.accepted.get(giver_id, [])
        return len(known) - bisect_right(known, at - GIVER_DAYS * DAY_S)

    def _multiplier(self, terms: InForce, row: Logged, user_id: int) -> int:
        role_ids = row.role_ids if row.user_id == user_id else None
        return multiplier(terms.rules.multipliers, (row.channel_id, row.parent_id), role_ids)

    def _nearest_s(
        self, terms: InForce, reach_s: int, at: float, user_id: int, own: Day | None
    ) -> float | None:
        """Return how far the nearest payment for writing is, as far as a cooldown may reach."""
        quarter = at // _QUARTER_S
        days = [own]
        if (at - reach_s) // _QUARTER_S != quarter or (at + reach_s) // _QUARTER_S != quarter:
            # A midnight may lie between.
            around = {
                self.day_of(moment, terms.time_zone) for moment in (at - reach_s, at, at + reach_s)
            }
            days = [self.days.get(day, {}).get(user_id) for day in around]
        nearest: float | None = None
        for each in days:
            if each is not None and each.written:
                place = bisect_left(each.written, at)
                for near in each.written[max(place - 1, 0) : place + 1]:
                    gap = abs(at - near)
                    if nearest is None or gap < nearest:
                        nearest = gap
        return nearest

    def _take_back(self, payments: Iterable[Payment], event_id: int) -> list[Move]:
        """Take back those payments that stand, and the room they took."""
        moves = []
        for paid in payments:
            if paid.is_back or paid.is_void:
                continue
            paid.is_back = True
            moves.append(Move(paid, event_id, True))
            index = INDEX[paid.kind]
            own = self.days.get(paid.day, {}).get(paid.user_id)
            if own is not None:
                own.counts[index] -= 1
                own.amounts[index] -= paid.amount
                if paid.earned_at in own.written and index in IS_WRITTEN:
                    own.written.remove(paid.earned_at)
            of_pair = self.pairs[index].get((paid.giver_id, paid.user_id), [])
            if paid.earned_at in of_pair:
                of_pair.remove(paid.earned_at)
            of_giver = self.accepted.get(paid.giver_id, [])
            if index == ANSWER and paid.earned_at in of_giver:
                of_giver.remove(paid.earned_at)
        return moves

    # ------------------------------------------------------------- rules, days, memory

    def _terms(self, at: float) -> InForce:
        if self.versions and self.versions[-1].effective_at <= at:
            return self.versions[-1]
        for terms in reversed(self.versions):
            if terms.effective_at <= at:
                return terms
        return self._defaults

    def _ready_for(self, terms: InForce) -> _Ready:
        ready = self._ready.get(terms.version)
        if ready is None:
            rules, capped = terms.rules, capped_kinds(terms.rules)
            ready = self._ready[terms.version] = _Ready(
                by_kind(rules),
                tuple(INDEX[kind] for kind in KINDS if kind in capped),
                rules.multipliers != Multipliers(),
                rules.general.daily_cap,
                max(rules.message.cooldown_s, rules.reply.cooldown_s),
                rules.general.lock_h * HOUR_S,
            )
        return ready

    def rules_of(self, version: int) -> RuleSet:
        """Return a version's rules, the defaults for one that is not known."""
        known = {terms.version: terms.rules for terms in self.versions} | self.past
        return known.get(version) or RuleSet()

    def day_of(self, at: float, time_zone: str) -> int:
        """Return a moment's date as `calendar.day_of` does, remembering every quarter hour."""
        dates = self._dates.get(time_zone)
        if dates is None:
            dates = self._dates[time_zone] = {}
        quarter = int(at // _QUARTER_S)
        day = dates.get(quarter)
        if day is None:
            day = dates[quarter] = calendar.day_of(at, time_zone)
        return day

    def claim(self, row: Logged) -> Claim | None:
        """Return who could be paid for an event and what must be known to decide it."""
        terms = self._terms(row.occurred_at)
        ready = self._ready.get(terms.version) or self._ready_for(terms)
        index = claimed(ready.rules, row)
        if index is None:
            return None
        kind = KINDS[index]
        is_written = kind in WRITTEN
        user_id = row.user_id if is_written or kind == "checkin" else row.target_id or 0
        giver_id = (row.target_id or 0) if kind == "reply" else row.user_id
        moments = (-ready.reach_s, 0, ready.reach_s) if is_written else (0,)
        days = {self.day_of(row.occurred_at + moment, terms.time_zone) for moment in moments}
        return Claim(
            kind,
            user_id,
            giver_id if giver_id != user_id else 0,
            tuple(days),
            row.occurred_at - _reach_s(terms.rules, kind),
        )

    def note(self, payment: Payment, *, is_back: bool = False) -> None:
        """Take note of a stored payment, or of its reversal, while state is being loaded."""
        index, sign = INDEX[payment.kind], -1 if is_back else 1
        own = self.days.setdefault(payment.day, {}).setdefault(payment.user_id, Day())
        own.counts[index] += sign
        own.amounts[index] += sign * payment.amount
        if index in IS_WRITTEN:
            if is_back:
                own.written.remove(payment.earned_at)
            else:
                insort(own.written, payment.earned_at)

    def note_pair(self, giver_id: int, user_id: int, kind: Kind, moments: Iterable[float]) -> None:
        """Take note of what stands between two members while state is being loaded."""
        for at in moments:
            insort(self.pairs[INDEX[kind]].setdefault((giver_id, user_id), []), at)

    def note_accepted(self, giver_id: int, at: float) -> None:
        """Take note of an answer that a member accepted while state is being loaded."""
        insort(self.accepted.setdefault(giver_id, []), at)

    def forget(self, before: float) -> None:
        """Drop what no event at ``before`` or later can ask for: the memory of a replay is flat."""
        rules = [terms.rules for terms in self.versions] or [RuleSet()]
        oldest = calendar.day_of(before - 3 * DAY_S, "UTC")
        for day in [day for day in self.days if day < oldest]:
            del self.days[day]
        for kind, of_kind in zip(KINDS, self.pairs, strict=True):
            _forget(of_kind, before - max(_reach_s(each, kind) for each in rules))
        _forget(self.accepted, before - GIVER_DAYS * DAY_S)
        quarter = (before - 3 * DAY_S) // _QUARTER_S
        for dates in self._dates.values():
            for old in [each for each in dates if each < quarter]:
                del dates[old]


def _reach_s(rules: RuleSet, kind: Kind) -> int:
    """Return how far back what stands between two members can bear on a payment of a kind."""
    rule: Rule = getattr(rules, kind)
    lock_s = rules.general.lock_h * HOUR_S if kind in CLICKED else 0
    return max(rule.pair_days * DAY_S, lock_s, _DATE_S)


def _forget(known: dict[T, list[float]], until: float) -> None:
    """Drop moments up to ``until``; a window is open where it begins, so they are outside."""
    for key in [key for key, moments in known.items() if not moments or moments[0] <= until]:
        moments = known[key]
        del moments[: bisect_right(moments, until)]
        if not moments:
            del known[key]

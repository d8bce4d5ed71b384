"""What stands of all payments, by day, by pair and by giver: what bounds the next payment.

`Windows` counts payments and forgets them again: when they are taken back, and when no later event
can ask for them. What takes a payment back is the fold's to decide.
"""

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from typing import TypeVar

from bot.rewards import calendar
from bot.rewards.decisions import Paid, is_newcomer, multiplier
from bot.rewards.kinds import CLICKED, COOLED, GIVER_DAYS, INDEX, KINDS, TABLE, VOICED
from bot.rewards.ruleset import DAY_S
from bot.rewards.versions import DATE_S, Terms, Versions
from storage.records import Logged

T = TypeVar("T")

_QUARTER_S = 900
"""No time zone's midnight lies inside a quarter of an hour of the clock."""
_CLICKED = tuple(INDEX[kind] for kind in KINDS if kind in CLICKED)
_IS_CLICKED = tuple(kind in CLICKED for kind in KINDS)
_IS_COOLED = tuple(kind in COOLED for kind in KINDS)
_IS_VOICED = tuple(kind in VOICED for kind in KINDS)
_IS_MUTUAL = tuple("both ways" in kind.windows for kind in TABLE)


@dataclass(slots=True, eq=False)
class Payment:
    """One payment while the fold may still need it; ``entry_id`` is 0 until it is stored.

    ``is_back`` says that an event took it back, ``is_void`` that a moderator did: nothing of it
    is left to take, and it is not earned again.
    """

    kind: str
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


@dataclass(slots=True)
class Day:
    """What stands of a member's day: how often each kind paid, how much, when for writing."""

    counts: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    amounts: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    written: list[float] = field(default_factory=list)


def _by_pair() -> tuple[dict[tuple[int, int], list[float]], ...]:
    return tuple({} for _ in KINDS)


def _by_giver() -> tuple[dict[int, list[float]], ...]:
    return tuple({} for _ in KINDS)


@dataclass(slots=True)
class Windows:
    """What stands, as far as later decisions may ask for it.

    Attributes
    ----------
    days
        What stands, by day and member.
    pairs
        Moments of what stands between two members, for each kind by giver and receiver.
    voices
        Moments of what each member gave and was paid, of kinds with a voice.
    first_at
        When each member was first seen to write or react.
    """

    days: dict[int, dict[int, Day]] = field(default_factory=dict)
    pairs: tuple[dict[tuple[int, int], list[float]], ...] = field(default_factory=_by_pair)
    voices: tuple[dict[int, list[float]], ...] = field(default_factory=_by_giver)
    first_at: dict[int, float] = field(default_factory=dict)
    _dates: dict[str, dict[int, int]] = field(default_factory=dict)

    # ------------------------------------------------------------- asking

    def paid(
        self, terms: Terms, index: int, row: Logged, day: int, user_id: int, giver_id: int
    ) -> Paid:
        """Return what was paid already that bears on an event of a kind, by its place."""
        at = row.occurred_at
        of_day = self.days.get(day)
        own = of_day.get(user_id) if of_day is not None else None
        n_today = capped_today = n_pair_today = n_pair = n_giver = 0
        if own is not None:
            n_today, capped_today = own.counts[index], sum(own.amounts)
            for each in terms.uncapped:
                capped_today -= own.amounts[each]
        nearest_s, is_locked, percent = None, False, 100
        if _IS_COOLED[index]:
            nearest_s = self._nearest_s(terms, at, user_id, own)
        if giver_id:
            n_pair_today, n_pair = self._between(terms, index, at, day, giver_id, user_id)
            if _IS_CLICKED[index]:
                is_locked, percent = self._clicked(terms, at, giver_id, user_id)
            if _IS_VOICED[index]:
                known = self.voices[index].get(giver_id, ())
                n_giver = len(known) - bisect_right(known, at - GIVER_DAYS * DAY_S)
        if terms.has_multipliers:
            role_ids = row.role_ids if row.user_id == user_id else None
            channels = row.channel_id, row.parent_id
            percent = percent * multiplier(terms.rules.multipliers, channels, role_ids) // 100
        # By position, in the order of `Paid`: a replay makes millions of them.
        between = (n_pair_today, n_pair, n_giver)
        return Paid(n_today, capped_today, nearest_s, *between, is_locked, percent)

    def _between(
        self, terms: Terms, index: int, at: float, day: int, giver_id: int, user_id: int
    ) -> tuple[int, int]:
        """Count what stands from a giver to a receiver: on the day, and within the window."""
        n_today = n_pair = 0
        since = at - terms.by_kind[index].pair_days * DAY_S
        if _IS_MUTUAL[index]:
            back = self.pairs[index].get((user_id, giver_id), ())
            n_pair = len(back) - bisect_right(back, since)
        known = self.pairs[index].get((giver_id, user_id))
        if known:
            n_pair += len(known) - bisect_right(known, since)
            for moment in known[bisect_right(known, at - DATE_S) :]:
                n_today += self.day_of(moment, terms.time_zone) == day
        return n_today, n_pair

    def _clicked(self, terms: Terms, at: float, giver_id: int, user_id: int) -> tuple[bool, int]:
        """Return whether a click is locked by one the other way, and by what it is damped."""
        newcomer = terms.rules.newcomer
        is_locked = False
        for index in _CLICKED:
            for moment in self.pairs[index].get((user_id, giver_id), ()):
                is_locked |= abs(moment - at) < terms.lock_s
        is_new = is_newcomer(newcomer, giver_id, at, self.first_at.get(giver_id, at))
        return is_locked, newcomer.percent if is_new else 100

    def _nearest_s(self, terms: Terms, at: float, user_id: int, own: Day | None) -> float | None:
        """Return how far the nearest payment for writing is, as far as a cooldown may reach."""
        since_s, reach_s = at % _QUARTER_S, terms.cooldown_s
        days = [own]
        if since_s < reach_s or since_s + reach_s >= _QUARTER_S:  # a midnight may lie between
            around = self.days_around(at, reach_s, terms.time_zone)
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

    def days_around(self, at: float, reach_s: int, time_zone: str) -> set[int]:
        """Return the days of what is so near to a moment that its cooldown reaches there."""
        return {self.day_of(moment, time_zone) for moment in (at - reach_s, at, at + reach_s)}

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

    # ------------------------------------------------------------- taking note

    def see(self, user_id: int, at: float) -> None:
        """Take note that a member wrote or reacted."""
        seen = self.first_at.get(user_id)
        if seen is None or at < seen:
            self.first_at[user_id] = at

    def add(self, paid: Payment) -> None:
        """Take note of a payment: on its day, between the pair, and of its giver's voice."""
        index, at = INDEX[paid.kind], paid.earned_at
        self.note(paid)
        if paid.giver_id:
            insort(self.pairs[index].setdefault((paid.giver_id, paid.user_id), []), at)
            if _IS_VOICED[index]:
                insort(self.voices[index].setdefault(paid.giver_id, []), at)

    def note(self, paid: Payment, *, is_back: bool = False) -> None:
        """Take note of a payment on its day only, or of its reversal."""
        index, sign = INDEX[paid.kind], -1 if is_back else 1
        of_day = self.days.get(paid.day)
        if of_day is None:
            of_day = self.days[paid.day] = {}
        own = of_day.get(paid.user_id)
        if own is None:
            own = of_day[paid.user_id] = Day()
        own.counts[index] += sign
        own.amounts[index] += sign * paid.amount
        if _IS_COOLED[index]:
            if is_back:
                own.written.remove(paid.earned_at)
            else:
                insort(own.written, paid.earned_at)

    def note_pair(self, giver_id: int, user_id: int, kind: str, at: float) -> None:
        """Take note of what stands between two members."""
        insort(self.pairs[INDEX[kind]].setdefault((giver_id, user_id), []), at)

    def note_voice(self, giver_id: int, kind: str, at: float) -> None:
        """Take note of what a member gave."""
        insort(self.voices[INDEX[kind]].setdefault(giver_id, []), at)

    def drop(self, paid: Payment) -> None:
        """Make room again for what a payment took; of what is long forgotten nothing is left."""
        index = INDEX[paid.kind]
        own = self.days.get(paid.day, {}).get(paid.user_id)
        if own is not None:
            own.counts[index] -= 1
            own.amounts[index] -= paid.amount
            if paid.earned_at in own.written and _IS_COOLED[index]:
                own.written.remove(paid.earned_at)
        for known in (
            self.pairs[index].get((paid.giver_id, paid.user_id), []),
            self.voices[index].get(paid.giver_id, []),
        ):
            if paid.earned_at in known:
                known.remove(paid.earned_at)

    def forget(self, before: float, versions: Versions) -> None:
        """Drop what no event at ``before`` or later can ask for, by these versions of the rules."""
        oldest = calendar.day_of(before - 3 * DAY_S, "UTC")
        for day in [day for day in self.days if day < oldest]:
            del self.days[day]
        for reach_s, of_kind in zip(versions.reach_s, self.pairs, strict=True):
            _forget(of_kind, before - reach_s)
        for of_giver in self.voices:
            _forget(of_giver, before - GIVER_DAYS * DAY_S)
        quarter = (before - 3 * DAY_S) // _QUARTER_S
        for dates in self._dates.values():
            for old in [each for each in dates if each < quarter]:
                del dates[old]


def _forget(known: dict[T, list[float]], until: float) -> None:
    """Drop moments up to ``until``; a window is open where it begins, so they are outside."""
    for key in [key for key, moments in known.items() if not moments or moments[0] <= until]:
        moments = known[key]
        del moments[: bisect_right(moments, until)]
        if not moments:
            del known[key]

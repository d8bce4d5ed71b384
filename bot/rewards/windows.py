"""What stands of all payments, by day, by pair and by giver: what bounds the next payment.

`Windows` counts payments and forgets them again: when they are taken back, and when no later event
can ask for them. What takes a payment back is the fold's to decide.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from bot.rewards import calendar
from bot.rewards.circle import NOBODY, Circle
from bot.rewards.company import Company
from bot.rewards.decisions import Paid, multiplier
from bot.rewards.kinds import (
    CLICKED,
    COOLED,
    EASED,
    GIVER_DAYS,
    INDEX,
    KINDS,
    OF,
    SILENT,
    VOICED,
)
from bot.rewards.ruleset import DAY_S
from bot.rewards.versions import DATE_S, Terms, Versions
from storage.records import Logged

T = TypeVar("T")
_paid: Callable[[Iterable[Any]], Paid] = partial(tuple.__new__, Paid)
"""`Paid._make` without a look at the length: a replay makes millions."""

_ANYBODY = 2**64
"""Behind every member's id, where moments are the same."""
_KEPT_S = 7 * DAY_S
"""How long what nobody asks for any more may be kept at most."""
_QUARTER_S = 900
"""No time zone's midnight lies inside a quarter of an hour of the clock."""
_ZEROS = [0] * len(KINDS)
_NONE_BETWEEN = (0, 0, 0)
_CLICKED = tuple(INDEX[kind] for kind in KINDS if kind in CLICKED)
_CIRCLED = tuple((INDEX[kind], OF[kind].rests_on == "giver") for kind in KINDS if kind in CLICKED)
"""What is clicked, and whether anybody may do so for little: a thank, not an acceptance."""
_IS_CLICKED = tuple(kind in CLICKED for kind in KINDS)
_IS_COOLED = tuple(kind in COOLED for kind in KINDS)
_IS_VOICED = tuple(kind in VOICED for kind in KINDS)
_IS_EASED = tuple(kind in EASED for kind in KINDS)
_IS_SILENT = tuple(kind in SILENT for kind in KINDS)


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

    counts: list[int] = field(default_factory=_ZEROS.copy)
    amounts: list[int] = field(default_factory=_ZEROS.copy)
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
    owed
        What each member was paid for writing to others, of kinds that ask who is silent: moments
        and to whom each is owed.
    company
        Who takes part, and who answers whom.
    zones
        The time zones that said, for what stands, which day it was.
    """

    days: dict[int, dict[int, Day]] = field(default_factory=dict)
    pairs: tuple[dict[tuple[int, int], list[float]], ...] = field(default_factory=_by_pair)
    voices: tuple[dict[int, list[float]], ...] = field(default_factory=_by_giver)
    owed: dict[int, list[tuple[float, int]]] = field(default_factory=dict)
    company: Company = field(default_factory=Company)
    zones: frozenset[str] = frozenset({"UTC"})
    _swept: float = 0.0
    _dates: dict[str, dict[int, int]] = field(default_factory=dict)

    # ------------------------------------------------------------- asking

    def paid(
        self, terms: Terms, index: int, row: Logged, day: int, user_id: int, giver_id: int
    ) -> Paid:
        """Return what was paid already that bears on an event of a kind, by its place."""
        at, rule = row.occurred_at, terms.by_kind[index]
        of_day = self.days.get(day)
        own = of_day.get(user_id) if of_day is not None else None
        n_today = capped_today = n_silent = n_giver = n_others = 0
        nearest_s, is_locked, percent, between = None, False, 100, _NONE_BETWEEN
        if own is not None:
            n_today, capped_today = own.counts[index], sum(own.amounts)
            for each in terms.uncapped:
                capped_today -= own.amounts[each]
        if _IS_COOLED[index]:
            nearest_s = self._nearest_s(terms, at, user_id, own)
        if giver_id:
            n_others = self.company.n_others(terms.rules.small, at)
            between = self._between(terms, index, at, day, giver_id, user_id)
            circle = NOBODY if n_others else self.circle(terms, at, user_id)
            if _IS_CLICKED[index]:
                is_locked = self._is_locked(terms, at, giver_id, user_id)
                percent = self.company.percent(terms, at, giver_id, user_id, n_others, circle)
            if rule.silent_days and _IS_SILENT[index]:
                owed = self._owed_since(user_id, at - rule.silent_days * DAY_S)
                n_silent = self.company.n_silent(
                    terms, at, user_id, giver_id, owed, n_others, circle
                )
            if _IS_VOICED[index]:
                known = self.voices[index].get(giver_id, ())
                n_giver = len(known) - bisect_right(known, at - GIVER_DAYS * DAY_S)
        if terms.has_multipliers:
            role_ids = row.role_ids if row.user_id == user_id else None
            channels = row.channel_id, row.parent_id
            percent = percent * multiplier(terms.rules.multipliers, channels, role_ids) // 100
        # By position, in the order of `Paid`: a replay makes millions of them.
        n_others *= _IS_EASED[index]
        paid = n_today, capped_today, nearest_s, *between, n_silent, n_giver
        return _paid((*paid, is_locked, percent, n_others))

    def _between(
        self, terms: Terms, index: int, at: float, day: int, giver_id: int, user_id: int
    ) -> tuple[int, int, int]:
        """Count what stands from a giver to a receiver on the day, in the window, and back."""
        rule, pairs = terms.by_kind[index], self.pairs[index]
        since, n_back = at - rule.pair_days * DAY_S, 0
        if rule.pair_back:
            back = pairs.get((user_id, giver_id))
            if back:
                n_back = len(back) - bisect_right(back, since)
        known = pairs.get((giver_id, user_id))
        if not known:
            return 0, 0, n_back
        n_today = 0
        if known[-1] > at - DATE_S:
            for moment in known[bisect_right(known, at - DATE_S) :]:
                n_today += self.day_of(moment, terms.time_zone) == day
        return n_today, len(known) - bisect_right(known, since), n_back

    def _is_locked(self, terms: Terms, at: float, giver_id: int, user_id: int) -> bool:
        """Say whether a click is locked by one the other way."""
        back, lock_s = (user_id, giver_id), terms.lock_s
        for index in _CLICKED:
            for moment in self.pairs[index].get(back, ()):
                if abs(moment - at) < lock_s:
                    return True
        return False

    def percent_of(self, terms: Terms, index: int, at: float, giver_id: int, user_id: int) -> int:
        """Return by what a click of a kind, by its place, is damped; 100 where it is none."""
        if not _IS_CLICKED[index]:
            return 100
        n_others = self.company.n_others(terms.rules.small, at)
        circle = self.circle(terms, at, user_id)
        return self.company.percent(terms, at, giver_id, user_id, n_others, circle)

    def circle(self, terms: Terms, at: float, user_id: int) -> Circle:
        """Return whose clicks pay a member again and again, at a moment."""
        least = terms.rules.answered.circle
        if not least:
            return NOBODY
        clicks = tuple(
            (self.pairs[index], at - terms.by_kind[index].pair_days * DAY_S, least if rests else 1)
            for index, rests in _CIRCLED
        )
        return Circle(user_id, clicks)

    def _nearest_s(self, terms: Terms, at: float, user_id: int, own: Day | None) -> float | None:
        """Return how far the nearest payment for writing is, as far as a cooldown may reach."""
        since_s, reach_s = at % _QUARTER_S, terms.cooldown_s
        days = [own]
        # A midnight may lie between, or the guild has moved to another time zone meanwhile.
        if since_s < reach_s or since_s + reach_s >= _QUARTER_S or len(self.zones) > 1:
            around = self.days_around(at, reach_s)
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

    def days_around(self, at: float, reach_s: int) -> set[int]:
        """Return the days of what is so near to a moment that its cooldown reaches there."""
        moments = (at - reach_s, at, at + reach_s)
        return {self.day_of(moment, zone) for zone in self.zones for moment in moments}

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

    def add(self, paid: Payment) -> None:
        """Take note of a payment: on its day, between the pair, and of its giver's voice."""
        index, at = INDEX[paid.kind], paid.earned_at
        self.note(paid)
        if paid.giver_id:
            insort(self.pairs[index].setdefault((paid.giver_id, paid.user_id), []), at)
            if _IS_SILENT[index]:
                self.note_owed(paid.user_id, paid.giver_id, at)
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

    def note_owed(self, user_id: int, giver_id: int, at: float) -> None:
        """Take note of what a member was paid for writing to another."""
        insort(self.owed.setdefault(user_id, []), (at, giver_id))

    def _owed_since(self, user_id: int, since: float) -> list[tuple[float, int]]:
        owed = self.owed.get(user_id, [])
        return owed[bisect_right(owed, (since, _ANYBODY)) :]

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
        owed = self.owed.get(paid.user_id, [])
        if _IS_SILENT[index] and (paid.earned_at, paid.giver_id) in owed:
            owed.remove((paid.earned_at, paid.giver_id))

    def forget(self, before: float, versions: Versions) -> None:
        """Drop what no event at ``before`` or later can ask for, by these versions of the rules."""
        oldest = calendar.day_of(before - 3 * DAY_S, "UTC")
        for day in [day for day in self.days if day < oldest]:
            del self.days[day]
        # There are as many as members, and pairs of them: looked through once a week.
        if before >= self._swept + _KEPT_S:
            self._swept = before
            for of_giver in self.voices:
                _forget(of_giver, before - GIVER_DAYS * DAY_S)
            self._forget_owed(before - versions.silent_s)
            for reach_s, of_kind in zip(versions.reach_s, self.pairs, strict=True):
                _forget(of_kind, before - reach_s)
            self.company.forget(before, versions)
        quarter = (before - 3 * DAY_S) // _QUARTER_S
        for dates in self._dates.values():
            for old in [each for each in dates if each < quarter]:
                del dates[old]

    def _forget_owed(self, until: float) -> None:
        for user_id, owed in list(self.owed.items()):
            del owed[: bisect_right(owed, (until, _ANYBODY))]
            if not owed:
                del self.owed[user_id]


def _forget(known: dict[T, list[float]], until: float) -> None:
    """Drop moments up to ``until``; a window is open where it begins, so they are outside."""
    for key in [key for key, moments in known.items() if not moments or moments[0] <= until]:
        moments = known[key]
        del moments[: bisect_right(moments, until)]
        if not moments:
            del known[key]

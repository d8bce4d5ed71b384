"""Who takes part, since when, and who answers whom: facts of the log, whatever was paid for them.

They say what a click is worth, by whose it is, and to whom a reply is written in vain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.rewards import circle as circles
from bot.rewards.circle import NOBODY, Circle
from bot.rewards.decisions import is_newcomer, weight
from bot.rewards.kinds import ANSWERING
from bot.rewards.ruleset import DAY_S, FEWEST, MOST, Small
from bot.rewards.versions import Terms, Versions
from storage.records import EventKind, Logged

_SEEN = frozenset({int(EventKind.MESSAGE), int(EventKind.REACTION)})
"""By these a member is first seen."""
_NEVER = float("inf")


@dataclass(slots=True, eq=False)
class Member:
    """What is known of one member.

    Attributes
    ----------
    first_at
        When they were first seen to write or react; infinitely late for never.
    last_at
        When they last did anything that bears on rewards; infinitely long ago for never.
    answered
        When they were last answered, by whom.
    """

    first_at: float = _NEVER
    last_at: float = -_NEVER
    answered: dict[int, float] = field(default_factory=dict)
    heard_until: float = -_NEVER
    """Until when enough answer them for sure, by what was asked last."""
    heard_by: tuple[int, int] = 0, 0


@dataclass(slots=True)
class Company:
    """Who did what, as far as later decisions may ask for it."""

    members: dict[int, Member] = field(default_factory=dict)
    _enough_until: dict[tuple[int, int], float] = field(default_factory=dict)
    """By what is asked, until when enough take part for sure."""
    _around: tuple[int, float, float, int] = 0, _NEVER, _NEVER, 0
    """Within which days so many took part, from when until when that is so."""
    _few_since: float = -_NEVER
    """Whoever comes back after this moment is one more; infinitely long ago if no matter."""

    # ------------------------------------------------------------- taking note

    def take_note(self, row: Logged) -> None:
        """Take note of who did what, whether or not anything is paid for it."""
        user_id, at, target_id = row.user_id, row.occurred_at, row.target_id
        member = self.members.get(user_id) or self._meet(user_id)
        if member.last_at < at:
            if member.last_at <= self._few_since != -_NEVER:
                self._around, self._few_since = _UNKNOWN, -_NEVER
            member.last_at = at
        if member.first_at > at and row.kind in _SEEN:
            member.first_at = at
        if target_id and target_id != user_id and row.kind in ANSWERING:
            answers = (self.members.get(target_id) or self._meet(target_id)).answered
            if answers.get(user_id, at) <= at:
                answers[user_id] = at

    def hear(self, user_id: int, by_id: int, at: float) -> None:
        """Take note that a member was answered by another."""
        answers = self._meet(user_id).answered
        answers[by_id] = max(at, answers.get(by_id, at))

    def know_first(self, first_at: Mapping[int, float]) -> None:
        """Take note of when members were first seen."""
        for user_id, at in first_at.items():
            self._meet(user_id).first_at = at

    def know_last(self, last_at: Mapping[int, float]) -> None:
        """Take note of when members last did anything."""
        self._around, self._few_since = _UNKNOWN, -_NEVER
        for user_id, at in last_at.items():
            self._meet(user_id).last_at = at

    def _meet(self, user_id: int) -> Member:
        return self.members.setdefault(user_id, Member())

    # ------------------------------------------------------------- asking

    def percent(
        self,
        terms: Terms,
        at: float,
        giver_id: int,
        user_id: int,
        n_others: int,
        circle: Circle = NOBODY,
    ) -> int:
        """Return by what a click is damped: its giver is new, or hardly anybody answers them.

        Parameters
        ----------
        n_others
            As `n_others` says.
        circle
            Whose answers make nobody known to whom the click is for.
        """
        rules, member = terms.rules, self.members.get(giver_id) or _STRANGER
        first_at = at if member.first_at == _NEVER else member.first_at
        is_new = is_newcomer(rules.newcomer, giver_id, at, first_at)
        least = rules.newcomer.percent if is_new else 100
        enough = rules.answered.answerers
        if not enough or not least:
            return least
        days = rules.answered.answer_days
        if circle is not NOBODY and not n_others:
            met = circles.met(member.answered, at - days * DAY_S, circle, enough)
            if met.n_outside >= enough:
                return least
            n_around = self.n_around(rules.small, at)
            return min(least, circles.percent(rules.answered, enough, met, n_around))
        n_answerers = _n_answerers(member, enough, days, at, user_id)
        if n_answerers >= enough:
            return least
        return min(least, weight(rules.answered, rules.small, n_answerers, n_others))

    def n_silent(
        self,
        terms: Terms,
        at: float,
        user_id: int,
        target_id: int,
        owed: list[tuple[float, int]],
        n_others: int,
        circle: Circle = NOBODY,
    ) -> int:
        """Count payments for writing to members in vain, 0 if this one is not written to in vain.

        Parameters
        ----------
        owed
            What the author was paid for writing to others lately: moments, and to whom.
        n_others, circle
            As for `percent`.
        """
        rules = terms.rules.answered
        answers = (self.members.get(user_id) or _STRANGER).answered
        since, needed = at - rules.answer_days * DAY_S, rules.known_to
        if n_others:
            needed = needed * n_others // terms.rules.small.others
        if not needed:
            if answers.get(target_id, since) > since:
                return 0
            return sum(answers.get(other_id, since) <= since for _, other_id in owed)
        last = max((moment for moment, other_id in owed if other_id == target_id), default=since)
        is_heard = answers.get(target_id, since) > max(last, since)
        circle = NOBODY if n_others else circle
        if is_heard and self._is_known(terms, target_id, needed, at, user_id, circle):
            return 0
        return sum(
            answers.get(other_id, since) <= max(moment, since)
            or not self._is_known(terms, other_id, needed, at, user_id, circle)
            for moment, other_id in owed
        )

    def _is_known(
        self, terms: Terms, member_id: int, needed: int, at: float, but_id: int, circle: Circle
    ) -> bool:
        """Say whether so many members but one answered a member lately."""
        member = self.members.get(member_id) or _STRANGER
        days = terms.rules.answered.answer_days
        if circle is NOBODY:
            return _n_answerers(member, needed, days, at, but_id) >= needed
        met = circles.met(member.answered, at - days * DAY_S, circle, needed)
        if met.n_outside >= needed:
            return True
        return circles.is_known(met, needed, self.n_around(terms.rules.small, at))

    def n_others(self, small: Small, at: float) -> int:
        """Return how many took part lately besides two, 0 for as many as it takes.

        Who took part does so for days, so that there are enough is known for days to come.
        """
        key = small.others, small.few_days
        if not small.others or at < self._enough_until.get(key, at):
            return 0
        since, enough = at - small.few_days * DAY_S, small.others + 2
        latest = sorted(each.last_at for each in self.members.values() if each.last_at > since)
        if len(latest) < enough:
            return max(len(latest) - 2, FEWEST) if len(latest) > 2 else 0
        self._enough_until[key] = latest[-enough] + small.few_days * DAY_S
        return 0

    def n_around(self, small: Small, at: float) -> int:
        """Return how many took part lately besides two, at most `MOST`.

        That is so until the first of them is too long ago, or another one takes part again.
        """
        days, since, until, n_around = self._around
        if days == small.few_days and since <= at < until:
            return n_around
        reach_s = small.few_days * DAY_S
        latest = [each.last_at for each in self.members.values() if each.last_at > at - reach_s]
        n_around = min(max(len(latest) - 2, 0), MOST)
        if n_around == MOST:  # whoever else takes part makes no difference
            until, self._few_since = sorted(latest)[-MOST - 2] + reach_s, -_NEVER
        else:
            until, self._few_since = min(latest, default=at) + reach_s, at - reach_s
        self._around = small.few_days, at, until, n_around
        return n_around

    def forget(self, before: float, versions: Versions) -> None:
        """Drop who was answered too long ago for any of the versions to ask, from ``before`` on."""
        until = before - versions.answered_s
        for member in self.members.values():
            answers = member.answered
            for by_id in [by_id for by_id, at in answers.items() if at <= until]:
                del answers[by_id]


_STRANGER = Member()
_UNKNOWN = 0, _NEVER, _NEVER, 0


def _n_answerers(member: Member, enough: int, days: int, at: float, but_id: int) -> int:
    """Count who answered a member lately, ``but_id`` aside; not beyond ``enough``.

    One more than enough are enough whoever is set aside, and stay so for days to come.
    """
    if at < member.heard_until and member.heard_by == (enough, days):
        return enough
    since, n_answerers, oldest = at - days * DAY_S, 0, at
    for other_id, moment in member.answered.items():
        if moment > since:
            oldest = min(oldest, moment)
            if n_answerers == enough:
                member.heard_until, member.heard_by = oldest + days * DAY_S, (enough, days)
                return enough
            n_answerers += other_id != but_id
    return n_answerers

"""What a replay comes to under one version of the rules, and two of them side by side."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.rewards.kinds import KINDS
from bot.rewards.ruleset import RuleSet

TOP = 10
BOARD = 50
"""Who rises and falls is looked for among so many first places."""
MOVERS = 5
_ZEROS = [0] * (len(KINDS) + 1)
_DAYS_OPEN = 4
"""Days whose sums are kept while tallying: deliveries come late by hours, not by weeks."""


@dataclass(slots=True)
class Tally:
    """What a replay comes to under one version of the rules, summed up as it goes.

    Memory grows with members, not with events: of a day only sums are kept, and of the latest
    days only.

    Attributes
    ----------
    minted
        What stands, by kind.
    totals
        What stands, by member.
    at_cap, at_limit
        Who reached the daily cap, or a rule's times a day, on any day.
    """

    rules: RuleSet
    minted: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    totals: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    at_cap: set[int] = field(default_factory=set)
    at_limit: set[int] = field(default_factory=set)
    _bounds: dict[str, tuple[int, int, bool]] = field(init=False)
    """By kind its place, how often it pays a day, and whether it is capped."""
    _days: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    """By day and member how often each kind paid, and at the end what capped kinds did."""

    def __post_init__(self) -> None:
        self._bounds = {
            kind: (place, getattr(self.rules, kind).per_day, getattr(self.rules, kind).is_capped)
            for place, kind in enumerate(KINDS)
        }

    def add(self, moves: Iterable[tuple[Any, int, bool]]) -> None:
        """Take note of payments made and taken back: (payment, event, whether it is back)."""
        cap, bounds, days = self.rules.general.daily_cap, self._bounds, self._days
        minted, totals = self.minted, self.totals
        for paid, _, is_back in moves:
            kind, user_id = paid.kind, paid.user_id
            amount, n = (-paid.amount, -1) if is_back else (paid.amount, 1)
            minted[kind] += amount
            totals[user_id] += amount
            of_day = days.get(paid.day)
            if of_day is None:
                of_day = self._begin(paid.day)
            own = of_day.get(user_id)
            if own is None:
                own = of_day[user_id] = _ZEROS.copy()
            place, per_day, is_capped = bounds[kind]
            own[place] += n
            if own[place] >= per_day:
                self.at_limit.add(user_id)
            if is_capped:
                own[-1] += amount
                if own[-1] >= cap:
                    self.at_cap.add(user_id)

    def _begin(self, day: int) -> dict[int, list[int]]:
        begun = self._days[day] = {}
        for old in sorted(self._days)[:-_DAYS_OPEN]:
            if old != day:
                del self._days[old]
        return begun


@dataclass(frozen=True, slots=True)
class Figures:
    """How points are spread under one version of the rules.

    ``gini`` is 0 where all who earned anything have the same and nears 1 where one has all;
    ``top_share`` is the part of all points that the first ten have.
    """

    minted: int
    n_earning: int
    gini: float
    top_share: float
    n_at_cap: int
    n_at_limit: int


def figures(tally: Tally, everybody: Collection[int]) -> Figures:
    """Return the figures of a tally over ``everybody`` who earns under either version."""
    amounts = sorted(max(tally.totals.get(user_id, 0), 0) for user_id in everybody)
    total = sum(amounts)
    return Figures(
        minted=sum(tally.minted.values()),
        n_earning=sum(amount > 0 for amount in amounts),
        gini=gini(amounts),
        top_share=sum(amounts[-TOP:]) / total if total else 0.0,
        n_at_cap=len(tally.at_cap),
        n_at_limit=len(tally.at_limit),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two tallies side by side: what each minted by kind, its figures, and the first places."""

    minted: tuple[tuple[str, int, int], ...]
    before: Figures
    after: Figures
    places: tuple["Place", ...]


def compare(before: Tally, after: Tally, hidden: Collection[int]) -> Comparison:
    """Return what a tally comes to beside another; who stays off the boards has no place."""
    everybody = {
        user_id
        for tally in (before, after)
        for user_id, amount in tally.totals.items()
        if amount > 0
    }
    return Comparison(
        minted=tuple(
            (kind, before.minted[kind], after.minted[kind])
            for kind in KINDS
            if before.minted[kind] or after.minted[kind]
        ),
        before=figures(before, everybody),
        after=figures(after, everybody),
        places=places(before, after, hidden),
    )


def gini(rising: Sequence[int]) -> float:
    """Return the Gini coefficient of amounts in rising order, 0 where there is nothing.

    G = 2·Σ i·x_i / (n·Σ x_i) - (n + 1)/n with i from 1.
    """
    n, total = len(rising), sum(rising)
    if not total:
        return 0.0
    weighted = sum(i * amount for i, amount in enumerate(rising, 1))
    return 2 * weighted / (n * total) - (n + 1) / n


@dataclass(frozen=True, slots=True)
class Place:
    """A member on the boards of both versions: places, None for none, and amounts."""

    user_id: int
    before: int | None
    after: int | None
    amount_before: int
    amount_after: int

    @property
    def rise(self) -> int:
        """Places won, below zero for lost; who is on no board stands behind everybody."""
        last = BOARD + 1
        return min(self.before or last, last) - min(self.after or last, last)


def places(before: Tally, after: Tally, hidden: Collection[int]) -> tuple[Place, ...]:
    """Return who is among the first `BOARD` of either board, by their place on the second.

    Those who stay off boards are on neither.
    """
    boards = [
        {user_id: rank for rank, user_id in enumerate(_ranked(each, hidden), 1)}
        for each in (before, after)
    ]
    shown = {user_id for board in boards for user_id, rank in board.items() if rank <= BOARD}
    found = [
        Place(
            user_id=user_id,
            before=boards[0].get(user_id),
            after=boards[1].get(user_id),
            amount_before=before.totals.get(user_id, 0),
            amount_after=after.totals.get(user_id, 0),
        )
        for user_id in shown
    ]
    return tuple(sorted(found, key=lambda each: (each.after or 2**62, each.before or 2**62)))


def _ranked(tally: Tally, hidden: Collection[int]) -> list[int]:
    earning = (item for item in tally.totals.items() if item[1] > 0 and item[0] not in hidden)
    return [user_id for user_id, _ in sorted(earning, key=lambda item: (-item[1], item[0]))]


def movers(found: Sequence[Place]) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Return who rises and who falls furthest, at most `MOVERS` each."""
    by_rise = sorted(found, key=lambda each: -each.rise)
    rising = tuple(each for each in by_rise if each.rise > 0)[:MOVERS]
    falling = tuple(each for each in reversed(by_rise) if each.rise < 0)[:MOVERS]
    return rising, falling

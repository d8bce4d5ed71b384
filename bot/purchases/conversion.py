"""Whether showing sold it: shown, opened, bought, in members, for resources and products. Pure.

A member bought because they were shown if what they bought, or a resource that it opens, was shown
to them in the week before; the last such showing has the credit, with its surface and its week.
What was given back was not bought. Groups of fewer than `LEAST` members are nobody's business.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot import dates
from bot.dates import DAY_S

LEAST = 5
ATTRIBUTED_S = 7 * DAY_S
ALL = "all"
SALES = "sales"
"""Stands for the surface of what was bought by whatever way."""

Thing = tuple[Literal["resource", "product"], int]
_Key = tuple[Thing, str, str]


@dataclass(frozen=True, slots=True)
class Showing:
    """One resource shown to one member, and whether they opened it from there."""

    user_id: int
    resource_id: int
    surface: str
    at: float
    is_opened: bool


@dataclass(frozen=True, slots=True)
class Buy:
    """One member's first purchase of a product that stands, and what was paid for that product.

    ``amounts`` are (currency, minor units) of all that was paid and not given back.
    """

    user_id: int
    product_id: int
    at: float
    amounts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the report; a count is None where it is of fewer than `LEAST`, but not none."""

    kind: str
    number: int
    surface: str
    week: str
    shown: int | None
    opened: int | None
    bought: int | None
    amounts: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Group:
    shown: set[int] = field(default_factory=set)
    opened: set[int] = field(default_factory=set)
    bought: dict[int, tuple[tuple[str, int], ...]] = field(default_factory=dict)


def report(
    showings: Sequence[Showing],
    buys: Iterable[Buy],
    opens: Mapping[int, Sequence[int]],
    time_zone: str,
    since: float,
) -> list[Row]:
    """Return every group of at least `LEAST` members, things first, then surfaces, then weeks.

    Parameters
    ----------
    opens
        The resources that each product opens.
    since
        From when on showings and purchases count; showings of the week before give credit only.
    """
    groups: dict[_Key, _Group] = {}
    _show(groups, showings, opens, time_zone, since)
    shown_to = _by_member(showings)
    for buy in buys:
        if buy.at >= since:
            last = _last(shown_to.get(buy.user_id, []), buy, opens.get(buy.product_id, ()))
            _sell(groups, buy, last if last and last.at >= since else None, time_zone)
    rows = [_row(key, group) for key, group in groups.items()]
    return sorted(
        (row for row in rows if row is not None),
        key=lambda row: (row.kind, row.number, row.surface != ALL, row.surface, row.week),
    )


def _show(
    groups: dict[_Key, _Group],
    showings: Iterable[Showing],
    opens: Mapping[int, Sequence[int]],
    time_zone: str,
    since: float,
) -> None:
    """Count who was shown and opened what."""
    products_of: dict[int, list[int]] = {}
    for product_id, resource_ids in opens.items():
        for resource_id in resource_ids:
            products_of.setdefault(resource_id, []).append(product_id)
    for each in (showing for showing in showings if showing.at >= since):
        for thing in _things(each.resource_id, products_of):
            for key in _keys(thing, each.surface, _week(each.at, time_zone)):
                group = groups.setdefault(key, _Group())
                group.shown.add(each.user_id)
                if each.is_opened:
                    group.opened.add(each.user_id)


def _sell(groups: dict[_Key, _Group], buy: Buy, last: Showing | None, time_zone: str) -> None:
    """Count who bought what, and by which showing."""
    keys: list[_Key] = [(("product", buy.product_id), SALES, ALL)]
    if last is not None:
        things: list[Thing] = [("product", buy.product_id), ("resource", last.resource_id)]
        for thing in things:
            keys += _keys(thing, last.surface, _week(last.at, time_zone))
    for key in keys:
        groups.setdefault(key, _Group()).bought[buy.user_id] = buy.amounts


def _things(resource_id: int, products_of: Mapping[int, Sequence[int]]) -> list[Thing]:
    found: list[Thing] = [("resource", resource_id)]
    found += [("product", number) for number in products_of.get(resource_id, ())]
    return found


def _keys(thing: Thing, surface: str, week: str) -> list[_Key]:
    return [(thing, one, at) for one in (surface, ALL) for at in (week, ALL)]


def _week(at: float, time_zone: str) -> str:
    """Return the Monday of a moment's week."""
    day = dates.local(at, time_zone).date()
    return dates.iso(dates.later(dates.as_day(day), -day.weekday()))


def _by_member(showings: Iterable[Showing]) -> dict[int, list[Showing]]:
    found: dict[int, list[Showing]] = {}
    for each in sorted(showings, key=lambda showing: showing.at):
        found.setdefault(each.user_id, []).append(each)
    return found


def _last(shown: Sequence[Showing], buy: Buy, resource_ids: Iterable[int]) -> Showing | None:
    """Return the last showing that a purchase may be owed to."""
    wanted = set(resource_ids)
    until = bisect_right(shown, buy.at, key=lambda showing: showing.at)
    for each in reversed(shown[:until]):
        if each.at < buy.at - ATTRIBUTED_S:
            return None
        if each.resource_id in wanted:
            return each
    return None


def _row(key: _Key, group: _Group) -> Row | None:
    (kind, number), surface, week = key
    if max(len(group.shown), len(group.bought) if surface == SALES else 0) < LEAST:
        return None
    sums: dict[str, int] = {}
    for amounts in group.bought.values():
        for currency, amount in amounts:
            sums[currency] = sums.get(currency, 0) + amount
    bought = _count(group.bought)
    return Row(
        kind=kind,
        number=number,
        surface=surface,
        week=week,
        shown=_count(group.shown),
        opened=_count(group.opened),
        bought=bought,
        amounts=tuple(sorted(sums.items())) if bought else (),
    )


def _count(members: Iterable[int]) -> int | None:
    n = len(set(members))
    return n if n == 0 or n >= LEAST else None


@dataclass(frozen=True, slots=True)
class Lift:
    """Members who were shown something that is sold, and those of them who bought: others, held."""

    n_others: int
    bought_others: int
    n_held: int
    bought_held: int

    @property
    def is_told(self) -> bool:
        """Whether no count in it is about so few members that they could be known by it."""
        counts = (self.bought_others, self.bought_held)
        is_enough = min(self.n_others, self.n_held) >= LEAST
        return is_enough and all(n == 0 or n >= LEAST for n in counts)


def lift(
    showings: Iterable[Showing],
    buys: Iterable[Buy],
    opens: Mapping[int, Iterable[int]],
    since: float,
    is_held: Callable[[int], bool],
) -> Lift:
    """Return how many of those who were shown what is sold bought any of it afterwards.

    Parameters
    ----------
    since
        Earlier showings and purchases do not count.
    is_held
        Says of a member whether they are held out: served what is popular, not by their taste.
    """
    sold = {resource_id for ids in opens.values() for resource_id in ids}
    first: dict[int, float] = {}
    for each in showings:
        if each.at >= since and each.resource_id in sold:
            first[each.user_id] = min(each.at, first.get(each.user_id, each.at))
    bought = {each.user_id for each in buys if each.at >= first.get(each.user_id, float("inf"))}
    held = {user_id for user_id in first if is_held(user_id)}
    others = first.keys() - held
    return Lift(
        n_others=len(others),
        bought_others=len(others & bought),
        n_held=len(held),
        bought_held=len(held & bought),
    )

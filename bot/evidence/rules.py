"""Who pays whom: reciprocity, concentration and bursts, and the groups that pay mostly themselves.

Everything here is pure, and about groups: nothing is said of fewer members than `GROUP_MIN`, except
of those whom a moderator named.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

DAYS_MIN, DAYS_MAX, DAYS = 7, 90, 30
"""How many days back one may look."""
GROUP_MIN = 5
"""Nothing is reported about fewer members."""
GROUP_MAX = 50
"""More members than this are a community, not a ring."""
QUICK_S = 60.0
_MUTUAL_MIN = 3
"""Acts in each direction that make a pair mutual."""
_INSIDE_MIN = 0.6
"""The least part of what a group receives that it gives itself."""
_LIFT_MIN = 2.0
"""How many times its part of all members that has to be."""
_ROUNDS = 20
Edge = tuple[int, int, int, int, int]
"""Giver, receiver, times, amount, quick ones."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A group whose members pay mostly each other: counts over the group, nobody's own.

    ``inside`` is the part of what they receive that comes from themselves, ``mutual`` the part
    of their pairs with acts in both directions, ``n_quick`` acts within a minute of the same
    giver's act before.
    """

    members: tuple[int, ...]
    n_acts: int
    amount: int
    inside: float
    mutual: float
    n_quick: int

    @property
    def key(self) -> str:
        """What a button carries of it: its mark, or the few who were named and are never found."""
        if len(self.members) < GROUP_MIN:
            return "_".join(_written(member) for member in self.members)
        return self.mark

    @property
    def mark(self) -> str:
        """A short mark of who belongs to it, which names nobody."""
        return hashlib.sha256(json.dumps(self.members).encode()).hexdigest()[:12]


def named(members: Collection[int], edges: Sequence[Edge]) -> Ring:
    """Return counts over a few members that a moderator named, fewer than are ever found."""
    times = {(giver, user): n for giver, user, n, _, _ in edges}
    mutual = {pair for pair, n in times.items() if _is_mutual(times, pair, n)}
    return _ring(tuple(sorted(members)), edges, mutual)


def members_of(key: str) -> tuple[int, ...]:
    """Return the few members that a ring's key names; empty for one that was found."""
    try:
        found = tuple(int(part, 36) for part in key.split("_"))
    except ValueError:
        return ()
    return found if 2 <= len(found) < GROUP_MIN else ()


def _written(number: int) -> str:
    """Return a number in base 36: four ids fit into a button."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


@dataclass(frozen=True, slots=True)
class Patterns:
    """Reciprocity, concentration and bursts over everybody, None where too few are meant."""

    n_acts: int
    n_members: int
    mutual_acts: float
    n_mutual: int | None
    n_concentrated: int | None
    n_quick: int
    rings: tuple[Ring, ...]


def patterns(edges: Sequence[Edge]) -> Patterns:
    """Return what the acts of all members show; numbers about fewer than `GROUP_MIN` are None."""
    times = {(giver, user): n for giver, user, n, _, _ in edges}
    mutual = {pair for pair, n in times.items() if _is_mutual(times, pair, n)}
    n_acts = sum(times.values())
    received: defaultdict[int, int] = defaultdict(int)
    most: defaultdict[int, int] = defaultdict(int)
    for (_, user), n in times.items():
        received[user] += n
        most[user] = max(most[user], n)
    concentrated = sum(n >= 2 * _MUTUAL_MIN and most[user] * 2 >= n for user, n in received.items())
    traders = {member for pair in mutual for member in pair}
    return Patterns(
        n_acts=n_acts,
        n_members=len({member for pair in times for member in pair}),
        mutual_acts=sum(times[pair] for pair in mutual) / n_acts if n_acts else 0.0,
        n_mutual=len(traders) if len(traders) >= GROUP_MIN else None,
        n_concentrated=concentrated if concentrated >= GROUP_MIN else None,
        n_quick=sum(edge[4] for edge in edges),
        rings=_rings(edges, times, mutual),
    )


def _is_mutual(times: Mapping[tuple[int, int], int], pair: tuple[int, int], n: int) -> bool:
    return n >= _MUTUAL_MIN and times.get((pair[1], pair[0]), 0) >= _MUTUAL_MIN


def _rings(
    edges: Sequence[Edge], times: Mapping[tuple[int, int], int], mutual: set[tuple[int, int]]
) -> tuple[Ring, ...]:
    found = [
        _ring(members, edges, mutual)
        for members in _groups(times, mutual)
        if GROUP_MIN <= len(members) <= GROUP_MAX
    ]
    n_members = len({member for pair in times for member in pair})
    rings = [
        ring
        for ring in found
        if ring.inside >= max(_INSIDE_MIN, _LIFT_MIN * len(ring.members) / n_members)
    ]
    return tuple(sorted(rings, key=lambda ring: (-ring.amount, ring.members)))


def _groups(
    times: Mapping[tuple[int, int], int], mutual: set[tuple[int, int]]
) -> list[tuple[int, ...]]:
    """Return groups of mutual pairs by label propagation (Raghavan et al. 2007), in fixed order."""
    near: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for giver, user in mutual:
        near[giver][user] = min(times[giver, user], times[user, giver])
    label = {member: member for member in sorted(near)}
    for _ in range(_ROUNDS):
        is_settled = True
        for member in label:
            weight: defaultdict[int, int] = defaultdict(int)
            for other, n in near[member].items():
                weight[label[other]] += n
            best = min(weight, key=lambda each: (-weight[each], each))
            if best != label[member]:
                label[member], is_settled = best, False
        if is_settled:
            break
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for member, name in label.items():
        groups[name].append(member)
    return [tuple(members) for members in groups.values()]


def _ring(members: tuple[int, ...], edges: Sequence[Edge], mutual: set[tuple[int, int]]) -> Ring:
    people = set(members)
    own = [edge for edge in edges if edge[0] in people and edge[1] in people]
    n_received = sum(edge[2] for edge in edges if edge[1] in people)
    n_acts = sum(edge[2] for edge in own)
    n_pairs = len(members) * (len(members) - 1)
    n_mutual = sum((edge[0], edge[1]) in mutual for edge in own)
    return Ring(
        members=members,
        n_acts=n_acts,
        amount=sum(edge[3] for edge in own),
        inside=n_acts / n_received if n_received else 0.0,
        mutual=n_mutual / n_pairs,
        n_quick=sum(edge[4] for edge in own),
    )

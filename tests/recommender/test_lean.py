"""What is done for millions of events at once gives what the simple way gives, bit for bit."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from recommender.evaluation import Replay, Timeline, timeline
from recommender.interactions import Interactions, Items, first_positives, grouped, settle
from tests.recommender.communities import events

LEAST, GREATEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max
IDS = st.one_of(
    st.integers(0, 3),
    st.sampled_from([LEAST, LEAST + 1, -1, 2**31, 2**40, 10**18, GREATEST - 1, GREATEST]),
)
WEIGHTS = st.sampled_from([-2.0, -1.0, 0.5, 1.0, 3.0])
ROWS = st.lists(st.tuples(IDS, IDS, st.integers(0, 6), WEIGHTS), max_size=30)
CATALOGUES = st.dictionaries(IDS, st.integers(0, 6), max_size=6)
Row = tuple[int, int, int, float]


def of_rows(rows: list[Row]) -> Interactions:
    return events(*([row[i] for row in rows] for i in range(4)))


def same(left: Interactions, right: Interactions) -> bool:
    names = ("members", "items", "weights", "times")
    return all(getattr(left, n).tobytes() == getattr(right, n).tobytes() for n in names)


def simply_in_order(data: Interactions) -> Interactions:
    return data.take(np.lexsort((data.weights, data.items, data.members, data.times)))


def simply_first_positives(data: Interactions) -> Interactions:
    ordered = simply_in_order(data.take(data.weights > 0))
    pairs = list(zip(ordered.members.tolist(), ordered.items.tolist(), strict=True))
    return ordered.take(np.array([pairs.index(p) == n for n, p in enumerate(pairs)], bool))


def simply_settled(data: Interactions) -> Interactions:
    rows = []
    for pair in sorted(set(zip(data.members.tolist(), data.items.tolist(), strict=True))):
        own = data.take((data.members == pair[0]) & (data.items == pair[1]))
        newest = own.times.max()
        sign = 1 if (own.weights[own.times == newest] > 0).all() else -1
        strongest = sign * float((sign * own.weights).max())
        rows.append((*pair, newest, strongest))
    return of_rows(rows)


def simply_first_of(ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    is_first = np.zeros(len(ids), bool)
    if len(ids):
        is_first[np.unique(ids, axis=0, return_index=True)[1]] = True
    return is_first


def simple_timeline(data: Interactions, items: Items) -> Timeline:
    line = simply_in_order(data)
    out = dict(zip(items.ids.tolist(), items.published.tolist(), strict=True))
    published = np.array([out.get(item, np.inf) for item in line.items.tolist()])
    is_again = ~simply_first_of(line.items)
    is_known_item = (published < line.times) | ((published == line.times) & is_again)
    pairs = np.stack([line.members, line.items], 1)
    wanted = np.flatnonzero(line.weights > 0)
    is_first = np.zeros(len(line), bool)
    is_first[wanted] = simply_first_of(pairs[wanted])
    is_known_member = ~simply_first_of(line.members)
    return Timeline(
        events=line,
        is_first=is_first,
        is_known_item=is_known_item,
        is_known_member=is_known_member,
        is_untouched=simply_first_of(pairs),
    )


@given(ROWS)
def test_events_in_order_firsts_and_settled_pairs_are_those_of_the_simple_way(
    rows: list[Row],
) -> None:
    data = of_rows(rows)
    assert same(data.in_order(), simply_in_order(data))
    assert same(data.in_order().in_order(), simply_in_order(data))
    assert same(first_positives(data), simply_first_positives(data))
    assert same(settle(data), simply_settled(data))


@given(ROWS, CATALOGUES)
def test_a_timeline_is_that_of_the_simple_way(rows: list[Row], listed: dict[int, int]) -> None:
    data = of_rows(rows)
    items = Items(np.array([*listed], np.int64), np.array([*listed.values()], np.float64))
    left, right = timeline(data, items), simple_timeline(data, items)
    assert same(left.events, right.events)
    for name in ("is_first", "is_known_item", "is_known_member", "is_untouched"):
        assert getattr(left, name).tolist() == getattr(right, name).tolist(), name


@given(ROWS, CATALOGUES, st.randoms(use_true_random=False))
def test_a_replay_may_be_asked_in_any_order(
    rows: list[Row], listed: dict[int, int], rng: Random
) -> None:
    data = of_rows(rows)
    items = Items(np.array([*listed], np.int64), np.array([*listed.values()], np.float64))
    line = timeline(data, items)
    replay, order = Replay(line, items), [*range(len(data))]
    rng.shuffle(order)
    for at in order:
        here = replay.situation(at)
        before = line.events.take(slice(0, at))
        member = line.events.members[at]
        assert same(here.history, before.take(before.members == member))
        touched = set(here.history.items.tolist())
        listable = [i for i in sorted(listed) if listed[i] <= here.now and i not in touched]
        assert here.candidates.ids.tolist() == listable
        firsts = before.take(line.is_first[:at])
        assert here.users.tolist() == [int((firsts.items == i).sum()) for i in listable]


@given(st.lists(st.tuples(IDS, IDS, IDS), max_size=30))
def test_rows_are_grouped_whatever_their_ids(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array([row[i] for row in rows], np.int64) for i in range(3)]
    order, is_new = grouped(*columns)
    assert order.tolist() == sorted(range(len(rows)), key=lambda at: (rows[at], at))
    sorted_rows = sorted(rows)
    expected = [n == 0 or row != sorted_rows[n - 1] for n, row in enumerate(sorted_rows)]
    assert is_new.tolist() == expected


def test_more_ids_than_fit_into_one_integer_are_grouped_too() -> None:
    n_rows = 2**16 + 1  # 17 bits for each of three columns and the position are 68
    rng = np.random.default_rng(0)
    columns = [rng.permutation(n_rows) * 2**40 for _ in range(3)]
    for column in columns:
        column[-1] = column[0]
    order, is_new = grouped(*columns)
    assert order.tolist() == np.lexsort(columns[::-1]).tolist()
    assert is_new.sum() == n_rows - 1

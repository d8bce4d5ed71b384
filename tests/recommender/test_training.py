from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from recommender import effort
from recommender.context import Context, Declared, Exposures
from recommender.features import DIFFICULTY, INTEREST, VIEWS
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.model import DEFAULT_WEIGHTS, Model
from recommender.popularity import DAY_S
from recommender.ranking import score, top
from recommender.training import Fit, train
from tests.recommender.communities import NOW, catalogue, community, events, joined, of_member

DATA, ITEMS = community()


@pytest.fixture(scope="module")
def fit() -> Fit:
    return train(DATA, ITEMS, now=NOW, seed=1)


def live(fit: Fit) -> Model:
    assert fit.model is not None
    return fit.model


def test_two_tastes_are_found_and_beat_popularity(fit: Fit) -> None:
    assert fit.is_accepted and fit.reason == "accepted"
    new = fit.metrics["new"].ndcg
    assert new > 1.4 * max(fit.metrics[n].ndcg for n in ("popularity", "popularity_2d"))
    assert len({found.n for found in fit.metrics.values()}) == 1
    assert live(fit).weights[VIEWS].max() > 0.5


def test_members_of_different_taste_see_different_lists(fit: Fit) -> None:
    for member in range(6):
        own = of_member(DATA, member)
        served = score(live(fit), own, Interactions.empty(), ITEMS, now=NOW)
        listed = top(served, 10, exclude=own.items)
        assert np.mean(listed % 2 == member % 2) >= 0.9


def test_the_same_seed_gives_the_same_bytes_in_any_order_of_events(fit: Fit) -> None:
    order = np.random.default_rng(3).permutation(len(DATA))
    rows = np.random.default_rng(4).permutation(len(ITEMS))
    again = train(DATA.take(order), ITEMS.take(rows), now=NOW, seed=1)
    assert again.metrics == fit.metrics
    for name, array in live(fit).to_arrays().items():
        assert live(again).to_arrays()[name].tobytes() == array.tobytes()


def test_events_that_come_twice_teach_nothing_new() -> None:
    late = DATA.take(DATA.times > NOW - 8 * DAY_S)
    once, twice = (
        snapshot(
            data, ITEMS, as_of=NOW, settings=effort.options(0)[0], weights=DEFAULT_WEIGHTS, seed=1
        )
        for data in (DATA, joined(DATA, late))
    )
    arrays = once.to_arrays()
    for name, array in twice.to_arrays().items():
        assert array.tobytes() == arrays[name].tobytes(), name


def test_events_of_the_future_are_ignored(fit: Fit) -> None:
    ahead = events([1, 2], [3, 4], [NOW + 1, NOW + 2])
    mixed = joined(DATA, ahead)
    again = train(mixed, ITEMS, now=NOW, seed=1)
    assert live(again).weights.tobytes() == live(fit).weights.tobytes()


def test_the_model_knows_every_published_item_and_nobody(fit: Fit) -> None:
    model = live(fit)
    assert model.ids.tolist() == sorted(ITEMS.ids.tolist()) and model.as_of == NOW
    n_members = len(np.unique(DATA.members))
    assert all(n_members not in array.shape for array in model.to_arrays().values())


def test_a_worse_model_does_not_replace_the_live_one() -> None:
    data, items = community(n_tastes=6)
    then = NOW - 9 * DAY_S
    good = live(train(data.take(data.times < then), items, now=then, seed=1))
    again = train(data, items, now=NOW, seed=1, live=good)
    assert again.is_accepted and "live" in again.metrics
    # What the new one learns from is half lost; what both are judged by is not.
    rng = np.random.default_rng(1)
    is_lost = (rng.random(len(data)) < 0.7) & (data.times < then)
    items_seen = np.where(is_lost, rng.integers(0, len(items), len(data)), data.items)
    spoiled = Interactions(
        members=data.members, items=items_seen, weights=data.weights, times=data.times
    )
    worse = train(spoiled, items, now=NOW, seed=1, live=good)
    assert worse.reason == "worse_than_live" and worse.model is None
    assert worse.metrics["new_beside_live"].ndcg < worse.metrics["live"].ndcg
    assert worse.metrics["new"].ndcg > worse.metrics["popularity_2d"].ndcg


def test_a_live_model_that_has_seen_everything_is_not_compared(fit: Fit) -> None:
    again = train(DATA, ITEMS, now=NOW, seed=1, live=live(fit))
    assert again.is_accepted and "live" not in again.metrics


def test_a_poor_live_model_is_replaced() -> None:
    early = DATA.take(DATA.times < NOW - 10 * DAY_S)
    poor = replace(
        live(train(early, ITEMS, now=NOW - 10 * DAY_S, seed=1)), weights=-DEFAULT_WEIGHTS
    )
    fit = train(DATA, ITEMS, now=NOW, seed=1, live=poor)
    assert fit.is_accepted
    assert fit.metrics["new_beside_live"].ndcg > fit.metrics["live"].ndcg


def test_noise_without_taste_is_not_accepted() -> None:
    rng = np.random.default_rng(5)
    n = 1_500
    noise = events(rng.integers(0, 60, n), rng.integers(0, 80, n), NOW - rng.uniform(0, 4e6, n))
    fit = train(noise, catalogue(80), now=NOW, seed=1)
    assert fit.reason == "worse_than_popularity" and fit.model is None and fit.metrics


@pytest.mark.parametrize(
    ("n_members", "n_items", "n_events"),
    [(1, 1, 1), (1, 40, 40), (40, 1, 40), (20, 30, 60), (20, 30, 150), (2, 300, 300)],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_small_guild_gets_an_answer(
    n_members: int, n_items: int, n_events: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    times = NOW - rng.uniform(0, 4e6, n_events)
    members, items = rng.integers(0, n_members, n_events), rng.integers(0, n_items, n_events)
    fit = train(events(members, items, times), catalogue(n_items), now=NOW, seed=1)
    assert (fit.model is not None) == fit.is_accepted == (fit.reason == "accepted")
    if n_events < 150:
        assert fit == Fit(None, {}, "too_few_data")


def test_nothing_at_all_is_too_few_data() -> None:
    none = Items(np.empty(0, np.int64), np.empty(0))
    assert train(Interactions.empty(), none, now=NOW, seed=1).reason == "too_few_data"
    assert train(Interactions.empty(), ITEMS, now=NOW, seed=1).reason == "too_few_data"
    assert train(DATA, none, now=NOW, seed=1).reason == "too_few_data"


def test_events_of_one_second_do_not_break_a_refit() -> None:
    at_once = Interactions(
        members=DATA.members,
        items=DATA.items,
        weights=DATA.weights,
        times=np.full(len(DATA), NOW - 9.0),
    )
    assert train(at_once, ITEMS, now=NOW, seed=1).reason in ("accepted", "worse_than_popularity")


def test_dismissals_alone_teach_nothing() -> None:
    only = Interactions(
        members=DATA.members, items=DATA.items, weights=-DATA.weights, times=DATA.times
    )
    assert train(only, ITEMS, now=NOW, seed=1).reason == "too_few_data"


def test_what_was_shown_is_not_taken_for_what_is_liked() -> None:
    """Half the lists put one resource first; members open the first card, whatever it is."""
    data, items = community(n_tastes=6)
    rng = np.random.default_rng(9)
    is_pushed = rng.random(len(data)) < 0.5
    pushed = data.take(is_pushed)
    shown = Exposures(
        members=pushed.members,
        items=pushed.items,
        positions=np.ones(len(pushed), np.int64),
        times=pushed.times - 60,
    )
    beside = Exposures(
        members=np.repeat(pushed.members, 4),
        items=rng.integers(0, len(items), 4 * len(pushed)),
        positions=np.tile(np.arange(2, 6), len(pushed)),
        times=np.repeat(pushed.times - 60, 4),
    )
    both = Exposures(
        **{
            name: np.concatenate([getattr(part, name) for part in (shown, beside)])
            for name in ("members", "items", "positions", "times")
        }
    )
    blind = live(train(data, items, now=NOW, seed=1)).weights
    aware = train(data, items, now=NOW, seed=1, context=Context(shown=both))
    assert aware.is_accepted
    assert np.abs(live(aware).weights - blind).max() < 0.6
    assert len(live(aware).weights) == len(blind)  # what being shown does is not served


def test_declared_interests_are_weighed_by_what_members_then_do() -> None:
    data, items = community(n_tastes=6)
    members = np.repeat(np.unique(data.members), len(items))
    ids = np.tile(items.ids, len(np.unique(data.members)))
    is_true = ids % 6 == members % 6
    honest = Declared(members[is_true], ids[is_true])
    wrong = Declared(members[is_true], (ids[is_true] + 1) % len(items))
    weights = [
        live(train(data, items, now=NOW, seed=1, context=Context(declared=said))).weights[INTEREST]
        for said in (honest, wrong)
    ]
    assert weights[0] > 1.5 and weights[1] < 0.2


def test_a_member_gets_their_level_where_members_keep_to_theirs() -> None:
    data, items = community(n_tastes=3)  # of which the first wants what is easy, and so on
    context = Context(levels=items.ids % 3)
    model = live(train(data, items, now=NOW, seed=1, context=context))
    assert model.weights[DIFFICULTY] > 0.2
    strangers = train(data, items, now=NOW, seed=1, context=Context(levels=items.ids // 100))
    assert live(strangers).weights[DIFFICULTY] < model.weights[DIFFICULTY]


def test_a_budget_is_counted_work_and_cuts_it_in_a_stated_order() -> None:
    spent = [effort.within(10**6, 20_000, budget) for budget in (1e9, 2_000, 100, 20, 1)]
    for more, less in pairwise(spent):
        assert more.n_predictions >= less.n_predictions and more.n_settings >= less.n_settings
    assert spent[0].tries_ease and not spent[-1].tries_ease
    assert spent[-1].n_refits == 1
    small = train(DATA, ITEMS, now=NOW, seed=1, budget_s=0.5)
    assert small.metrics["new"].n < train(DATA, ITEMS, now=NOW, seed=1).metrics["new"].n


def test_more_pairs_carry_more_factors() -> None:
    sizes = [effort.options(n)[0].als.n_factors for n in (0, 100_000, 10**7)]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("context", [Context(texts=("one",)), Context(levels=np.array([-2] * 300))])
def test_a_context_of_another_catalogue_is_refused(context: Context) -> None:
    with pytest.raises(ValueError, match=r"texts|levels"):
        train(DATA, ITEMS, now=NOW, seed=1, context=context)


def test_senseless_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="budget"):
        train(DATA, ITEMS, now=NOW, seed=1, budget_s=0)
    with pytest.raises(ValueError, match="now must be finite"):
        train(DATA, ITEMS, now=float("nan"), seed=1)
    with pytest.raises(ValueError, match="settings not empty"):
        train(DATA, ITEMS, now=NOW, seed=1, settings=[])

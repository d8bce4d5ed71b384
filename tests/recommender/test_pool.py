import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.als import AlsSettings
from recommender.features import TASTE
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.model import DEFAULT_WEIGHTS, Model, Settings
from recommender.pool import Pool
from recommender.popularity import DAY_S
from recommender.ranking import explain, explain_all, score
from tests.recommender.communities import NOW, community, events, joined, of_member

DATA, ITEMS = community(n_members=40, n_items=60, n_events=1_200)
MODEL = snapshot(
    DATA,
    ITEMS,
    as_of=NOW,
    settings=Settings(AlsSettings(n_factors=8)),
    weights=DEFAULT_WEIGHTS,
    seed=1,
)
NOTHING = Interactions.empty()
DEEDS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 7), st.floats(0, 50), st.sampled_from([1, 2, -1])),
    max_size=25,
)


def deeds(done: list[tuple[int, int, float, int]]) -> Interactions:
    columns = list(zip(*done, strict=True)) or [(), (), (), ()]
    return events(columns[0], columns[1], NOW + np.array(columns[2]) * 3_600, columns[3])


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([None, MODEL]), st.lists(DEEDS, min_size=1, max_size=5))
def test_a_pool_that_was_added_to_scores_like_one_made_again(
    model: Model | None, batches: list[list[tuple[int, int, float, int]]]
) -> None:
    parts = [deeds(batch) for batch in batches]
    grown = Pool(model, ITEMS, parts[0], NOW + 50 * 3_600)
    for hours, part in enumerate(parts[1:], start=51):
        grown.add(part, NOW + hours * 3_600)
    now, own = NOW + 60 * 3_600, of_member(DATA, 3)
    again = Pool(model, ITEMS, joined(*parts), now).score(own, now=now)
    np.testing.assert_allclose(grown.score(own, now=now).total, again.total, rtol=1e-9, atol=1e-9)


def test_the_same_pair_again_changes_nothing_and_overtaking_reads_do_no_harm() -> None:
    first, second = deeds([(1, 2, 1, 1)]), deeds([(1, 2, 2, 3), (4, 5, 2, 1)])
    once, twice = (Pool(MODEL, ITEMS, first, NOW) for _ in range(2))
    once.add(second, NOW + 9_000)
    for _ in range(3):
        twice.add(second, NOW + 9_000)
    own = of_member(DATA, 1)
    left, right = (pool.score(own, now=NOW + 9_999).total for pool in (once, twice))
    assert left.tobytes() == right.tobytes()


def test_years_without_a_refit_do_not_overflow() -> None:
    pool = Pool(None, ITEMS, NOTHING, NOW)
    for year in range(1, 6):
        later = NOW + year * 365 * DAY_S
        pool.add(events([year], [3], [later]), later)
    found = pool.score(NOTHING, now=later)
    fresh = score(None, NOTHING, events([5], [3], [later]), ITEMS, now=later)
    np.testing.assert_allclose(found.total, fresh.total, rtol=1e-6)


def test_some_of_the_candidates_are_scored_as_in_a_pool_of_them_alone() -> None:
    own, which = of_member(DATA, 2), np.arange(60) % 7 == 0
    some = Pool(MODEL, ITEMS, NOTHING, NOW).score(own, now=NOW + 60, which=which)
    alone = score(MODEL, own, NOTHING, ITEMS.take(which), now=NOW + 60)
    assert some.ids.tolist() == alone.ids.tolist()
    np.testing.assert_allclose(some.parts, alone.parts)


def test_a_pool_keeps_nothing_of_the_members_it_answered() -> None:
    pool = Pool(MODEL, ITEMS, NOTHING, NOW)
    stranger = pool.score(NOTHING, now=NOW + 1).total.tobytes()
    pool.score(of_member(DATA, 2), now=NOW + 1)
    again = pool.score(NOTHING, now=NOW + 1)
    assert again.total.tobytes() == stranger and not again.parts[:, TASTE].any()


def test_reasons_for_several_are_those_for_each() -> None:
    own = of_member(DATA, 4)
    found = Pool(MODEL, ITEMS, NOTHING, NOW).score(own, now=NOW + 60)
    several = explain_all(MODEL, own, found, [5, 40, 6])
    for item_id, reason in zip([5, 40, 6], several, strict=True):
        single = explain(MODEL, own, found, item_id)
        assert single.lead == reason.lead and single.lifts == reason.lifts
        assert [item for item, _ in single.because] == [item for item, _ in reason.because]
    assert explain_all(MODEL, own, found, []) == []


def test_the_lifts_of_a_reason_sum_to_the_lead_over_the_average() -> None:
    found = Pool(MODEL, ITEMS, NOTHING, NOW).score(of_member(DATA, 4), now=NOW + 60)
    reason = explain(MODEL, of_member(DATA, 4), found, 8)
    above = found.total[found.ids == 8][0] - found.total.mean()
    assert sum(reason.lifts.values()) == pytest.approx(above)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_moment_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Pool(None, Items(ITEMS.ids, ITEMS.published), NOTHING, bad)
    with pytest.raises(ValueError, match="finite"):
        Pool(None, ITEMS, NOTHING, NOW).score(NOTHING, now=bad)

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.als import AlsSettings
from recommender.features import TASTE, quality
from recommender.fitting import snapshot
from recommender.interactions import Interactions, Items
from recommender.model import DEFAULT_WEIGHTS, FEATURES, Settings
from recommender.pool import Scores
from recommender.popularity import DAY_S
from recommender.ranking import explain, introduce, score, similar, top
from tests.recommender.communities import NOW, catalogue, community, events, joined, of_member

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
LATER = NOW + 60


def test_a_cold_guild_is_served_what_is_used_now_and_then_what_is_new() -> None:
    items = Items(np.array([1, 2, 3, 4]), NOW - np.array([400, 400, 2, 300]) * DAY_S)
    ages_days = np.array([0.1, 0.5, 1, 2, 60, 61])
    fresh = events(range(6), [1, 1, 1, 1, 2, 2], NOW - ages_days * DAY_S)
    served = score(None, NOTHING, fresh, items, now=NOW)
    assert top(served, 2).tolist() == [1, 3]
    np.testing.assert_allclose(served.total, served.parts.sum(1))
    assert not served.parts[:, TASTE].any()


def test_an_empty_guild_is_served_the_newest() -> None:
    served = score(None, NOTHING, NOTHING, catalogue(5), now=NOW)
    assert top(served, 5).tolist() == [0, 1, 2, 3, 4]  # 0 is the youngest of the catalogue


def test_nothing_to_choose_from_is_an_empty_list() -> None:
    none = Items(np.empty(0, np.int64), np.empty(0))
    for model in (None, MODEL):
        served = score(model, of_member(DATA, 1), NOTHING, none, now=NOW)
        assert served.parts.shape == (0, len(FEATURES)) and len(top(served, 10)) == 0
    assert similar(MODEL, 3, none).shape == (0,)


def test_one_more_event_changes_the_answer() -> None:
    own = of_member(DATA, 0)
    before = score(MODEL, own, NOTHING, ITEMS, now=LATER)
    opened = events([0], [int(top(before, 1)[0]) ^ 1], [LATER])  # of the other taste
    grown = joined(own, opened)
    after = score(MODEL, grown, opened, ITEMS, now=LATER)
    seen = grown.items
    assert top(before, 40, seen).tolist() != top(after, 40, seen).tolist()


def test_a_member_without_history_gets_no_taste() -> None:
    served = score(MODEL, NOTHING, NOTHING, ITEMS, now=LATER)
    assert not served.parts[:, TASTE].any() and np.isfinite(served.total).all()


def test_a_member_who_only_dismissed_gets_no_taste() -> None:
    served = score(MODEL, events([1], [5], [NOW], [-1]), NOTHING, ITEMS, now=LATER)
    assert not served.parts[:, TASTE].any()


def test_an_item_added_after_the_refit_competes_by_use_and_age() -> None:
    items = Items(np.append(ITEMS.ids, 999), np.append(ITEMS.published, NOW))
    fresh = events(range(9), [999] * 9, [NOW + 1] * 9)
    served = score(MODEL, of_member(DATA, 1), fresh, items, now=LATER)
    assert served.parts[-1, TASTE] == 0
    assert top(served, 1).tolist() == [999]


def test_one_member_cannot_push_an_item_by_coming_back() -> None:
    once = score(None, NOTHING, events([1], [3], [NOW]), ITEMS, now=LATER)
    often = score(None, NOTHING, events([1] * 50, [3] * 50, [NOW] * 50), ITEMS, now=LATER)
    assert once.total.tobytes() == often.total.tobytes()


def test_a_dismissal_does_not_lower_an_item_for_others() -> None:
    plain = score(MODEL, NOTHING, NOTHING, ITEMS, now=LATER)
    after = score(MODEL, NOTHING, events([1], [3], [NOW], [-1]), ITEMS, now=LATER)
    assert plain.total.tobytes() == after.total.tobytes()


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(60)), st.randoms(use_true_random=False))
def test_orders_of_input_do_not_matter(order: list[int], shuffler: Random) -> None:
    own, fresh = of_member(DATA, 2), DATA.take(slice(0, 50))
    mixed_own, mixed_fresh = list(range(len(own))), list(range(50))
    shuffler.shuffle(mixed_own)
    shuffler.shuffle(mixed_fresh)
    plain = score(MODEL, own, fresh, ITEMS, now=LATER)
    mixed = score(
        MODEL,
        own.take(np.array(mixed_own)),
        fresh.take(np.array(mixed_fresh)),
        ITEMS.take(np.array(order)),
        now=LATER,
    )
    np.testing.assert_allclose(mixed.total, plain.total[order], rtol=1e-9)
    assert top(plain, 10).tolist() == top(mixed, 10).tolist()


def test_narrowing_the_candidates_keeps_their_order() -> None:
    own, few = of_member(DATA, 2), ITEMS.take(np.arange(0, 60, 7))
    whole = score(MODEL, own, NOTHING, ITEMS, now=LATER)
    narrow = score(MODEL, own, NOTHING, few, now=LATER)
    np.testing.assert_allclose(narrow.total, whole.total[::7])


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0]), max_size=12), st.integers(-1, 14))
def test_the_top_is_sorted_cut_free_of_the_excluded_and_ties_go_by_id(
    totals: list[float], k: int
) -> None:
    ids = np.arange(len(totals))[::-1].astype(np.int64)
    nothing = np.zeros((len(totals), len(FEATURES)))
    at = np.arange(len(totals))
    scores = Scores(
        ids=ids,
        total=np.array(totals),
        features=nothing,
        weights=np.ones(len(FEATURES)),
        at=at,
        deviations=np.ones(3),
        now=NOW,
    )
    excluded = np.array([1, 5], np.int64)
    wanted = sorted((-t, int(i)) for t, i in zip(totals, ids, strict=True) if i not in (1, 5))
    assert top(scores, k, excluded).tolist() == [i for _, i in wanted][: max(0, k)]


def test_similar_items_are_of_the_same_taste() -> None:
    cosines = similar(MODEL, 4, ITEMS)
    assert cosines[4] == pytest.approx(1) and np.abs(cosines).max() <= 1
    nearest = ITEMS.ids[np.argsort(-cosines)[:15]]
    assert np.mean(nearest % 2 == 0) > 0.85


def test_nothing_is_similar_to_an_unknown_item_or_without_a_model() -> None:
    assert not similar(MODEL, 12_345, ITEMS).any()
    assert not similar(None, 4, ITEMS).any()


def test_nothing_is_similar_to_an_item_that_nobody_touched() -> None:
    items = Items(np.append(ITEMS.ids, 999), np.append(ITEMS.published, NOW - 9))
    model = snapshot(
        DATA,
        items,
        as_of=NOW,
        settings=Settings(AlsSettings(n_factors=8)),
        weights=DEFAULT_WEIGHTS,
        seed=1,
    )
    assert not similar(model, 999, items).any()
    assert similar(model, 4, items)[-1] == 0


def test_a_reason_names_history_items_of_the_same_taste() -> None:
    own = events([99] * 3, [0, 2, 1], [NOW - 3, NOW - 2, NOW - 1], [3, 1, 1])
    served = score(MODEL, own, NOTHING, ITEMS, now=LATER)
    why = explain(MODEL, own, served, 8)
    assert why.because[0][0] in (0, 2)
    assert sum(share for _, share in why.because) <= 1 + 1e-9
    assert [s for _, s in why.because] == sorted((s for _, s in why.because), reverse=True)
    assert len(explain(MODEL, own, served, 8, n_items=1).because) == 1


def test_what_is_new_or_in_use_is_said_to_be_that() -> None:
    items = Items(np.append(ITEMS.ids, [998, 999]), np.append(ITEMS.published, [NOW, NOW - 9e6]))
    fresh = events(range(30), [999] * 30, [NOW] * 30)
    served = score(MODEL, of_member(DATA, 1), fresh, items, now=LATER)
    assert explain(MODEL, of_member(DATA, 1), served, 998).lead == "newness"
    assert explain(MODEL, of_member(DATA, 1), served, 999).lead == "popularity"
    assert explain(None, NOTHING, served, 999).because == ()


def test_a_reason_for_an_item_that_was_not_scored_is_refused() -> None:
    served = score(None, NOTHING, NOTHING, ITEMS, now=NOW)
    with pytest.raises(ValueError, match="was not scored"):
        explain(None, NOTHING, served, 12_345)


def test_a_history_of_two_members_is_refused() -> None:
    with pytest.raises(ValueError, match="one member"):
        score(MODEL, DATA, NOTHING, ITEMS, now=NOW)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_moment_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        score(None, NOTHING, NOTHING, ITEMS, now=bad)


LISTS = st.lists(st.integers(0, 20), unique=True, max_size=6)


@given(
    LISTS,
    st.lists(st.integers(10, 40), unique=True, max_size=10),
    st.floats(0, 1),
    st.integers(0, 99),
)
def test_only_the_last_place_is_given_to_a_newcomer_and_its_chance_is_told(
    chosen: list[int], newcomers: list[int], share: float, seed: int
) -> None:
    own, new = np.array(chosen, np.int64), np.array(newcomers, np.int64)
    shown, chances = introduce(own, new, np.random.default_rng(seed), share=share)
    assert shown[:-1].tolist() == chosen[:-1] and len(shown) == len(set(shown.tolist()))
    assert ((chances > 0) & (chances <= 1)).all() and (chances[:-1] == 1).all()
    waiting = set(newcomers) - set(chosen)
    if shown.tolist() != chosen:
        assert len(chosen) > 1 and shown[-1] in waiting
        assert chances[-1] == pytest.approx(share / len(waiting))


def test_newcomers_come_as_often_as_stated_and_none_is_forgotten() -> None:
    rng, met = np.random.default_rng(5), np.zeros(8)
    own, new = np.arange(100, 105), np.arange(8)
    for _ in range(4_000):
        shown, _ = introduce(own, new, rng, share=0.2)
        if shown[-1] < 8:
            met[shown[-1]] += 1
    assert met.sum() / 4_000 == pytest.approx(0.2, abs=0.02)
    assert met.min() > 60  # of 100 expected


def test_the_reasons_of_all_views_add_up_to_what_the_views_say() -> None:
    own = of_member(DATA, 4)
    model = replace(MODEL, weights=np.where(np.arange(len(FEATURES)) >= TASTE, 1.0, 0.0))
    found = score(model, own, NOTHING, ITEMS, now=LATER)
    positive = int(found.ids[np.argmax(found.total)])
    reason = explain(model, own, found, positive, n_items=100)
    shares = dict(reason.because)
    assert sum(shares.values()) == pytest.approx(1) and min(shares.values()) > 0
    assert set(shares) <= set(own.items.tolist())


def test_members_who_save_and_like_lift_what_they_met_and_dismissals_lower_it() -> None:
    rows, weights = [0, 0, 1, 1, 2, 2], [3.0, 3.0, 1.0, 1.0, -1.0, 1.0]
    found = quality(np.array(rows), np.array(weights, np.float32), 4)
    assert found[0] > found[1] > found[2] and found[3] == 0
    assert not quality(np.empty(0, np.int64), np.empty(0, np.float32), 4).any()
    flat = quality(np.array([0, 1]), np.array([2, 2], np.float32), 4)
    np.testing.assert_allclose(flat, 0, atol=1e-6)

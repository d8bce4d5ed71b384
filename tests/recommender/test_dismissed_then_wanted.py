import numpy as np

from recommender.interactions import Interactions, Items
from recommender.training import train


def test_members_who_dismissed_and_later_wanted_the_same_do_not_break_a_refit() -> None:
    rng = np.random.default_rng(0)
    n = 900
    data = Interactions(
        members=rng.integers(0, 30, n),
        items=rng.integers(0, 60, n),
        weights=np.where(rng.random(n) < 0.2, -1, 1).astype(np.float32),
        times=np.sort(rng.uniform(0, 1e6, n)),
    )
    items = Items(np.arange(60, dtype=np.int64), np.full(60, -1.0))
    assert train(data, items, now=2e6, seed=0).reason in {
        "accepted",
        "too_few_data",
        "worse_than_popularity",
    }

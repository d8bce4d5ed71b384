"""Real people: a slice of the Deskdrop benchmark, small enough for every run."""

from types import ModuleType

import numpy as np
import pytest

from recommender.evaluation import accuracy
from recommender.interactions import Interactions, Items
from recommender.popularity import DAY_S
from tests.recommender.communities import DESKDROP, benchmark, needs_deskdrop


@pytest.fixture(scope="module")
def deskdrop() -> ModuleType:
    return benchmark()


@pytest.fixture(scope="module")
def imported(deskdrop: ModuleType) -> tuple[Interactions, Items]:
    data: tuple[Interactions, Items] = deskdrop.load(DESKDROP)
    return data


@pytest.mark.slow
@needs_deskdrop
def test_what_the_bot_serves_beats_popularity_on_real_people(
    deskdrop: ModuleType, imported: tuple[Interactions, Items]
) -> None:
    data, items = imported
    early = data.in_order().take(slice(0, 30_000))
    outcome = deskdrop.prequential(
        early, items, share=0.1, refit_every_s=3 * DAY_S, train_every_s=30 * DAY_S
    )
    found = {name: accuracy(ranks) for name, ranks in outcome.ranks.items()}
    served = found.pop("what the bot serves")
    assert served.n > 1_000 and outcome.refits.n_accepted > 0
    for name, baseline in found.items():
        assert served.ndcg > 1.15 * baseline.ndcg, name
        assert served.hit_rate > 1.1 * baseline.hit_rate, name
    assert np.isfinite(served.ndcg)


@needs_deskdrop
def test_the_protocol_predicts_and_skips_as_many_as_published(
    deskdrop: ModuleType, imported: tuple[Interactions, Items]
) -> None:
    data, items = imported
    line = deskdrop.timeline(data, items)
    start = int(np.searchsorted(line.events.times, np.quantile(line.events.times, 0.8)))
    n_predictions = len(line.predictable(start, len(data)))
    assert (n_predictions, *deskdrop.skipped(line, start)) == deskdrop.EXPECTED

"""Chances of being opened: learned where there is something to learn from, else the prior's."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recommender import calibration
from recommender.calibration import PRIOR, Showings


def showings(n: int, *, base: float = -3.0, slope: float = 0.8, seed: int = 0) -> Showings:
    rng = np.random.default_rng(seed)
    members = rng.integers(0, 60, n)
    scores, positions = rng.normal(1, 1.5, n), rng.integers(1, 6, n)
    line = base + slope * scores - 0.9 * np.log(positions) + rng.normal(0, 0.8, 60)[members]
    opened = rng.random(n) < 1 / (1 + np.exp(-line))
    return Showings(
        members=members,
        scores=scores,
        positions=positions,
        is_digest=rng.random(n) < 0.5,
        opened=opened,
    )


def test_what_is_learned_is_nearer_the_truth_than_the_prior() -> None:
    found = calibration.learn(showings(8_000))
    assert found is not None
    assert found.check.error < 0.025 < found.error_before
    assert (found.n_shown, found.n_members) == (8_000, 60)
    assert len(found.calibration.knots) > 3


def test_the_place_is_taken_out() -> None:
    shown = showings(8_000)
    found = calibration.learn(shown)
    assert found is not None
    first = calibration.features(shown, found.calibration.mean)
    first[:, 1] = 0
    truth = 1 / (1 + np.exp(-(-3.0 + 0.8 * shown.scores)))
    assert abs(found.calibration.at(first).mean() - truth.mean()) < 0.03


def test_few_showings_stay_near_the_prior_and_fewer_say_nothing() -> None:
    few = calibration.learn(showings(60))
    assert few is not None
    at = few.calibration.chance(np.array([0.0, 2.0]), 0, 0)
    assert (np.abs(at - PRIOR.chance(np.array([0.0, 2.0]), 0, 0)) < 0.1).all()
    assert calibration.learn(showings(20)) is None
    lonely = showings(500)
    nobody = replace(lonely, members=np.zeros(500, np.int64))
    assert calibration.learn(nobody) is None


@pytest.mark.parametrize("is_opened", [True, False])
def test_a_community_that_opens_all_or_nothing_has_chances_all_the_same(is_opened: bool) -> None:
    shown = showings(400)
    flat = replace(shown, opened=np.full(400, is_opened))
    found = calibration.learn(flat)
    assert found is not None
    (chance,) = found.calibration.chance(np.array([1.0]), 20, 20.0 * is_opened)
    assert chance > 0.8 if is_opened else chance < 0.06


def test_who_opens_more_is_likelier_to_open() -> None:
    chances = [PRIOR.chance(np.array([1.0]), 30, n)[0] for n in (0, 3, 15)]
    assert chances == sorted(chances)
    assert chances[0] < chances[2]


def test_it_is_kept_as_json_and_what_cannot_be_read_is_the_prior() -> None:
    found = calibration.learn(showings(3_000))
    assert found is not None
    kept = calibration.unpacked(json.loads(json.dumps(found.calibration.packed())))
    at = np.array([-1.0, 0.0, 3.0])
    assert np.allclose(kept.chance(at, 5, 1), found.calibration.chance(at, 5, 1))
    others: list[Any] = [None, {}, {"intercept": "x"}, []]
    for broken in (*others, found.calibration.packed() | {"weights": [1]}):
        assert calibration.unpacked(broken) is PRIOR


def test_a_lift_compares_with_the_average_candidate() -> None:
    assert np.allclose(calibration.lift(np.zeros(7)), 0)
    found = calibration.lift(np.log(np.array([1.0, 3.0])))
    assert np.allclose(np.exp(found), [0.5, 1.5])
    assert np.allclose(calibration.lift(np.log(np.array([1.0, 3.0])) + 900), found)
    assert len(calibration.lift(np.empty(0))) == 0

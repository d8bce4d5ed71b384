import numpy as np
import pytest
from numpy.typing import NDArray

from recommender import blend
from recommender.blend import Choice

TRUTH = np.array([1.5, -0.8, 0.4])


def choices(seed: int, n: int, n_candidates: int) -> list[Choice]:
    """Return decisions made by the softmax itself; the sample is drawn as in training."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(n):
        features = rng.normal(size=(n_candidates, len(TRUTH)))
        noise = rng.gumbel(
            size=n_candidates
        )  # the largest of score + Gumbel noise is a softmax draw
        chosen = int(np.argmax(features @ TRUTH + noise))
        rows, offsets = blend.sample(features @ (TRUTH * 0.5), chosen, rng)
        made.append(Choice(features[rows], offsets))
    return made


@pytest.mark.parametrize("n_candidates", [5, 40, 1_500])
def test_planted_weights_are_recovered(n_candidates: int) -> None:
    learned = blend.learn(choices(1, 3_000, n_candidates), np.zeros(3))
    np.testing.assert_allclose(learned, TRUTH, atol=0.12)


def test_without_choices_the_prior_serves() -> None:
    prior = np.array([0.5, 0.1])
    assert blend.learn([], prior).tolist() == prior.tolist()


def test_little_data_stays_near_the_prior() -> None:
    few, many = (
        np.linalg.norm(blend.learn(choices(2, n, 20), np.zeros(3)) - TRUTH) for n in (3, 1_000)
    )
    assert many < 0.2 < few
    assert np.linalg.norm(blend.learn(choices(2, 3, 20), np.zeros(3))) < 1


def test_a_weight_may_be_held_at_zero() -> None:
    made = choices(3, 400, 20)
    assert blend.learn(made, np.zeros(3))[1] < -0.5
    held = blend.learn(made, np.zeros(3), not_below_zero=[1])
    assert held[1] == 0 and held[0] > 1


def test_the_learned_weights_have_no_slope_left() -> None:
    made = choices(4, 200, 30)
    prior = np.array([0.3, 0.0, 0.0])
    weights = blend.learn(made, prior)

    def value(w: NDArray[np.float64]) -> float:
        penalty = blend.PRIOR_STRENGTH / 2 * float(((w - prior) ** 2).sum())
        return blend.loss(made, w) * len(made) + penalty

    for direction in np.eye(3):
        slope = (value(weights + 1e-4 * direction) - value(weights - 1e-4 * direction)) / 2e-4
        assert abs(slope) < 1e-2


def test_features_that_always_agree_do_not_break_the_fit() -> None:
    same = [Choice(np.ones((4, 2)), np.zeros(4)) for _ in range(10)]
    assert blend.learn(same, np.array([0.5, -0.5])).tolist() == [0.5, -0.5]
    alone = [Choice(np.ones((1, 2)), np.zeros(1))]
    assert blend.learn(alone, np.array([0.5, -0.5])).tolist() == [0.5, -0.5]


def test_the_sample_holds_the_chosen_the_likeliest_and_some_others_once() -> None:
    guess = np.arange(1_000.0)
    rows, offsets = blend.sample(guess, 10, np.random.default_rng(0))
    assert rows[0] == 10 and len(set(rows.tolist())) == len(rows) == 201
    assert set(rows[1:101].tolist()) == set(range(900, 1_000))
    assert np.exp(offsets).sum() == pytest.approx(1_000)

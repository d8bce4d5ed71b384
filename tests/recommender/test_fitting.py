"""From events and texts to a snapshot, and what a snapshot learns of newer resources."""

import numpy as np
import pytest

from recommender.als import AlsSettings
from recommender.context import Context
from recommender.features import CONTENT, FILTER, TASTE
from recommender.fitting import extend, fallback, snapshot
from recommender.interactions import Interactions, Items
from recommender.model import DEFAULT_WEIGHTS, FALLBACK_WEIGHTS, Model, Settings
from recommender.ranking import score, top
from tests.recommender.communities import NOW, community, events, of_member

VOCABULARIES = [
    "rose soil seed bloom prune mulch shade hedge lawn pollen 玫瑰 土壤 种子 花园 修剪".split(),
    "orbit thrust stage fuel launch probe lander nozzle crew dock 火箭 轨道 推力 发射 飞船".split(),
]
DATA, ITEMS = community(n_members=60, n_items=80, n_events=2_400)


def words(number: int, subject: int) -> str:
    """Return three words of a subject; each is in less than a tenth of all texts."""
    drawn = np.random.default_rng(number).choice(VOCABULARIES[subject], 3, replace=False)
    return " ".join(drawn.tolist())


TEXTS = tuple(words(i, i % 2) for i in range(80))
TAGS = tuple((words(i, i % 2).split()[0],) for i in range(80))
NOTHING = Interactions.empty()


def fit(items: Items = ITEMS, context: Context | None = None, second: str = "filter") -> Model:
    settings = Settings(AlsSettings(n_factors=8), second)  # type: ignore[arg-type]
    return snapshot(
        DATA,
        items,
        as_of=NOW,
        settings=settings,
        weights=DEFAULT_WEIGHTS,
        seed=1,
        context=context or Context(texts=TEXTS, tags=TAGS),
    )


def grown() -> tuple[Items, Context]:
    """Return the catalogue with two resources more, one of each taste, of ids 500 and 501."""
    items = Items(np.append(ITEMS.ids, [500, 501]), np.append(ITEMS.published, [NOW, NOW]))
    levels = np.append(np.zeros(80, np.int64), [1, 2])
    texts = (*TEXTS, words(500, 0), words(501, 1))
    return items, Context(texts, (*TAGS, (), ()), levels)


@pytest.mark.parametrize("second", ["filter", "ease"])
def test_all_three_views_know_a_members_taste(second: str) -> None:
    model = fit(second=second)
    for member in range(4):
        own = of_member(DATA, member)
        found = score(model, own, NOTHING, ITEMS, now=NOW)
        for view in (TASTE, FILTER, CONTENT):
            liked = found.ids[np.argsort(-found.parts[:, view])[:10]]
            assert np.mean(liked % 2 == member % 2) >= 0.9, (second, view)


def test_a_resource_that_nobody_touched_is_known_by_its_text() -> None:
    items, context = grown()
    model = fit(items, context)
    for member in range(4):
        found = score(model, of_member(DATA, member), NOTHING, items, now=NOW)
        new = {int(i): found.parts[found.ids == i][0] for i in (500, 501)}
        own, other = new[500 + member % 2], new[501 - member % 2]
        assert own[TASTE] > other[TASTE] and own[CONTENT] > other[CONTENT]
        assert own[FILTER] == other[FILTER] == 0


def test_an_extended_model_is_what_a_fit_with_the_resource_would_know_of_its_text() -> None:
    items, context = grown()
    model = extend(fit(), items, now=NOW, context=context)
    again = fit(items, context)
    assert model.ids.tolist() == again.ids.tolist()
    for name in ("indptr", "indices", "values"):
        assert np.array_equal(getattr(model.content, name), getattr(again.content, name))
    np.testing.assert_allclose(model.factors.rows[:80], fit().factors.rows)
    for member in range(4):
        found = score(model, of_member(DATA, member), NOTHING, items, now=NOW)
        new = {int(i): found.parts[found.ids == i][0] for i in (500, 501)}
        assert new[500 + member % 2][TASTE] > new[501 - member % 2][TASTE]
    assert model.levels[-2:].tolist() == [1, 2]
    assert Model.from_arrays(model.to_arrays()).ids.tolist() == model.ids.tolist()


def test_extending_by_nothing_changes_no_score() -> None:
    model = fit()
    again = extend(model, ITEMS, now=NOW, context=Context(texts=TEXTS, tags=TAGS))
    own = of_member(DATA, 3)
    before, after = (score(m, own, NOTHING, ITEMS, now=NOW).total for m in (model, again))
    assert before.tobytes() == after.tobytes()


def test_a_catalogue_in_another_order_gives_the_same_model() -> None:
    order = np.random.default_rng(2).permutation(80)
    shuffled = Context(tuple(TEXTS[i] for i in order), tuple(TAGS[i] for i in order))
    plain, mixed = fit(), fit(ITEMS.take(order), shuffled)
    for name, array in plain.to_arrays().items():
        assert mixed.to_arrays()[name].tobytes() == array.tobytes(), name


def test_the_fallback_knows_texts_and_no_behaviour() -> None:
    items, context = grown()
    model = fallback(items, as_of=NOW, context=context)
    assert model.weights is FALLBACK_WEIGHTS and not model.weights[[TASTE, FILTER]].any()
    own = events([1], [2], [NOW - 60])
    found = score(model, own, own, items, now=NOW)
    listed = top(found, 10, exclude=own.items)
    assert 500 in listed[:3]  # new, and about what was opened
    stranger = score(model, NOTHING, NOTHING, items, now=NOW)
    assert not stranger.parts[:, CONTENT].any()


def test_an_empty_catalogue_makes_an_empty_fallback() -> None:
    none = Items(np.empty(0, np.int64), np.empty(0))
    assert len(fallback(none, as_of=NOW, context=Context()).ids) == 0


def test_texts_of_resources_not_yet_published_are_not_known() -> None:
    items, context = grown()
    early = Items(items.ids, np.where(items.ids >= 500, NOW + 10, items.published))
    assert 500 not in fit(early, context).ids

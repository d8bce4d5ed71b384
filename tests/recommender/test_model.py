import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import als
from recommender.context import Context
from recommender.fitting import snapshot
from recommender.model import DEFAULT_WEIGHTS, FEATURES, Model, Settings
from tests.recommender.communities import NOW, community

DATA, ITEMS = community(n_members=10, n_items=20, n_events=150)
CONTEXT = Context(texts=tuple(f"words {i % 3} of {i % 4} kinds" for i in range(20)))
MODEL = snapshot(
    DATA,
    ITEMS,
    as_of=NOW,
    settings=Settings(als.AlsSettings(n_factors=4)),
    weights=DEFAULT_WEIGHTS,
    seed=1,
    context=CONTEXT,
)


def test_a_snapshot_survives_the_way_to_arrays_and_back() -> None:
    again = Model.from_arrays(MODEL.to_arrays())
    assert again.settings == MODEL.settings and again.as_of == MODEL.as_of
    for name, array in MODEL.to_arrays().items():
        assert again.to_arrays()[name].tobytes() == array.tobytes()
        assert array.dtype.kind in "if"


@pytest.mark.parametrize("name", sorted(MODEL.to_arrays()))
def test_a_missing_array_is_named(name: str) -> None:
    arrays = MODEL.to_arrays()
    del arrays[name]
    with pytest.raises(ValueError, match=name):
        Model.from_arrays(arrays)


@pytest.mark.parametrize("name", sorted(MODEL.to_arrays()))
def test_an_array_of_another_shape_or_type_is_refused(name: str) -> None:
    arrays = MODEL.to_arrays()
    for bad in (arrays[name][..., None], arrays[name].astype(np.complex64), arrays[name][:0]):
        with pytest.raises(ValueError, match="snapshot"):
            Model.from_arrays({**arrays, name: bad})


@pytest.mark.parametrize("name", ["factors", "spectrum", "counts", "as_of", "weights", "strengths"])
@settings(deadline=None, max_examples=10)
@given(st.data())
def test_a_number_that_is_not_finite_is_refused(name: str, data: st.DataObject) -> None:
    array = MODEL.to_arrays()[name].copy()
    array.reshape(-1)[data.draw(st.integers(0, array.size - 1))] = data.draw(
        st.sampled_from([np.nan, np.inf])
    )
    with pytest.raises(ValueError, match="not finite"):
        Model.from_arrays({**MODEL.to_arrays(), name: array})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ids", -1),
        ("counts", -1),
        ("filter_indices", -1),
        ("content_indptr", 2),
        ("spectrum", -1),
        ("format", 2),
        ("sizes", 0),
        ("strengths", 0),
    ],
)
def test_values_that_cannot_be_are_refused(name: str, change: int) -> None:
    arrays = MODEL.to_arrays()
    with pytest.raises(ValueError, match=r"snapshot|must be"):
        Model.from_arrays({**arrays, name: arrays[name] * change})


def test_every_feature_has_a_default_weight() -> None:
    assert len(FEATURES) == len(DEFAULT_WEIGHTS) == len(set(FEATURES))

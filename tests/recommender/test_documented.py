"""The figures in the READMEs are those of docs/recommender.md."""

import re
import runpy
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommender import als
from recommender.model import FEATURES
from tests.recommender.communities import ROOT

TABLE = re.compile(r"<!-- figures:begin -->\n(.*?)\n<!-- figures:end -->", re.S)
SHOWN = ("popularity, all time", "popularity, 2 days", "what the bot serves")


def rows(name: str) -> list[list[str]]:
    tables = TABLE.findall((ROOT / name).read_text("utf-8"))
    assert len(tables) == 1, name
    lines = tables[0].replace("*", "").splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_the_figures_of_the_recommenders_page(name: str) -> None:
    documented = {row[0]: row[1].split(" / ") for row in rows("docs/recommender.md")}
    shown = [[cell.removeprefix("0") for cell in row[1:]] for row in rows(name)]
    assert shown == [documented[ranking] for ranking in SHOWN]


def test_every_feature_is_explained() -> None:
    text = (ROOT / "docs/recommender.md").read_text("utf-8")
    for feature in FEATURES:
        stem, _, rest = feature.partition("_")
        assert f"`{feature}`" in text or (f"`{stem}_12h`" in text and f"`_{rest}`" in text), feature


PAGE = (ROOT / "docs/recommender.md").read_text("utf-8")
EXAMPLE = PAGE[PAGE.index("## The worked example") :]
U = np.array([[1.0, 0.5], [0.0, 1.5], [1.0, -0.5]])
V = np.array([[0.8, 0.6], [-0.4, -0.2], [0.6, -0.4]])


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    """What the code printed on the page defines."""
    between = re.search(r"<!-- printed:begin -->\n```python\n(.*?)```", EXAMPLE, re.S)
    source = (ROOT / "benchmarks/worked_example.py").read_text("utf-8")
    assert between and between[1].strip() in source
    return runpy.run_path(str(ROOT / "benchmarks/worked_example.py"))


def test_the_printed_factors_do_what_the_page_says_of_them(example: dict[str, Any]) -> None:
    r, product = example["R"], U @ V.T
    assert np.linalg.matrix_rank(r) == 2
    np.testing.assert_allclose(np.linalg.svd(r)[1], [2, 2, 0], atol=1e-12)
    for row in product:
        assert " ".join(f"{cell:4.1f}".replace("-", "−") for cell in row).strip() in EXAMPLE
    assert f"error of {np.linalg.norm(r - product):.2f}" in EXAMPLE
    assert f"the {np.linalg.norm(r):.2f} of predicting 0" in EXAMPLE
    assert product[0, 2] == pytest.approx(0.4)
    assert U[0] @ V[:2, 0] == pytest.approx(0.6)  # the printed sum: down a column of V
    with pytest.raises(ValueError, match="mismatch"):
        _ = U @ V
    assert (U * V).shape != r.shape


@pytest.mark.parametrize("seed", range(5))
def test_both_methods_reach_error_zero_without_regularization(
    example: dict[str, Any], seed: int
) -> None:
    r = example["R"]
    for method, arguments in (
        ("gradient_descent", (800, 0.05)),
        ("alternating_least_squares", (1,)),
    ):
        u, v, errors = example[method](r, 2, *arguments, seed)
        np.testing.assert_allclose(u @ v.T, r, atol=1e-12)
        assert errors[0] > 1 and errors[-1] < 1e-12
    assert example["gradient_descent"](r, 2, 450, 0.05, seed)[2][-1] < 1e-11


def test_zeros_are_not_ratings_by_the_numbers_of_the_page(example: dict[str, Any]) -> None:
    r = example["R"].copy()
    r[0, 2] = 0
    left, sizes, right = np.linalg.svd(r)
    torn = (left[:, :2] * sizes[:2]) @ right[:2]
    own = als.AlsSettings(2, unobserved=0.05, regularization=0.05, n_sweeps=100)
    cells = csr_array(r.astype(np.float32))
    fitted = als.fit(cells, own, seed=0)
    faint = als.fold_in_all(fitted, cells, own) @ fitted.rows.T
    rows = [line.split("|")[2:4] for line in EXAMPLE.splitlines() if re.match(r"\| (l|`als)", line)]
    shown = [[float(cell.replace("−", "-")) for cell in row] for row in rows]
    wanted = [[torn[0, 2], torn[0, 1]], [faint[0, 2], faint[0, 1]]]
    np.testing.assert_allclose(shown, wanted, atol=0.0051)

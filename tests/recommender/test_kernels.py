"""The compiled kernel: its steps beside dense algebra, and where it is imported and cached."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender import kernels
from tests.recommender.communities import ROOT

FIT = """
import numpy as np
from scipy.sparse import csr_array
from recommender import als
cells = csr_array(np.eye(4, dtype=np.float32))
print(als.fit(cells, als.AlsSettings(2), seed=0).rows.tobytes().hex())
"""


def python(code: str, folder: Path = ROOT, **kwargs: Any) -> str:
    environment = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(folder)} | kwargs.pop("env", {}),
        capture_output=True,
        text=True,
        **kwargs,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_serving_does_not_import_numba() -> None:
    names = "als, blend, context, evaluation, features, model, neighbours, pool, ranking"
    said = python(f"import sys; from recommender import {names}; print('numba' in sys.modules)")
    assert said == "False"


def test_the_process_of_the_bot_imports_neither_numba_nor_scikit_learn() -> None:
    heavy = "{'numba', 'sklearn'} & set(sys.modules)"
    assert python(f"import sys; import bot.run, bot.app; print({heavy})") == "set()"


def system(
    y: NDArray[np.float32], which: list[int], weights: list[float], diagonal: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, w = y[which].astype(np.float64), np.array(weights)
    a = np.diag(diagonal.astype(np.float64)) + rows.T @ (rows * np.abs(w)[:, None])
    return a, rows.T @ np.maximum(w, 0)


@pytest.mark.parametrize("k", [1, 3, 16, 33])
@pytest.mark.parametrize("n", [7, 8, 9, 10, 11, 17])
def test_a_step_is_that_of_preconditioned_conjugate_gradients(k: int, n: int) -> None:
    rng = np.random.default_rng(n)
    y = rng.normal(size=(20, k)).astype(np.float32)
    which = rng.permutation(20)[:n].tolist()
    weights = [1.0, *rng.choice([1.0, 2.0, -1.0], n - 1).tolist()]
    spectrum = rng.random(k).astype(np.float32)
    start = rng.normal(size=(1, k)).astype(np.float32)
    cells = (np.array([0, n]), np.array(which, np.int32), np.array(weights, np.float32))
    a, b = system(y, which, weights, spectrum + np.float32(0.5))
    x = start[0].astype(np.float64)
    r = b - a @ x
    d = z = r / np.diag(a)
    for n_steps in range(4):
        solved = start.copy()
        penalty = np.array([0.5], np.float32)
        kernels.solve(cells, y, spectrum, penalty, solved, n_steps=n_steps)
        np.testing.assert_allclose(solved[0], x, rtol=1e-3, atol=1e-3)
        length = (r @ z) / max(d @ a @ d, 1e-300)
        x, before = x + length * d, r @ z
        r = r - length * a @ d
        z = r / np.diag(a)
        d = z + (r @ z) / max(before, 1e-300) * d


@pytest.mark.parametrize("k", [1, 3, 16, 33])
@pytest.mark.parametrize("n", range(1, kernels.N_SHORT + 1))
def test_a_short_row_is_solved_exactly(k: int, n: int) -> None:
    rng = np.random.default_rng(n)
    y = rng.normal(size=(20, k)).astype(np.float32)
    which = rng.permutation(20)[:n].tolist()
    weights = [1.0, *rng.choice([1.0, 20.0, -1.0], n - 1).tolist()]
    spectrum = rng.random(k).astype(np.float32)
    cells = (np.array([0, n]), np.array(which, np.int32), np.array(weights, np.float32))
    x = rng.normal(size=(1, k)).astype(np.float32)
    kernels.solve(cells, y, spectrum, np.array([0.5], np.float32), x, n_steps=0)
    exact = np.linalg.solve(*system(y, which, weights, spectrum + np.float32(0.5)))
    np.testing.assert_allclose(x[0], exact, rtol=1e-3, atol=1e-4)


def test_without_a_place_for_the_cache_it_compiles_and_gives_the_same(tmp_path: Path) -> None:
    package = tmp_path / "recommender"
    package.mkdir()
    for path in (ROOT / "recommender").glob("*.py"):
        (package / path.name).write_bytes(path.read_bytes())
    (package / "__pycache__").write_text("not a directory")
    home = tmp_path / "home"
    home.write_text("not a directory")
    nowhere = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    assert python(FIT, tmp_path, env=nowhere) == python(FIT)
    assert not stat.S_ISDIR((package / "__pycache__").stat().st_mode)
    elsewhere = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert python(FIT, tmp_path, env=nowhere | elsewhere) == python(FIT)
    assert list((tmp_path / "cache").rglob("*.nbc"))

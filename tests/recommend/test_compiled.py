"""What is compiled before the tests begin is all that a refit calls."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.compiled import ROOT, compile_once
from tests.patience import patient

pytestmark = pytest.mark.slow

# Loops that numba had to compile in this process, for none of that kind was in its cache.
MISSED = """
import sys
from pathlib import Path
from tests.compiled import refit
code = refit(Path(sys.argv[1]))
from recommender import item_kernels, kernels
loops = [each for module in (item_kernels, kernels) for each in vars(module).values()]
loops = [each for each in loops if hasattr(each, "stats")]
assert loops and any(sum(each.stats.cache_hits.values()) for each in loops)
missed = [each.__name__ for each in loops if each.stats.cache_misses]
sys.exit(code or ", ".join(missed) or 0)
"""


def test_a_refit_finds_every_loop_compiled(tmp_path: Path) -> None:
    compile_once()
    subprocess.run(
        [sys.executable, "-c", MISSED, str(tmp_path / "lyceum.sqlite3")],
        cwd=ROOT,
        check=True,
        timeout=patient(60),
    )

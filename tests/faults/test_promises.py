"""What documents promise is proved by tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"(tests/[\w/]+\.py)(?:::(\w+))?")


@pytest.mark.parametrize("page", ["reliability.md", "security.md"])
def test_every_promise_names_a_test_that_there_is(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    named = NAMED.findall(text)
    assert len(named) > 20
    for file, test in named:
        source = (ROOT / file).read_text("utf-8")
        assert not test or re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), test
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    assert [row for row in rows[1:] if "tests/" not in row] == []

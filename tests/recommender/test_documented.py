"""The figures in the READMEs are those of docs/recommender.md."""

import re

import pytest

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
    assert [row[1:] for row in rows(name)] == [documented[ranking] for ranking in SHOWN]


def test_every_feature_is_explained() -> None:
    text = (ROOT / "docs/recommender.md").read_text("utf-8")
    for feature in FEATURES:
        stem, _, rest = feature.partition("_")
        assert f"`{feature}`" in text or (f"`{stem}_12h`" in text and f"`_{rest}`" in text), feature

